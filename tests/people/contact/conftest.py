"""A patient who can be reached, and who can sign in."""

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from tests.support.factories import Factory


@pytest.fixture
def patient(app: Flask) -> tuple[str, str, dict[str, str]]:
    """A patient with a mobile number: their id, their place's, and who can sign in."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service())
        place = make.enrolment(cohort, "Linda")
        person = db.get_one(Person, place.person_id)
        person.phone = "07700 900123"
        tokens = {
            "own": signin.begin(db, person=person, now=clock.now()),
            "staff": signin.begin(db, person=make.facilitator(cohort), now=clock.now()),
        }
        return person.id, place.id, tokens
