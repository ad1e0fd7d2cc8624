"""The stage of a rehearsal: a service of its own with one group, one session that is on now, and made-up people.

Everything that counts, lists, reminds or reports does so within a service, so that nothing can count these. At the end
the whole service is deleted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from backtolife.audit.linking import forget
from backtolife.clock import in_zone
from backtolife.database.session import Db, metadata, new_id
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import give, kind_of
from backtolife.programme.adopted.services import adopt_programme
from backtolife.programme.cohorts.acting import actor_for
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionDate, StaffPlace
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import for_date

NAME = "Rehearsal"
COLLEAGUE = "Robin"
PATIENTS = ("Alma", "Basil", "Carys", "Devan", "Edith")
"""Made up, and few: each sends a picture from this machine."""


NOBODYS = "07700 90012"
"""Ofcom keeps these numbers free for stories: they ring nowhere."""


@dataclass(frozen=True)
class Stage:
    """What was made. `facilitator` stands in for the person who rehearses."""

    group_session: GroupSession
    facilitator: Person
    colleague: Person
    patients: list[Person]


def build(db: Db, *, person: Person, number: int, now: datetime) -> Stage:
    """Make the stage for this person and that session of the programme. Raises NotFound for a number it has not."""
    plan = shipped().session(number)
    own = db.get_one(Service, person.service_id)
    stage = Service(name=NAME, short_name=NAME, phone=own.phone, zone=own.zone, rehearsal=True, created_at=now)
    db.add(stage)
    db.flush()
    cohort = make_cohort(db, stage, now)
    facilitator = make_person(db, stage, Role.FACILITATOR, names=(person.full_name, person.shown_name), now=now)
    colleague = make_person(db, stage, Role.FACILITATOR, names=(f"{COLLEAGUE} (simulated)", COLLEAGUE), now=now)
    for one, place in ((facilitator, StaffPlace.LEAD), (colleague, StaffPlace.SPOTTER)):
        db.add(CohortStaff(service_id=stage.id, cohort_id=cohort.id, person_id=one.id, place=place))
    patients = [
        make_person(db, stage, Role.PATIENT, names=(f"{name} (simulated)", name), now=now, phone=f"{NOBODYS}{number}")
        for number, name in enumerate(PATIENTS)
    ]
    db.flush()
    actor = actor_for(db, person=facilitator, joins_only=False)
    for one in patients:
        enrol(db, patient=one, cohort=cohort, actor=actor, now=now)
    ends_at = now + timedelta(minutes=plan.live_minutes)
    date = SessionDate(service_id=stage.id, cohort_id=cohort.id, number=number, starts_at=now, ends_at=ends_at)
    db.add(date)
    db.flush()
    return Stage(for_date(db, date), facilitator, colleague, patients)


def make_cohort(db: Db, stage: Service, now: datetime) -> Cohort:
    local = in_zone(now, stage.zone)
    cohort = Cohort(
        service_id=stage.id,
        programme_id=adopt_programme(db, actor=System("rehearsal", stage.id), now=now).id,
        name=NAME,
        schedule="rehearsal",
        first_day=local.date(),
        wall_time=f"{local:%H:%M}",
        zone=stage.zone,
        created_at=now,
    )
    db.add(cohort)
    db.flush()
    return cohort


def make_person(
    db: Db, stage: Service, role: Role, *, names: tuple[str, str], now: datetime, phone: str = ""
) -> Person:
    """`names` are the full one and the one that the group sees."""
    own_id = new_id()
    person = Person(
        id=own_id,
        service_id=stage.id,
        kind=kind_of({role}),
        email=f"{own_id}@rehearsal.invalid",
        phone=phone,
        full_name=names[0],
        shown_name=names[1],
        created_at=now,
    )
    db.add(person)
    db.flush()
    give(db, person=person, roles={role}, now=now)
    return person


def clear(db: Db, stage_id: str) -> None:
    """Delete the stage with everything on it. Anything but a rehearsal's service is left as it is."""
    stage = db.get(Service, stage_id)
    if stage is None or not stage.rehearsal:
        return
    db.flush()
    db.expunge_all()
    forget(db, stage_id)
    connection = db.connection()
    for table in reversed(metadata.sorted_tables):
        own = table.columns.get("id" if table.name == "service" else "service_id")
        if own is not None:  # what belongs to no service, such as the scheduler's beat, stays
            connection.execute(delete(table).where(own == stage_id))
