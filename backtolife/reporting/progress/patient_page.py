"""Everything that the page of one patient shows to those who look after them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.content.watching.watched import caught_up_at, watched_by_each
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db
from backtolife.people.identity.identifiers import numbers_of
from backtolife.people.identity.systems import SYSTEMS
from backtolife.people.models import Person
from backtolife.people.needs.telling import needs_in_words
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.state_words import whys_declined, words_of
from backtolife.programme.companions.told import Beside, beside_of
from backtolife.programme.patients.calling.calls import Called, calls_of
from backtolife.programme.patients.notes import Note, notes_of
from backtolife.sessions.joining.running_late import said_no_at
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.records.marks import Mark, away, mark
from backtolife.sessions.room.services import sessions_of as sessions_in


@dataclass(frozen=True)
class Came:
    """One session of the group, and whether the patient was there. `minutes` is 0 for who was not."""

    date: SessionDate
    mark: Mark
    minutes: int
    caught_up: datetime | None
    """When they watched or read its video after they had missed it."""


@dataclass(frozen=True)
class OtherPlace:
    """Another place of the same person, before or beside this one."""

    enrolment: Enrolment
    cohort: Cohort
    words: str


@dataclass(frozen=True)
class AboutPatient:
    """Who a patient is, what they need, and what was written and said, with a place or without one."""

    patient: Person
    age: int | None
    numbers: list[tuple[str, str]]
    """What others know them by: the system's name and the number."""
    needs: list[str]
    notes: list[Note]
    calls: list[Called]


@dataclass(frozen=True)
class PatientPage(AboutPatient):
    """The same of somebody with a place, and whether they came."""

    enrolment: Enrolment
    cohort: Cohort
    state: str
    companions: list[Beside]
    sessions: list[Came]
    others: list[OtherPlace]


def about_patient(db: Db, *, person_id: str, zone: str, sealing: Sealing, now: datetime) -> AboutPatient:
    """What is known of anybody. Whoever calls has asked whether the actor may, and leaves the trace."""
    patient = db.get_one(Person, person_id)
    numbers = numbers_of(db, person=patient, sealing=sealing)
    return AboutPatient(
        patient=patient,
        age=age_of(patient.date_of_birth, in_zone(now, zone).date()),
        numbers=[(SYSTEMS[key].label, number) for key, number in numbers.items()],
        needs=needs_in_words(patient),
        notes=notes_of(db, patient.id),
        calls=calls_of(db, patient.id),
    )


def patient_page(db: Db, *, enrolment: Enrolment, sealing: Sealing, now: datetime) -> PatientPage:
    """Put their page together. Whoever calls has asked whether the actor may, and leaves the trace."""
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    about = about_patient(db, person_id=enrolment.person_id, zone=cohort.zone, sealing=sealing, now=now)
    return PatientPage(
        **vars(about),
        enrolment=enrolment,
        cohort=cohort,
        state=words_of(enrolment.state, whys_declined(db, declined(enrolment)).get(enrolment.id, "")),
        companions=beside_of(db, enrolment.id, zone=cohort.zone, now=now),
        sessions=sessions_of(db, about.patient, enrolment, cohort, now),
        others=other_places(db, enrolment),
    )


def age_of(born: date | None, today: date) -> int | None:
    """In whole years; None where nobody knows."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def sessions_of(db: Db, patient: Person, enrolment: Enrolment, cohort: Cohort, now: datetime) -> list[Came]:
    minutes = {
        each.session_number: each.minutes for each in attendance_of(db, cohort, now=now) if each.person_id == patient.id
    }
    said_no = said_no_at(sessions_in(db, cohort.id))
    watched = watched_by_each(db, [enrolment.id])[enrolment.id]
    found = []
    for each in dates_of(db, cohort.id):
        there = minutes.get(each.number, 0)
        said = (patient.id, each.number) in said_no
        what = Mark.LEFT_OUT if each.left_out_at else mark(there, ends_at=each.ends_at, now=now, said_no=said)
        since = caught_up_at(watched.get(each.number), each.ends_at) if away(what) else None
        found.append(Came(each, what, there, since))
    return found


def other_places(db: Db, enrolment: Enrolment) -> list[OtherPlace]:
    """The newest first. One statement, two where one of them was declined."""
    wanted = select(Enrolment, Cohort).join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
    others = wanted.where(Enrolment.person_id == enrolment.person_id, Enrolment.id != enrolment.id)
    rows = db.exec(others.order_by(col(Enrolment.enrolled_at).desc())).all()
    whys = whys_declined(db, declined(*(place for place, _ in rows)))
    return [OtherPlace(place, cohort, words_of(place.state, whys.get(place.id, ""))) for place, cohort in rows]


def declined(*places: Enrolment) -> list[str]:
    """The ids of those that were not taken."""
    return [each.id for each in places if each.state is EnrolmentState.DECLINED]
