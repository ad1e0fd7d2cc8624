"""Opening a form again that was sent, or questions whose window is over: by staff, with a reason, on record."""

from datetime import datetime, timedelta

from sqlmodel import select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.summary import NOT_SENT
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.models import InstrumentResponse, Score
from backtolife.people.access import Actor
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort

OPEN_FOR = timedelta(days=7)
LONGEST_REASON = 300


def open_again(
    db: Db, *, actor: Actor, enrolment_id: str, milestone_id: str, instrument: str, reason: str, now: datetime
) -> Reopening:
    """Let a patient change a form they sent (`instrument`), or answer a milestone that closed; seven days from now.

    The answers stay. The score is taken back, kept on record, and made anew when the form is sent again. Raises
    Invalid without a reason, Conflict when there is nothing to open.
    """
    enrolment = find_enrolment(db, actor=actor, enrolment_id=enrolment_id, action="form.reopen")
    words = reason.strip()
    if not 0 < len(words) <= LONGEST_REASON:
        raise Invalid(f"Write why, in at most {LONGEST_REASON} characters.", "reason")
    ask = ask_of(db, db.get_one(Cohort, enrolment.cohort_id), milestone_id)
    state = ask.state(now)
    if state == "upcoming":
        raise Conflict("These questions have not opened yet.")
    response = sent_form(db, enrolment.id, milestone_id, instrument)
    if response is None and state != "closed":
        raise Conflict("These questions are still open, and this form was not sent. There is nothing to open again.")
    row = Reopening(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        milestone_id=milestone_id,
        reason=words,
        by=actor.id,
        at=now,
        until=max(now + OPEN_FOR, ask.closes_at),
    )
    if response is not None:
        take_back(db, response, row)
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="form_reopened",
        subject_type="enrolment",
        subject_id=enrolment.id,
        now=now,
        milestone=milestone_id,
        instrument=instrument,
    )
    return row


def sent_form(db: Db, enrolment_id: str, milestone_id: str, instrument: str) -> InstrumentResponse | None:
    wanted = select(InstrumentResponse).where(
        InstrumentResponse.enrolment_id == enrolment_id,
        InstrumentResponse.milestone_id == milestone_id,
        InstrumentResponse.instrument == instrument,
    )
    response = db.exec(wanted).first()
    return response if response is not None and response.completed_at is not None else None


def take_back(db: Db, response: InstrumentResponse, row: Reopening) -> None:
    """Unsend the form; what it had come to stays in `row`."""
    one_at_a_time(db, f"response:{response.id}")
    scores = list(db.exec(select(Score).where(Score.response_id == response.id)))
    row.response_id, row.sent_before = response.id, response.completed_at
    row.scores_before = {score.scale: score.value for score in scores}
    row.summary_before = response.summary
    for score in scores:
        db.delete(score)
    response.completed_at, response.summary = None, NOT_SENT
    db.flush()
