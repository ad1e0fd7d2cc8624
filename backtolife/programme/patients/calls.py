"""Calls to patients: who rang, when, and what came of it, so that nobody rings twice and nobody is forgotten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients.models import CallOutcome, PhoneCall

LONGEST = 500
OUTCOMES: Mapping[CallOutcome, str] = {
    CallOutcome.SPOKE: "Rang and spoke with them",
    CallOutcome.LEFT_WORD: "Rang and left word",
    CallOutcome.NO_ANSWER: "Rang, no answer",
    CallOutcome.WRONG_NUMBER: "The number is wrong",
    CallOutcome.THEY_RANG: "They rang us",
}


@dataclass(frozen=True)
class Called:
    """One call, with the name of whoever made it."""

    row: PhoneCall
    by: str

    @property
    def words(self) -> str:
        """What came of it."""
        return OUTCOMES[self.row.outcome]


def record_call(db: Db, *, enrolment: Enrolment, outcome: str, words: str, actor: Actor, now: datetime) -> PhoneCall:
    """Write down a call with the patient of this place. Raises Invalid, naming the field."""
    authorise(actor, "note.write", enrolment)
    if outcome not in set(CallOutcome):
        raise Invalid("Choose what came of the call", "outcome")
    words = words.replace("\r\n", "\n").strip()
    if len(words) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters", "words")
    row = PhoneCall(
        service_id=enrolment.service_id,
        person_id=enrolment.person_id,
        outcome=CallOutcome(outcome),
        words=words,
        by=actor.id,
        at=now,
    )
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="call_recorded",
        subject_type="person",
        subject_id=enrolment.person_id,
        now=now,
        outcome=outcome,
    )
    return row


def calls_of(db: Db, person_id: str) -> list[Called]:
    """Every call with this patient, the newest first. One statement."""
    wanted = select(PhoneCall, Person.full_name).join(Person, col(Person.id) == col(PhoneCall.by))
    rows = db.exec(wanted.where(PhoneCall.person_id == person_id).order_by(col(PhoneCall.at).desc()))
    return [Called(row, isolated(name)) for row, name in rows]


def newest_calls(db: Db, person_ids: Collection[str]) -> dict[str, Called]:
    """The newest call with each of these patients, by the patient's id. One statement."""
    newest = (
        select(PhoneCall.person_id, func.max(PhoneCall.at).label("at"))
        .where(col(PhoneCall.person_id).in_(person_ids))
        .group_by(col(PhoneCall.person_id))
        .subquery()
    )
    wanted = (
        select(PhoneCall, Person.full_name)
        .join(newest, (newest.c.person_id == col(PhoneCall.person_id)) & (newest.c.at == col(PhoneCall.at)))
        .join(Person, col(Person.id) == col(PhoneCall.by))
    )
    return {row.person_id: Called(row, isolated(name)) for row, name in db.exec(wanted)}
