"""Reading the answers on a page sent without a script: one question, a tick-list, or all questions at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backtolife.errors import Invalid
from backtolife.outcomes.answering.responses import NONE_APPLY
from backtolife.outcomes.answering.saving import Given
from backtolife.outcomes.answering.validation import check_answer, check_ticks
from backtolife.outcomes.catalogue.wording import Form, Question

NONE_FIELD = "none"


@dataclass(frozen=True)
class SentPage:
    """A page as it was sent: the form, the question's number (from 1; 0 means all), the fields."""

    form: Form
    number: int
    fields: Mapping[str, Any]


def field_name(question: Question) -> str:
    return f"q-{question.id}"


def from_page(asked: SentPage, standing: Mapping[str, int | str | None]) -> tuple[list[Given], dict[str, str]]:
    """The answers to save, and what is wrong by question id. An answer that stands and was sent again is left out."""
    if asked.form.layout == "tick_list":
        return from_ticks(asked, standing)
    key = str(asked.fields.get("key", ""))
    given: list[Given] = []
    errors: dict[str, str] = {}
    for question in chosen(asked):
        raw = str(asked.fields.get(field_name(question), ""))
        if question.kind != "text" and not raw.strip():
            if asked.number and not asked.fields.get("skip") and question.id not in standing:
                errors[question.id] = message_for_nothing(question)
            continue
        if raw.strip() != str(
            standing.get(question.id) or "" if question.kind == "text" else standing.get(question.id)
        ):
            given.append(Given(question.id, raw.strip(), f"{key}-{question.id}"))
    return given, errors


def chosen(asked: SentPage) -> tuple[Question, ...]:
    questions = asked.form.questions
    return questions if asked.number == 0 else questions[asked.number - 1 : asked.number]


def message_for_nothing(question: Question) -> str:
    try:
        check_answer(question, None)
    except Invalid as error:
        return f"{error.message} You can also skip this question."
    return ""


def from_ticks(asked: SentPage, standing: Mapping[str, int | str | None]) -> tuple[list[Given], dict[str, str]]:
    """What changed on a tick-list: lines newly ticked, lines whose tick was taken away, “none of these”."""
    key, form = str(asked.fields.get("key", "")), asked.form
    ticked = [question for question in form.questions if asked.fields.get(field_name(question))]
    none_apply = bool(asked.fields.get(NONE_FIELD))
    given = [
        Given(question.id, question.options[0].value if question in ticked else None, f"{key}-{question.id}")
        for question in form.questions
        if (question in ticked) != (question.id in standing)
    ]
    if none_apply != (NONE_APPLY in standing):
        given.append(Given(NONE_APPLY, 1 if none_apply else None, f"{key}-none"))
    try:
        check_ticks(form, [question.id for question in ticked], none_of_these=none_apply)
    except Invalid as error:
        return given, {form.questions[0].id: error.message}
    return given, {}
