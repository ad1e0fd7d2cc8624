"""Which rows are about one person: all their records, and what hangs on their places."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, null, select, union_all
from sqlalchemy import cast as as_type
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.models import InstrumentResponse, SafetyTask
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.goals.models import Goal
from backtolife.programme.patients.models import PatientNote
from backtolife.programme.places.models import Waiting
from backtolife.programme.practice.models import PracticeEntry
from backtolife.sessions.room.models import GroupSession, Seat


def whole_person(person: Person) -> str:
    """What is locked while everything of a person is copied or erased."""
    return f"whole person:{person.id}"


def records_of(person_id: str) -> Select[tuple[str]]:
    """The record of this person, and every one that was found to be theirs too and merged into it."""
    people = Person.__table__  # type: ignore[attr-defined]
    theirs = select(people.c.id).where(people.c.id == person_id).cte("records", recursive=True)
    every = theirs.union(select(people.c.id).where(people.c.merged_into_id == theirs.c.id))
    return select(every.c.id)


@dataclass(frozen=True)
class About:
    """Whom and which group a row is about; a row of a whole group names nobody."""

    person_id: str | None
    cohort_id: str | None
    cohort: str = ""


def subjects() -> CompoundSelect[Any]:
    """Everything that the audit log may name: its id, the person it is about and their group."""
    nobody = as_type(null(), String(32))
    place = (col(Enrolment.person_id), col(Enrolment.cohort_id))
    by_place = [
        select(col(kind.id), *place).join(Enrolment, col(Enrolment.id) == col(kind.enrolment_id))
        for kind in (InstrumentResponse, SafetyTask, Goal, PracticeEntry)
    ]
    return union_all(
        select(col(Enrolment.id), *place),
        *by_place,
        select(col(Person.id), col(Person.id), nobody),
        select(col(Waiting.id), col(Waiting.person_id), nobody),
        select(col(PatientNote.thread), col(PatientNote.person_id), nobody),
        select(col(OutgoingMessage.id), col(OutgoingMessage.person_id), nobody),
        select(col(Seat.id), col(Seat.person_id), col(Seat.cohort_id)),
        select(col(Cohort.id), nobody, col(Cohort.id)),
        select(col(GroupSession.id), nobody, col(GroupSession.cohort_id)),
    )


def about(db: Db, subject_ids: Collection[str]) -> dict[str, About]:
    """Whom these subjects of the audit log are about, in one statement; what is not about anybody is left out."""
    if not subject_ids:
        return {}
    every = subjects().subquery()
    subject, person, cohort = list(every.c)
    named = select(subject, person, cohort, col(Cohort.name)).outerjoin(Cohort, col(Cohort.id) == cohort)
    rows = db.connection().execute(named.where(subject.in_(subject_ids)))
    return {row[0]: About(row[1], row[2], row[3] or "") for row in rows}


def ids_about(records: Select[tuple[str]]) -> Select[tuple[str]]:
    """The ids of everything that is about this one person."""
    every = subjects().subquery()
    subject, person, _ = list(every.c)
    return select(subject).where(person.in_(records))


def groups_of(records: Select[tuple[str]]) -> Select[tuple[str]]:
    """The ids of the groups that this person was ever in, and of their sessions."""
    theirs = select(col(Enrolment.cohort_id)).where(col(Enrolment.person_id).in_(records))
    sessions = select(col(GroupSession.id)).where(col(GroupSession.cohort_id).in_(theirs))
    both = union_all(theirs, sessions).subquery()
    return select(next(iter(both.c)))
