"""Calls to patients: who rang, when, and what came of it, so that nobody rings twice and nobody is forgotten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.patients.calling.telling import settle, told_to
from backtolife.programme.patients.models import CallOutcome, PhoneCall
from backtolife.programme.patients.whose.finding import Whose
from backtolife.programme.plan.titles import titled

LONGEST = 500
OUTCOMES: Mapping[CallOutcome, str] = {
    CallOutcome.SPOKE: "Rang and spoke with them",
    CallOutcome.LEFT_WORD: "Rang and left word",
    CallOutcome.NO_ANSWER: "Rang, no answer",
    CallOutcome.WRONG_NUMBER: "The number is wrong",
    CallOutcome.THEY_RANG: "They rang us",
}

STANDS = col(PhoneCall.replaced_at).is_(None)


@dataclass(frozen=True)
class Called:
    """One call, with the name of whoever made it, and what it was to tell; empty where it was about no message."""

    row: PhoneCall
    by: str
    about: str = ""
    corrected_by: str = ""
    """Who put this right or took it back since; empty for one that stands."""

    @property
    def words(self) -> str:
        """What came of it."""
        return OUTCOMES[self.row.outcome]


def record_call(
    db: Db,
    *,
    whose: Whose,
    outcome: str,
    words: str,
    actor: Actor,
    now: datetime,
    told: Collection[str] = (),
) -> PhoneCall:
    """Write down a call with this patient, and which messages they were `told` in it.

    Raises Invalid, naming the field, and Conflict for somebody who has died: what was talked about with their family is
    a note.
    """
    authorise(actor, "note.write", whose)
    patient = db.get_one(Person, whose.person_id)
    if patient.died_at is not None:
        raise Conflict(f"{isolated(patient.full_name)} has died. Write a note instead.")
    row = keep(db, person_id=whose.person_id, outcome=outcome, words=words, actor=actor, now=now)
    trace(db, "call_recorded", row, actor, now)
    settle(db, call=row, told=told, actor=actor, now=now)
    return row


def trace(db: Db, action: str, row: PhoneCall, actor: Actor, now: datetime) -> None:
    subject, outcome = row.person_id or row.id, row.outcome.value
    kind = "person" if row.person_id else "call"
    audit.record(db, actor=actor, action=action, subject_type=kind, subject_id=subject, now=now, outcome=outcome)


def record_told(db: Db, *, message: OutgoingMessage, outcome: str, words: str, actor: Actor, now: datetime) -> None:
    """Write down a call that was to tell a message; whoever asks has asked whether the actor may. Raises Invalid."""
    row = keep(db, person_id=message.person_id, outcome=outcome, words=words, actor=actor, now=now)
    row.message_id = message.id
    db.flush()
    settle(db, call=row, told=[message.id], actor=actor, now=now)


def keep(db: Db, *, person_id: str | None, outcome: str, words: str, actor: Actor, now: datetime) -> PhoneCall:
    came, words = checked(outcome, words)
    person = db.get(Person, person_id) if person_id else None
    row = PhoneCall(
        service_id=actor.service_id,
        person_id=person_id,
        outcome=came,
        words=words,
        by=actor.id,
        at=now,
        number=person.phone if person is not None else "",
    )
    db.add(row)
    db.flush()
    return row


def checked(outcome: str, words: str) -> tuple[CallOutcome, str]:
    """What came of a call and the words about it, as we keep them. Raises Invalid."""
    if outcome not in set(CallOutcome):
        raise Invalid("Choose what came of the call", "outcome")
    words = words.replace("\r\n", "\n").strip()
    if len(words) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters", "words")
    return CallOutcome(outcome), words


def calls_of(db: Db, person_id: str) -> list[Called]:
    """Every call with this patient, the newest first. Two statements."""
    found = newest_first(db, col(PhoneCall.person_id) == person_id)
    told = told_to(db, person_id)
    return [replace(each, about="; ".join(told.get(each.row.thread, [])) or each.about) for each in found]


def calls_about(db: Db, message: OutgoingMessage) -> list[Called]:
    """Every call that was to tell this message, the newest first. One statement."""
    return newest_first(db, col(PhoneCall.message_id) == message.id)


def newest_first(db: Db, which: ColumnElement[bool]) -> list[Called]:
    wanted = (
        select(PhoneCall, Person.full_name, OutgoingMessage.key, OutgoingMessage.subject)
        .join(Person, col(Person.id) == col(PhoneCall.by))
        .join(OutgoingMessage, col(OutgoingMessage.id) == col(PhoneCall.message_id), isouter=True)
    )
    rows = db.exec(wanted.where(which, STANDS).order_by(col(PhoneCall.at).desc()))
    return [Called(row, isolated(name), titled(key, subject) if key else "") for row, name, key, subject in rows]


def newest_calls(db: Db, person_ids: Collection[str]) -> dict[str, Called]:
    """The newest call with each of these patients, by the patient's id. One statement."""
    newest = (
        select(PhoneCall.person_id, func.max(PhoneCall.at).label("at"))
        .where(col(PhoneCall.person_id).in_(person_ids), STANDS)
        .group_by(col(PhoneCall.person_id))
        .subquery()
    )
    wanted = (
        select(PhoneCall, Person.full_name)
        .join(newest, (newest.c.person_id == col(PhoneCall.person_id)) & (newest.c.at == col(PhoneCall.at)))
        .join(Person, col(Person.id) == col(PhoneCall.by))
        .where(STANDS)
    )
    return {str(row.person_id): Called(row, isolated(name)) for row, name in db.exec(wanted)}
