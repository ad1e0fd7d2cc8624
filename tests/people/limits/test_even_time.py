"""Doors that take an address answer after even times, whether we know the address or not."""

import re
import time

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from backtolife.people.limits import even_time
from backtolife.people.limits.even_time import is_even, left_of_step
from backtolife.people.models import Role
from tests.support.factories import Factory

PASSWORD_TOO = {"password": "not it"}
DOORS = {"/sign-in": {}, "/staff/sign-in": PASSWORD_TOO, "/staff/sign-in/link": {}, "/staff/reset": {}}
TYPED_ADDRESS = re.compile(r'<form([^>]*method="post"[^>]*)>(?:(?!</form>).)*name="email"', re.DOTALL)
ACTION = re.compile(r'action="([^"]*)"')


@pytest.mark.parametrize(("took", "left"), [(0.0, 0.1), (0.004, 0.096), (0.1, 0.1), (0.13, 0.07)])
def test_an_answer_waits_for_the_next_step(monkeypatch: pytest.MonkeyPatch, took: float, left: float) -> None:
    monkeypatch.setattr(even_time, "STEP_SECONDS", 0.1)
    assert left_of_step(took) == pytest.approx(left)


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("is_known", [True, False])
def test_each_door_waits_and_holds_nothing_meanwhile(
    client: FlaskClient, make: Factory, monkeypatch: pytest.MonkeyPatch, path: str, is_known: bool
) -> None:
    person = make.person(make.service(), Role.PATIENT if path == "/sign-in" else Role.FACILITATOR)
    make.db.commit()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        assert "db" not in g
        assert "has_place" not in g
        slept.append(seconds)

    monkeypatch.setattr(even_time, "STEP_SECONDS", 30.0)
    monkeypatch.setattr(time, "sleep", sleep)
    client.post(path, data={"email": person.email if is_known else "nobody@example.org", **DOORS[path]})
    assert len(slept) == 1
    assert 0 < slept[0] <= 30


def test_every_public_form_that_takes_an_address_is_such_a_door(app: Flask, client: FlaskClient) -> None:
    routes = app.url_map.bind("localhost")
    found = 0
    for page in ("/sign-in", "/sign-in/code", "/staff/sign-in", "/staff/reset"):
        for form in TYPED_ADDRESS.findall(client.get(page).text):
            action = ACTION.search(form)
            endpoint, _ = routes.match(action[1] if action else page, method="POST")
            assert is_even(app.view_functions[endpoint]), f"{page} sends an address to {endpoint}"
            found += 1
    assert found >= 4
    for endpoint in ("joining.send_code", "joining.spend_code"):
        assert is_even(app.view_functions[endpoint]), endpoint
