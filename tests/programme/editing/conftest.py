"""The desk at which a service writes its own programme."""

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.programme.editing.desk import Desk
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


@pytest.fixture
def desk(app: Flask) -> Desk:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        running = make.cohort(service, "Running", first_day=clock.now().date())
        facilitator = make.facilitator(running)
        lead, other = make.person(service, Role.CLINICAL_LEAD, "Grace"), make.person(service, Role.SERVICE_LEAD, "Lee")
    return Desk(app, service, running, facilitator, browser_of(app, lead), browser_of(app, other))
