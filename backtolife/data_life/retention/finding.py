"""Whose time is over in a service: a handful of statements, however many people there are."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select as columns
from sqlmodel import col, select

from backtolife.clock import years_later
from backtolife.data_life.erasing.emptying import NOBODYS
from backtolife.data_life.erasing.models import LegalHold
from backtolife.data_life.erasing.services import TAKES_PART
from backtolife.data_life.retention.contacts import last_contacts
from backtolife.data_life.retention.rules import Contact, Known, Over, over
from backtolife.database.session import Db
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.people.models import Kind, Person, Service
from backtolife.programme.cohorts.models import Enrolment


def find(db: Db, service: Service, *, now: datetime) -> dict[str, Over]:
    """Whose time is over, by the record that goes on; those who are erased already are left out."""
    old = col(Person.created_at) <= years_later(now, -service.keep_years)
    patients = (
        col(Person.service_id) == service.id,
        col(Person.kind) == Kind.PATIENT,
        col(Person.email).not_like(f"%{NOBODYS}"),
    )
    if db.exec(select(Person.id).where(*patients, old).limit(1)).first() is None:
        return {}
    wanted = columns(col(Person.id), col(Person.merged_into_id), col(Person.created_at), col(Person.date_of_birth))
    records = {row[0]: (row[1], row[2], row[3]) for row in db.connection().execute(wanted.where(*patients))}
    merged = {each: into for each, (into, _, _) in records.items() if into is not None}
    wholes: dict[str, list[str]] = {}
    for each in records:
        wholes.setdefault(goes_on(each, merged), []).append(each)
    contacts = last_contacts(db, service_id=service.id, old=old)
    held, seated, tasked = held_ids(db, service), seated_ids(db, service), tasked_ids(db, service)
    found: dict[str, Over] = {}
    for root, theirs in wholes.items():
        known = Known(
            contacts=joined(contacts, theirs, {each: records[each][1] for each in theirs}),
            born=frozenset(born for each in theirs if isinstance(born := records[each][2], date)),
            held=not held.isdisjoint(theirs),
            has_place=not seated.isdisjoint(theirs),
            task_open=not tasked.isdisjoint(theirs),
        )
        if (ended := over(known, keep_years=service.keep_years, now=now)) is not None:
            found[root] = ended
    return found


def goes_on(record: str, merged: dict[str, str]) -> str:
    """The record that goes on of the person whose record this is."""
    while into := merged.get(record):
        record = into
    return record


def joined(
    contacts: dict[str, dict[Contact, datetime]], records: Sequence[str], made: dict[str, datetime]
) -> dict[Contact, datetime]:
    """The last of each kind with any of these records. A record that is not old was in contact when it was made."""
    found: dict[Contact, datetime] = {}
    for record in records:
        for what, at in contacts.get(record, {Contact.RECORDED: made[record]}).items():
            found[what] = max(found.get(what, at), at)
    return found


def held_ids(db: Db, service: Service) -> set[str]:
    wanted = select(LegalHold.person_id).where(LegalHold.service_id == service.id, col(LegalHold.lifted_at).is_(None))
    return set(db.exec(wanted))


def seated_ids(db: Db, service: Service) -> set[str]:
    wanted = select(Enrolment.person_id).where(Enrolment.service_id == service.id, col(Enrolment.state).in_(TAKES_PART))
    return set(db.exec(wanted))


def tasked_ids(db: Db, service: Service) -> set[str]:
    wanted = select(Enrolment.person_id).join(SafetyTask, col(SafetyTask.enrolment_id) == col(Enrolment.id))
    open_ones = wanted.where(SafetyTask.service_id == service.id, SafetyTask.state != TaskState.DONE)
    return set(db.exec(open_ones))
