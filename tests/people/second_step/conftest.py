"""A member of staff with a phone, on SQLite and on PostgreSQL, and a clock that stands still."""

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory
from tests.support.people import staff_door
from tests.support.people.phone import PASSWORD, Phone
from tests.support.running import House


@pytest.fixture
def phone(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Phone:
    start = clock.now().replace(second=5)
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, start)
        make.noise()
        person = make.person(make.service(), Role.CLINICAL_LEAD, "Grace")
        person.password_hash = hash_password(PASSWORD)
    found = Phone(site, person, start)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


@pytest.fixture
def outgoing(phone: Phone) -> Callable[[], list[str]]:
    """The subjects of what waits to be sent to them."""

    def subjects() -> list[str]:
        with session_scope(phone.app.extensions["backtolife.engine"]) as db:
            wanted = select(OutgoingMessage.subject).where(OutgoingMessage.person_id == phone.person.id)
            return list(db.exec(wanted))

    return subjects


NUMBERS = count(1)
"""Each test has people of its own in the one house."""


@pytest.fixture
def grace(house: House) -> Person:
    with house.database() as db:
        make = Factory(db, clock.now(), NUMBERS)
        person = make.person(make.service(), Role.CLINICAL_LEAD, "Grace")
        person.password_hash = hash_password(staff_door.PASSWORD)
        return person
