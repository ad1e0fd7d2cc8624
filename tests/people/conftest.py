"""What the tests of typed words share."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory
from tests.support.people.desk import PASSWORD, Desk


@pytest.fixture
def desk(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Desk:
    start = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, start)
        service = make.service()
        ann, bob = make.person(service, Role.FACILITATOR, "Ann"), make.person(service, Role.FACILITATOR, "Bob")
        for person in (ann, bob):
            person.password_hash = hash_password(PASSWORD)
    desk = Desk(app, client, ann, bob, start)
    monkeypatch.setattr(clock, "now", lambda: desk.now)
    return desk
