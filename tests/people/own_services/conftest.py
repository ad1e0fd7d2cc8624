"""Grace works for two services; on SQLite and on PostgreSQL, with a clock that stands still."""

from itertools import count

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory
from tests.support.people.two_services import PASSWORDS, TwoServices
from tests.support.running import House

NUMBERS = count(1)
"""Each browser test has people of its own in the one house."""


def cast_of(make: Factory) -> dict[str, Person]:
    """Grace twice, an administrator in each service, and Mallory of the south, who is somebody else."""
    north, south = make.service("North Pain Service"), make.service("South Pain Service")
    people = {
        "north": make.person(north, Role.CLINICAL_LEAD, "Grace"),
        "south": make.person(south, Role.FACILITATOR, "Grace"),
        "north admin": make.person(north, Role.ADMINISTRATOR, "Nora"),
        "south admin": make.person(south, Role.ADMINISTRATOR, "Sid"),
        "mallory": make.person(south, Role.FACILITATOR, "Mallory"),
    }
    for name, password in PASSWORDS.items():
        people[name].password_hash = hash_password(password)
    return people


@pytest.fixture
def two(site: Flask, monkeypatch: pytest.MonkeyPatch) -> TwoServices:
    start = clock.now().replace(second=5)
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, start)
        make.noise()
        people = cast_of(make)
    found = TwoServices(site, people, start)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


@pytest.fixture
def graces(house: House) -> dict[str, Person]:
    """The same people in a house with a real browser."""
    with house.database() as db:
        return cast_of(Factory(db, clock.now(), NUMBERS))
