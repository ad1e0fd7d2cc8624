"""A group whose patients answer on the pages, and the staff who may look."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient
from tests.support.people.cookies import browser_of


@dataclass
class AnsweringGroup:
    """One service with two patients of one group and its staff; `as_` signs one of them in."""

    app: Flask
    people: dict[str, str]
    enrolments: dict[str, str]

    def as_(self, name: str) -> FlaskClient:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            person = db.get_one(Person, self.people[name])
        return browser_of(self.app, person)

    def open(self, instrument: str, who: str = "maureen") -> str:
        """Open a form of the first milestone; its address without the number."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            now = clock.now()
            actor = Factory(db, now).actor(db.get_one(Person, self.people[who]))
            patient = Patient(db, db.get_one(Enrolment, self.enrolments[who]), actor, now)
            return f"/questions/{patient.open(instrument).id}"

    def rows(self, kind: type[Any]) -> list[Any]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return list(db.exec(select(kind)))

    def move_start(self, days: int) -> None:
        """Move the group's first session by so many days; into the past, who is in it was in it before."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            for place in db.exec(select(Enrolment)):
                place.enrolled_at += timedelta(days=min(days, 0))
            for date in db.exec(select(SessionDate).where(SessionDate.number == 1)):
                date.starts_at += timedelta(days=days)
                date.ends_at += timedelta(days=days)


def group_who_answer(app: Flask) -> AnsweringGroup:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        now: datetime = clock.now()
        make = Factory(db, now)
        service = make.service()
        cohort: Cohort = make.cohort(service, first_day=(now + timedelta(days=7)).date())
        elsewhere = make.enrolment(make.cohort(make.service()))
        places = {"maureen": make.enrolment(cohort, "Maureen"), "alan": make.enrolment(cohort, "Alan")}
        people = {name: place.person_id for name, place in places.items()} | {"stranger": elsewhere.person_id}
        people["lead"] = make.person(service, Role.CLINICAL_LEAD, "Grace").id
        people["priya"] = make.facilitator(cohort, name="Priya").id
        people["other"] = make.facilitator(make.cohort(service), name="Tom").id
        people["manager"] = make.person(service, Role.SERVICE_LEAD, "Anita").id
        people["new"] = make.person(service, Role.PATIENT, "Newcomer").id
        return AnsweringGroup(app, people, {name: place.id for name, place in places.items()})
