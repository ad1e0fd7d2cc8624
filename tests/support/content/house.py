"""A service with a patient and staff in the application's own database, and being signed in there."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from backtolife import clock
from backtolife.config import Settings
from backtolife.content import services
from backtolife.content.packaging.jobs import package_next
from backtolife.database.session import session_scope
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Enrolment
from tests.support.factories import Factory


@dataclass(frozen=True)
class House:
    """Who lives in the application's database."""

    app: Flask
    service_id: str
    patient: Person
    enrolment: Enrolment
    facilitator: Person
    service_lead: Person
    stranger: Person
    """A patient of another service."""

    @property
    def engine(self) -> Engine:
        found: Engine = self.app.extensions["backtolife.engine"]
        return found

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["backtolife.settings"]
        return found

    def cookie(self, person: Person) -> str:
        """The session cookie of a browser in which `person` is signed in."""
        with session_scope(self.engine) as db:
            token = signin.begin(db, person=person, now=clock.now())
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(signer.dumps({"signed_in": token}))

    def client(self, person: Person) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie("backtolife", self.cookie(person))
        return client

    def adopt(self) -> None:
        with session_scope(self.engine) as db:
            own = db.get_one(Service, self.service_id)
            services.adopt_scripts(db, service=own, actor=System("command", own.id), now=clock.now())

    def work(self, steps: int = 1) -> list[bool]:
        """Do what the scheduler process does, `steps` times."""
        return [package_next(self.engine, self.settings, clock.now()) for _ in range(steps)]


def open_house(app: Flask) -> House:
    """Two services; in the first a cohort with a patient, Priya who leads and Tom who spots."""
    now: datetime = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        stranger = make.enrolment(make.cohort(make.service()))
        service = make.service("Northgate")
        cohort = make.cohort(service)
        facilitator = make.facilitator(cohort, name="Priya")
        enrolment = make.enrolment(cohort, "Asha")
        return House(
            app,
            service.id,
            db.get_one(Person, enrolment.person_id),
            enrolment,
            facilitator,
            make.person(service, Role.SERVICE_LEAD),
            db.get_one(Person, stranger.person_id),
        )
