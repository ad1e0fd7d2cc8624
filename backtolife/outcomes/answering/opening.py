"""Opening a patient's form: once for each instrument of a milestone, on the words that are asked that day."""

from datetime import datetime

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.outcomes.answering.responses import LEFT, NO_FORM, closed_words
from backtolife.outcomes.asking.due import Due, due_for, may_be_asked
from backtolife.outcomes.forms.adoption import adopt, ready_to_ask
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.cohorts.models import Cohort, Enrolment


def open_response(
    db: Db,
    *,
    enrolment: Enrolment,
    milestone_id: str,
    instrument: str,
    actor: Actor,
    production: bool,
    now: datetime,
    action: str = "form.answer",
) -> InstrumentResponse:
    """The patient's form for one instrument at one milestone, opened now when it was not before.

    Raises Conflict when the questions are not open, NotFound when this instrument is not asked there.
    """
    authorise(actor, action, enrolment)
    if not may_be_asked(enrolment, later=True):
        raise Conflict(LEFT)
    due = due_alone(db, enrolment, milestone_id, now)
    if due is None or instrument not in due.ask.instruments:
        raise NotFound(NO_FORM)
    return open_due(
        db,
        enrolment=enrolment,
        due=due,
        instrument=instrument,
        actor=actor,
        production=production,
        now=now,
    )


def open_next(
    db: Db, *, enrolment: Enrolment, milestone_id: str, actor: Actor, production: bool, now: datetime
) -> InstrumentResponse | None:
    """The patient's first form of the milestone that is not sent, opened now when it was not before; None after all.

    Raises as `open_response` does.
    """
    authorise(actor, "form.answer", enrolment)
    due = due_alone(db, enrolment, milestone_id, now)
    if due is None:
        raise NotFound(NO_FORM)
    if not due.left:
        return None
    return open_due(
        db,
        enrolment=enrolment,
        due=due,
        instrument=due.left[0],
        actor=actor,
        production=production,
        now=now,
    )


def due_alone(db: Db, enrolment: Enrolment, milestone_id: str, now: datetime) -> Due | None:
    """One milestone of a patient while nobody else opens a form of theirs."""
    one_at_a_time(db, f"forms:{enrolment.id}")
    return next((each for each in due_for(db, enrolment=enrolment, now=now) if each.ask.id == milestone_id), None)


def open_due(
    db: Db,
    *,
    enrolment: Enrolment,
    due: Due,
    instrument: str,
    actor: Actor,
    production: bool,
    now: datetime,
) -> InstrumentResponse:
    if instrument in due.responses:
        return due.responses[instrument]
    zone = db.get_one(Cohort, enrolment.cohort_id).zone
    if closed := closed_words(due.ask, now, zone):
        raise Conflict(closed)
    adopted = adopt(db, service_id=enrolment.service_id, instrument=instrument, now=now)
    ready_to_ask(adopted, production=production, by_patient=actor.id == enrolment.person_id)
    response = InstrumentResponse(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        milestone_id=due.ask.id,
        instrument=instrument,
        adopted_id=adopted.id,
        opened_at=now,
    )
    db.add(response)
    db.flush()
    audit.record(db, actor=actor, action="form_opened", subject_type="response", subject_id=response.id, now=now)
    return response
