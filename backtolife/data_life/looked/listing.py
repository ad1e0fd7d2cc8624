"""Who looked at one patient, and whom one colleague looked at: out of the audit log, a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select

from backtolife.audit import AuditEntry
from backtolife.data_life.looked.flags import Flag, known
from backtolife.data_life.looked.words import LOOKS, what
from backtolife.data_life.records import About, about, groups_of, ids_about, records_of
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.models import Kind, Person, Role
from backtolife.people.role_words import ROLE_WORDS
from backtolife.programme.cohorts.models import Enrolment

A_PAGE = 50
MOST_IN_A_FILE = 20_000


@dataclass(frozen=True)
class Days:
    """From which day to which, both counted; open where none is said."""

    first: date | None = None
    last: date | None = None

    def within(self, zone: str) -> list[ColumnElement[bool]]:
        starts, ends = [], []
        if self.first is not None:
            starts = [col(AuditEntry.at) >= datetime.combine(self.first, time(), ZoneInfo(zone))]
        if self.last is not None:
            ends = [col(AuditEntry.at) < datetime.combine(self.last + timedelta(days=1), time(), ZoneInfo(zone))]
        return [*starts, *ends]


def days_of(first: str, last: str) -> Days:
    """What two date fields hold. Raises Invalid for what is no day, or for an end before the start."""
    try:
        days = Days(*(date.fromisoformat(each) if each else None for each in (first, last)))
    except ValueError:
        raise Invalid("Enter each day like 2026-03-31, or leave it empty", "first") from None
    if days.first and days.last and days.last < days.first:
        raise Invalid("The last day is before the first one. Change one of them", "last")
    return days


@dataclass(frozen=True)
class Look:
    """One look, in words."""

    at: datetime
    actor_id: str
    who: str
    role: str
    what: str
    shown: str
    """The patient; or the group, where a whole group was looked at."""
    whole_group: bool
    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Looks:
    """One page of them, the newest first; pages count from 1."""

    rows: list[Look]
    total: int
    page: int
    pages: int


def looks(db: Db, *, person: Person, days: Days, zone: str, page: int = 1) -> Looks:
    """Who of staff looked at this patient, or at a group that they were in; of staff: whom they looked at."""
    return one_page(db, person.service_id, concerning(person) + days.within(zone), page)


def concerning(person: Person) -> list[ColumnElement[bool]]:
    return of_colleague(person) if person.is_staff else of_patient(person)


def every(db: Db, *, person: Person, days: Days, zone: str) -> Iterator[Look]:
    """All of them, for a file: about a patient, or by a member of staff."""
    wanted = concerning(person) + days.within(zone)
    for number in range(1, MOST_IN_A_FILE // A_PAGE + 1):
        rows = entries(db, person.service_id, wanted, number)
        yield from in_words(db, person.service_id, rows)
        if len(rows) < A_PAGE:
            return


def of_patient(person: Person) -> list[ColumnElement[bool]]:
    records = records_of(person.id)
    since = select(func.min(Enrolment.enrolled_at)).where(col(Enrolment.person_id).in_(records)).scalar_subquery()
    in_time = col(AuditEntry.subject_id).in_(groups_of(records)) & (col(AuditEntry.at) >= since)
    return [col(AuditEntry.subject_id).in_(ids_about(records)) | in_time]


def of_colleague(colleague: Person) -> list[ColumnElement[bool]]:
    return [col(AuditEntry.actor_id) == colleague.id]


def one_page(db: Db, service_id: str, wanted: Sequence[ColumnElement[bool]], page: int) -> Looks:
    total = db.exec(select(func.count()).select_from(AuditEntry).where(*looks_of(service_id), *wanted)).one()
    pages = max(1, -(-total // A_PAGE))
    page = min(max(page, 1), pages)
    return Looks(in_words(db, service_id, entries(db, service_id, wanted, page)), total, page, pages)


def looks_of(service_id: str) -> list[ColumnElement[bool]]:
    staff = select(Person.id).where(Person.service_id == service_id, Person.kind == Kind.STAFF)
    return [
        col(AuditEntry.service_id) == service_id,
        col(AuditEntry.action).in_(LOOKS),
        col(AuditEntry.actor_id).in_(staff),
    ]


def entries(db: Db, service_id: str, wanted: Sequence[ColumnElement[bool]], page: int) -> list[AuditEntry]:
    newest = select(AuditEntry).where(*looks_of(service_id), *wanted).order_by(col(AuditEntry.number).desc())
    return list(db.exec(newest.limit(A_PAGE).offset((page - 1) * A_PAGE)))


def in_words(db: Db, service_id: str, rows: Sequence[AuditEntry]) -> list[Look]:
    """These entries as people would say them, in four statements."""
    whom = about(db, {each.subject_id for each in rows})
    ids = {each.actor_id for each in rows} | {each.person_id for each in whom.values() if each.person_id}
    people = {each.id: each for each in db.exec(select(Person).where(col(Person.id).in_(ids)))}
    patients = [people[each.person_id] for each in whom.values() if each.person_id in people]
    facts = known(db, service_id=service_id, actor_ids={each.actor_id for each in rows}, patients=patients)
    found = []
    for each in rows:
        seen = whom.get(each.subject_id, About(None, None))
        person, actor = people.get(seen.person_id or ""), people.get(each.actor_id)
        found.append(
            Look(
                at=each.at,
                actor_id=each.actor_id,
                who=actor.full_name if actor is not None else "",
                role=ROLE_WORDS.get(Role(each.actor_role), "") if each.actor_role else "",
                what=what(each.action, str(each.detail.get("page", ""))),
                shown=person.full_name if person is not None else seen.cohort or "Several people",
                whole_group=person is None,
                flags=facts.flags(each.actor_id, seen),
            )
        )
    return found
