"""A service with 200 groups and 2 000 places: most have ended, a quarter run, with offers out and a waiting list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import Settings, from_environment
from backtolife.database.session import metadata, session_scope
from backtolife.demo.simulated.service import Size, simulate
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import acting_as, holding
from backtolife.people.services import add_person
from backtolife.people.signing_in import signin
from backtolife.processes.memory import settle_memory
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, StaffPlace
from backtolife.programme.cohorts.services import CohortPlan, create_cohort, staff_cohort
from backtolife.programme.places.offers import offer
from backtolife.programme.places.queue.waiting import wait
from backtolife.programme.places.rules import Wishes
from backtolife.sessions.room.services import schedule

ENDED, RUNNING = 150, 50
PLACES_ENDED, IN_A_GROUP, OFFERED, WAIT = 1400, 12, 2, 100
ALL = "all@example.org"
SITE = "http://localhost"


@dataclass(frozen=True)
class Big:
    """The service, its pages and who looks at them."""

    app: Flask
    settings: Settings
    engine: Engine
    service_id: str

    def browser_of(self, person: Person) -> FlaskClient:
        with session_scope(self.engine) as db:
            token = signin.begin(db, person=person, now=clock.now())
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept["signed_in"] = token
        return client

    def everything(self) -> Person:
        """Who holds every role of those who look after groups and people."""
        with session_scope(self.engine) as db:
            return db.exec(select(Person).where(Person.email == ALL)).one()

    def somebody(self, role: Role) -> Person:
        with session_scope(self.engine) as db:
            return db.exec(select(Person).where(Person.service_id == self.service_id, holding(role)).limit(1)).one()


@contextmanager
def running(folder: Path, now: datetime, url: str = "") -> Iterator[Big]:
    """Made in `folder`, or in the database at `url`, as it stands at `now`."""
    settings = from_environment(
        {
            "BACKTOLIFE_ENV": "test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": url or f"sqlite:///{folder / 'service.db'}",
            "PUBLIC_URL": SITE,
        }
    )
    app = create_app(settings, {"WTF_CSRF_ENABLED": False})
    engine = app.extensions["backtolife.engine"]
    metadata.create_all(engine)
    with session_scope(engine) as db:
        size = Size(groups=ENDED, patients=PLACES_ENDED, waiting=0, apart=7, since=60)
        service = simulate(db, name="Big", size=size, now=now)
        fill(db, service, now)
        service_id = service.id
    settle_memory()
    yield Big(app, settings, engine, service_id)
    engine.dispose()


def ten_o_clock() -> datetime:
    """Ten in the morning of today: in quiet hours nothing is sent."""
    return clock.now().replace(hour=10, minute=0, second=0, microsecond=0)


def fill(db: Session, service: Service, now: datetime) -> None:
    """The groups that run: a sixth each began this week, a week ago, and so on; with offers out and a waiting list."""
    lead = add_person(
        db,
        actor=System("benchmark", service.id),
        roles={Role.SERVICE_LEAD, Role.ADMINISTRATOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN},
        email=ALL,
        full_name="Ada Allwork",
        shown_name="Ada",
        now=now,
    )
    staff = list(db.exec(select(Person).where(Person.service_id == service.id, holding(Role.FACILITATOR))))
    names = iter(range(10_000))

    def patient() -> Person:
        number = next(names)
        return add_person(
            db,
            actor=acting_as(db, lead),
            roles={Role.PATIENT},
            email=f"running{number}@example.org",
            full_name=f"Running {number}",
            shown_name=f"R{number}",
            now=now,
        )

    for number in range(RUNNING):
        cohort = running_group(db, lead, number, now)
        for person, place in zip(staff, StaffPlace, strict=False):
            staff_cohort(db, actor=acting_as(db, lead), cohort=cohort, person=person, place=place, now=now)
        schedule(db, cohort=cohort)
        for _ in range(IN_A_GROUP):
            enrol(db, patient=patient(), cohort=cohort, actor=acting_as(db, lead), now=now)
        if number % 6 == 0:
            answer_by = (now + timedelta(days=7)).date()
            for _ in range(OFFERED):
                actor = acting_as(db, lead)
                offer(db, patient=patient(), cohort=cohort, answer_by=answer_by, site=SITE, actor=actor, now=now)
    for _ in range(WAIT):
        wait(db, person=patient(), wishes=Wishes(), actor=acting_as(db, lead), now=now)


def running_group(db: Session, lead: Person, number: int, now: datetime) -> Cohort:
    """One of an hour of its own; of six, one begins next week."""
    first_day = (now + timedelta(days=number % 7 - 7 * (number % 6) + (7 if number % 6 == 0 else 0))).date()
    plan = CohortPlan(
        name=f"Running {number}",
        schedule="weekly",
        first_day=first_day,
        weekdays=(first_day.weekday(),),
        wall_time=time(8 + number % 12),
        zone=service_zone(db, lead),
        capacity=14,
    )
    return create_cohort(db, actor=acting_as(db, lead), plan=plan, now=now)


def service_zone(db: Session, person: Person) -> str:
    return db.get_one(Service, person.service_id).zone
