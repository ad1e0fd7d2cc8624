"""A patient's forms: finding one, whether it is open, the answers as they stand, where they stopped."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import select

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.outcomes.asking.extending import window_for
from backtolife.outcomes.asking.schedule import Ask, ask_of
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.outcomes.forms.adoption import form_of
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import is_asked
from backtolife.text.dates_in_words import day

NO_FORM = "We could not find these questions. Go to Questions to see what there is."
SENT = "You have sent these answers, so they cannot change here. If something is wrong, please call us."
LEFT = "You have left the group, so there is nothing to answer. If that is not right, please call us."
NONE_APPLY = "none_apply_confirmed"
"""The item under which “none of these today” is kept, so that an empty list is a true 0."""


def closed_words(ask: Ask, now: datetime, zone: str) -> str:
    """Why no answers are taken at `now`; empty while they are."""
    state = ask.state(now)
    if state == "upcoming":
        return f"These questions open on {day(ask.opens_at, zone)}. Please come back then."
    if state == "closed":
        return "These questions have closed. What you gave us before is safe. If you would like to add to it, call us."
    return ""


def find_response(
    db: Db, *, actor: Actor, response_id: str, action: str = "form.answer"
) -> tuple[InstrumentResponse, Enrolment]:
    """A form and whose it is, when the actor may do `action` with it. Raises NotFound otherwise."""
    response = db.get(InstrumentResponse, response_id)
    if response is None:
        raise NotFound(NO_FORM)
    enrolment = db.get_one(Enrolment, response.enrolment_id)
    authorise(actor, action, enrolment)
    return response, enrolment


def why_closed(db: Db, response: InstrumentResponse, enrolment: Enrolment, now: datetime) -> str:
    """Why this form takes no answer given at `now`; empty while it does."""
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    if why := ended(db, response, enrolment, cohort):
        return why
    ask = ask_of(db, cohort, response.milestone_id, windows_only=True)
    return window_words(db, ask, enrolment, zone=cohort.zone, at=now)


def ended(db: Db, response: InstrumentResponse, enrolment: Enrolment, cohort: Cohort) -> str:
    """Why this form takes no more answers, whenever they were given; empty while only its window matters."""
    if response.completed_at is not None:
        return SENT
    later = any(each.later for each in programme_of(db, cohort).milestones if each.id == response.milestone_id)
    return "" if is_asked(enrolment.state, agreed_later=enrolment.agreed_later, later=later) else LEFT


def window_words(db: Db, ask: Ask, enrolment: Enrolment, *, zone: str, at: datetime) -> str:
    """Why the group's window, or the patient's own where it was opened again, takes nothing at `at`."""
    if ask.state(at) == "closed":
        ask = window_for(db, enrolment, ask)
    return closed_words(ask, at, zone)


def form_for(db: Db, response: InstrumentResponse) -> Form:
    """The wording on which this form was opened."""
    return form_of(db, db.get_one(AdoptedInstrument, response.adopted_id))


def answers_of(db: Db, response: InstrumentResponse) -> dict[str, Answer]:
    """The answers as they stand, by item; what was taken back is left out."""
    return standing_ones(db.exec(select(Answer).where(Answer.response_id == response.id)))


def standing_ones(rows: Iterable[Answer]) -> dict[str, Answer]:
    return {row.item: row for row in rows if row.value is not None or row.words}


def given(answer: Answer | None) -> int | str | None:
    """What was answered: a number, a word, or None."""
    if answer is None:
        return None
    return answer.value if answer.value is not None else answer.words or None


def is_empty(question: Question, answers: dict[str, Answer]) -> bool:
    """Whether a question that wants an answer has none. Free text may stay empty."""
    return question.kind != "text" and question.id not in answers


def empty_numbers(form: Form, answers: dict[str, Answer]) -> list[int]:
    """The numbers (from 1) of the questions without an answer. A tick-list counts as one question."""
    if form.layout == "tick_list":
        return [] if answers else [1]
    return [number for number, each in enumerate(form.questions, start=1) if is_empty(each, answers)]


def resume_at(form: Form, answers: dict[str, Answer]) -> int:
    """The number of the question to show first: the first one without an answer, else the last."""
    empty = empty_numbers(form, answers)
    return empty[0] if empty else page_count(form)


def page_count(form: Form) -> int:
    """How many pages the form has when there is one question a page."""
    return 1 if form.layout == "tick_list" else len(form.questions)
