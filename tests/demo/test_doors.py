"""Whoever makes up a service can sign in as each of its staff."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.demo.simulated import doors
from backtolife.demo.simulated.service import STAFF, Size, simulate

SITE = "http://localhost"
PASSWORD = "a garden in the rain 7"


@pytest.fixture
def told(app: Flask) -> str:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        made = simulate(db, name="Made up", size=Size(groups=1, patients=6, waiting=1), now=now - timedelta(hours=1))
        return doors.ways_in(db, made, site=SITE, now=now)


def test_each_of_the_staff_has_an_address_and_a_link_that_opens_a_password(told: str, client: FlaskClient) -> None:
    links = re.findall(rf"{SITE}(/staff/invitation/\S+)", told)
    assert len(set(links)) == len(STAFF)
    for _, _, name in STAFF:
        assert name in told
    assert "Clinical lead: Grace Adeyemi" in told
    chosen = client.post(links[0], data={"password": PASSWORD, "repeated": PASSWORD})
    assert chosen.status_code == 302, chosen.text
    assert client.get("/").status_code == 200
    assert client.post(links[0], data={"password": PASSWORD, "repeated": PASSWORD}).status_code != 302
