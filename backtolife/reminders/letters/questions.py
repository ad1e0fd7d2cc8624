"""That questions are open, and once more when they are late."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from backtolife.outcomes.asking.due import Due
from backtolife.outcomes.asking.readiness import waits
from backtolife.programme.cohorts.models import Enrolment
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.facts import Facts
from backtolife.reminders.rules import SECOND_AFTER, Window
from backtolife.text.dates_in_words import short_day

QUESTION_MINUTES = "10"
FIRST, SECOND = "questionnaire-due", "questionnaire-second-reminder"
FOLLOW_UP = "follow-up-due"
"""The words of the first message about questions some months after the end."""
NEXT_MOMENT = timedelta(microseconds=1)


def question_letters(facts: Facts, site: str, *, now: datetime, by: datetime) -> Iterator[DueMessage]:
    """Nobody who has answered is written to, and nobody before the questions can be asked."""
    zone = facts.cohort.zone
    asked = [
        (enrolment, person, due)
        for enrolment, person in facts.asked
        for due in asked_by_letter(facts.dues[enrolment.id], now=now, by=by)
    ]
    for enrolment, person, due in asked:
        if waits(due, facts.not_ready):
            continue
        for template, window in windows_of(due, facts.told.get(first_of(due, enrolment)), now, zone):
            values = {
                "question_minutes": QUESTION_MINUTES,
                "close_date": short_day(due.ask.closes_at - timedelta(minutes=1), zone),
                "link": f"{site}/questions",
            }
            words = FOLLOW_UP if due.ask.later and template == FIRST else template
            key, about = f"{template}:{due.ask.id}:{enrolment.id}", f"{due.ask.label}."
            yield DueMessage(person, words, key, values, window, about=about)


def first_of(due: Due, enrolment: Enrolment) -> str:
    """The key of the first message about these questions."""
    return f"{FIRST}:{due.ask.id}:{enrolment.id}"


def asked_by_letter(dues: Iterable[Due], *, now: datetime, by: datetime) -> list[Due]:
    """Those that opened by then and are not closed yet."""
    return [due for due in dues if is_asked_by_letter(due) and due.ask.opens_at <= by and now < due.ask.closes_at]


def is_asked_by_letter(due: Due) -> bool:
    """Not once answered; and the few questions after a session are asked on the page and never chased."""
    return not due.finished and not due.ask.after_session


def windows_of(due: Due, told_at: datetime | None, now: datetime, zone: str) -> Iterator[tuple[str, Window]]:
    """When which message about these questions goes, as it stands at `now`. `told_at`: when the first one was queued.

    Nobody is reminded of what they were never told: the second message waits until the first one is old. Whoever
    began to answer without a message knows of the questions since then, and may be answering just now.
    """
    late = due.ask.due_at + NEXT_MOMENT
    known_since = told_at or due.begun_at
    if told_at is None:
        first = Window(due.ask.opens_at, due.ask.closes_at if known_since is None else late)
        yield FIRST, first
        known_since = first.goes_at(now, zone) or known_since
    if known_since is not None:
        yield SECOND, Window(max(late, known_since + SECOND_AFTER), due.ask.closes_at)
