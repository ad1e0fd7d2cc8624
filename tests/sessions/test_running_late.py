"""Running late: said from home, the link or the page before the doors open, and seen by staff."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife.sessions.models import GroupSession
from tests.sessions.door import Door, before_the_door


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def late_in(door: Door) -> dict[str, object]:
    with door.database() as db:
        found: dict[str, object] = db.get_one(GroupSession, door.group.group_session.id).state.get("late", {})
    return found


def test_who_is_running_late_says_so_from_a_remembered_device_and_staff_see_it(door: Door) -> None:
    door.remember(door.linda)
    assert "Running late?" in door.client.get(door.link).text
    said = door.client.post(f"{door.link}/late", data={"minutes": "10"}, follow_redirects=True)
    assert "about 10 minutes late" in said.text
    late = late_in(door)
    assert set(late) == {door.linda.id}


def test_who_is_running_late_says_so_from_home(door: Door) -> None:
    door.sign_in(door.linda)
    assert "Running late?" in door.client.get("/").text
    said = door.client.post(f"{door.link}/late", data={"minutes": "20"}, follow_redirects=True)
    assert "about 20 minutes late" in said.text
    assert set(late_in(door)) == {door.linda.id}


def test_who_is_late_can_say_so_before_the_doors_open(door: Door) -> None:
    door.move(hours=3)
    door.remember(door.linda)
    assert "Running late?" in door.client.get(door.link).text
    door.client.post(f"{door.link}/late", data={"minutes": "5"})
    assert set(late_in(door)) == {door.linda.id}


@pytest.mark.parametrize("minutes", ["", "7", "x", "-5"])
def test_being_late_by_nonsense_is_refused(door: Door, minutes: str) -> None:
    door.remember(door.linda)
    assert door.client.post(f"{door.link}/late", data={"minutes": minutes}).status_code == 400
    assert late_in(door) == {}


def test_nobody_unknown_is_said_to_be_late(door: Door) -> None:
    answer = door.client.post(f"{door.link}/late", data={"minutes": "5"})
    assert (answer.status_code, late_in(door)) == (302, {})


def test_a_day_late_nobody_can_say_that_they_are_late(door: Door) -> None:
    door.move(days=-1)
    door.remember(door.linda)
    assert "Running late?" not in door.client.get(door.link).text
    assert door.client.post(f"{door.link}/late", data={"minutes": "5"}).status_code == 409
