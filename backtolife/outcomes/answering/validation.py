"""Checking one answer as a patient gives it, with words that help to put it right."""

from __future__ import annotations

from collections.abc import Collection

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.people.numbers import plain


def check_answer(question: Question, value: object) -> int | str:
    """The answer to store, from what a page or an app sent (text or number).

    Raises Invalid, naming the question, when there is no answer or it is not one the question allows; the message is
    for the patient. Skipping is the caller's to allow: it then stores no answer and does not ask this.
    """
    if question.kind == "text":
        return _text(question, value)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Invalid(_nothing(question), field=question.id)
    if question.kind in ("choice", "tick"):
        for option in question.options:
            if type(value) in (int, str) and str(value).strip() == str(option.value):
                return option.value
        raise Invalid("Choose one of the answers shown.", field=question.id)
    return _number(question, value)


def _text(question: Question, value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise Invalid("Write your answer in words.", field=question.id)
    words = (value or "").strip().encode("utf-8", "replace").decode()  # half a character is none
    if "\x00" in words:
        raise Invalid("Your answer contains something we cannot save. Please type it again.", field=question.id)
    if question.longest is not None and len(words) > question.longest:
        over = len(words) - question.longest
        raise Invalid(f"Your answer is too long by {over} characters. Please make it shorter.", field=question.id)
    return words


def _number(question: Question, value: object) -> int:
    low, high = question.minimum or 0, question.maximum or 0
    try:
        words = plain(str(value)) if type(value) in (int, str) else ""  # the digits of any script, as people type them
    except Invalid:
        words = ""
    bare = words.removeprefix("-")
    if len(bare) > 6 or not bare.isascii() or not bare.isdigit():
        raise Invalid(f"Enter a whole number from {low} to {high}, like {(low + high) // 2}.", field=question.id)
    number = int(words)
    if number < low:
        raise Invalid(f"Your number is too low. The lowest you can enter is {low}.", field=question.id)
    if number > high:
        raise Invalid(f"Your number is too high. The highest you can enter is {high}.", field=question.id)
    return number


def _nothing(question: Question) -> str:
    if question.kind == "number":
        return f"Enter a number from {question.minimum} to {question.maximum}."
    if question.kind == "scale":
        return f"Choose a number from {question.minimum} to {question.maximum}."
    return "Choose an answer."


def check_ticks(form: Form, ticked: Collection[str], *, none_of_these: bool) -> dict[str, int | str]:
    """The answers of a tick-list page: each ticked question's id with its value; the others stay unanswered.

    Raises Invalid, for the patient, when nothing was ticked and "none of these" was not either, or when both were.
    With `none_of_these` the caller stores none_apply_confirmed, so that an empty list is a true 0.
    """
    answers = {name: form.question(name).options[0].value for name in ticked}
    if answers and none_of_these:
        raise Invalid(f"You ticked “{form.none_label}” and other lines too. Untick one or the other.")
    if not answers and not none_of_these:
        raise Invalid(f"Tick each line that is true for you. If none is true, tick “{form.none_label}”.")
    return answers
