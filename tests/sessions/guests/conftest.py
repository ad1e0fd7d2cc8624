"""The hall, a clinical lead who may do all of it, and the place of its first patient."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife.database.session import session_scope
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.models import Enrolment
from tests.sessions.guests.beside import maker, place_in
from tests.support.sessions.hall import Hall, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


@pytest.fixture
def lead(hall: Hall) -> FlaskClient:
    """A clinical lead, who may do all of it."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, hall.group.cohort.service_id)
        grace = maker(hall, db).person(service, Role.CLINICAL_LEAD)
    return hall.browser(grace)


@pytest.fixture
def place(hall: Hall) -> Enrolment:
    with hall.database() as db:
        return place_in(hall, db)
