"""What the tests of typed words share."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from backtolife.people.signing_in.passwords import hash_password
from tests.support.browser import chromium
from tests.support.factories import Factory
from tests.support.people.desk import PASSWORD, Desk
from tests.support.running import House, running_house


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


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For pages in a real browser: no session is held here."""
    with running_house(tmp_path_factory.mktemp("house"), media=False) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running
