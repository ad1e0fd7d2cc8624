"""When each person was last in contact with the service, out of every table that tells."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlmodel import col

from backtolife.data_life.retention.rules import Contact
from backtolife.database.session import Db, UTCDateTime
from backtolife.outcomes.models import InstrumentResponse, SafetyTask
from backtolife.outcomes.safety.history_models import TaskNote
from backtolife.people.models import Person, SignedIn
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.consent.models import ConsentAnswer
from backtolife.programme.discharge.models import PlaceDischarge
from backtolife.programme.patients.models import PatientNote, PhoneCall
from backtolife.programme.places.models import PlaceEnding, Waiting

OWN: tuple[tuple[Contact, Any, Any], ...] = (
    (Contact.RECORDED, Person.id, Person.created_at),
    (Contact.DIED, Person.id, Person.died_at),
    (Contact.WAITED, Waiting.person_id, Waiting.since),
    (Contact.WAITED, Waiting.person_id, Waiting.left_at),
    (Contact.PLACE, Enrolment.person_id, Enrolment.enrolled_at),
    (Contact.NOTED, PatientNote.person_id, PatientNote.at),
    (Contact.SPOKEN, PhoneCall.person_id, PhoneCall.at),
    (Contact.SIGNED_IN, SignedIn.person_id, SignedIn.seen_at),
    (Contact.AGREED, ConsentAnswer.person_id, ConsentAnswer.at),
)
OF_PLACE: tuple[tuple[Contact, Any, Any], ...] = (
    (Contact.LEFT, PlaceEnding.enrolment_id, PlaceEnding.at),
    (Contact.DISCHARGED, PlaceDischarge.enrolment_id, PlaceDischarge.at),
    (Contact.ANSWERED, InstrumentResponse.enrolment_id, InstrumentResponse.opened_at),
    (Contact.ANSWERED, InstrumentResponse.enrolment_id, InstrumentResponse.completed_at),
    (Contact.TASK_CLOSED, SafetyTask.enrolment_id, SafetyTask.closed_at),
)


def last_contacts(db: Db, *, service_id: str, old: ColumnElement[bool]) -> dict[str, dict[Contact, datetime]]:
    """The last contact of each kind with each patient of a service whose record is `old`. One statement."""
    every = union_all(*told(service_id, old)).subquery()
    person, what, at = list(every.c)
    found: dict[str, dict[Contact, datetime]] = {}
    newest = select(person, what, func.max(at, type_=UTCDateTime())).group_by(person, what)
    for person_id, kind, moment in db.connection().execute(newest):
        found.setdefault(person_id, {})[Contact(kind)] = moment
    return found


def told(service_id: str, old: ColumnElement[bool]) -> Iterator[Select[Any]]:
    def of_old(what: Contact, at: Any) -> Select[Any]:
        columns = select(col(Person.id), literal(what.value), at.label("at")).where(at.is_not(None))
        return columns.where(col(Person.service_id) == service_id, old)

    def of_places(what: Contact, at: Any) -> Select[Any]:
        return of_old(what, at).join(Enrolment, col(Enrolment.person_id) == col(Person.id))

    for what, key, at in OWN:
        wanted = of_old(what, at)
        yield wanted if key is Person.id else wanted.join(key.class_, key == col(Person.id))
    for what, key, at in OF_PLACE:
        yield of_places(what, at).join(key.class_, key == col(Enrolment.id))
    over_at = func.coalesce(SessionDate.ended_at, SessionDate.ends_at, type_=UTCDateTime())
    notes = of_places(Contact.NOTED, TaskNote.at).join(SafetyTask, col(SafetyTask.enrolment_id) == col(Enrolment.id))
    yield notes.join(TaskNote, col(TaskNote.task_id) == col(SafetyTask.id))
    dates = of_places(Contact.GROUP_ENDED, over_at)
    yield dates.join(SessionDate, col(SessionDate.cohort_id) == col(Enrolment.cohort_id)).where(
        col(SessionDate.left_out_at).is_(None)
    )
