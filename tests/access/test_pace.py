"""Whoever sends without a pause is told to wait, at every door where something may be left; nobody else is."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import app as application
from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.people.limits import throttles
from backtolife.people.models import Role
from backtolife.web.edge import LOOKS
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import World, rules
from tests.access.world import build

SIGNED = ("webhooks.media", "receipts.texts")


@pytest.fixture
def world(app: Flask) -> World:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return World(app, build(db, "A", now), build(db, "B", now))


def tick(world: World, role: Role = Role.PATIENT, path: str = "warning-signs", *, there: bool = False) -> int:
    house = world.there if there else world.here
    client = world.app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = house.tokens[role]
    answer = client.post(f"/sessions/{house.ids['group_session_id']}/{path}", data={"sign": "emergency"})
    return answer.status_code


def test_one_person_may_tick_warning_signs_so_often_and_then_has_to_wait_a_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles.by_door, "most", 2)
    assert [tick(world) for _ in range(3)] == [204, 204, 429]
    assert tick(world, there=True) == 204, "somebody else need not"
    assert tick(world, path="media-check") == 200, "nor does who does something else"
    later = clock.now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert tick(world) == 204


def test_no_door_takes_what_is_sent_without_a_pause(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for counter in (throttles.by_door, throttles.by_busy_door, throttles.reports):
        monkeypatch.setattr(counter, "most", 0)
    doors = [each for each in rules(world.app) if each[1] not in LOOKS and each[0].endpoint not in SIGNED]
    assert doors
    for rule, method in doors:
        action = ROUTES[rule.endpoint]
        role = next((role for role in Role if role in ROLES.get(action, ())), None)
        token = world.here.tokens[role] if role is not None and action != PUBLIC else None
        status, _ = world.knock(rule, method, token, world.here)
        assert status == 429, f"{method} {rule.endpoint} as {role}: {status}"


def test_the_media_engine_is_never_told_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles.by_busy_door, "most", 0)
    assert world.app.test_client().post("/webhooks/media").status_code == 403


def test_one_browser_uses_up_no_minute_of_all_who_are_behind_its_address(
    settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a token that is right, as any script gets it: it is refused before the others' share is gone."""
    monkeypatch.setattr(throttles.by_busy_door, "most", 2 * throttles.by_visit.most)
    guarded = application.create_app(settings)

    def browser() -> tuple[FlaskClient, str]:
        client = guarded.test_client()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
        assert token
        return client, token[1]

    def send(client: FlaskClient, token: str) -> int:
        return client.post("/sign-in", data={"csrf_token": token, "email": "not an address"}).status_code

    greedy, other = browser(), browser()
    answers = [send(*greedy) for _ in range(4 * throttles.by_visit.most)]
    assert answers == [400] * throttles.by_visit.most + [429] * 3 * throttles.by_visit.most
    assert send(*other) == 400
    guarded.extensions["backtolife.engine"].dispose()
    assert app is not guarded
