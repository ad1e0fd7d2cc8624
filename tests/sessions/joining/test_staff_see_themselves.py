"""Staff see and hear themselves before they go into the room, or go straight in with one press."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.sessions.records import closing
from backtolife.sessions.room import store as room
from backtolife.sessions.state import script, seats
from tests.support.sessions.door import Door, before_the_door
from tests.support.sessions.pages import Hall, look


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def test_the_way_into_the_room_stands_on_the_page_from_the_start(door: Door) -> None:
    door.sign_in(door.group.lead)
    page = door.client.get(f"{door.page}/get-ready").text
    assert "See yourself before session 1" in page
    assert f'href="{door.page}/room"' in page
    assert f'href="{door.page}/room?camera=off"' in page
    assert "Who can see you?" not in page, "what patients are asked is not asked of staff"


def test_who_is_in_the_session_comes_straight_back_into_the_room(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        own = door.group.sit(door.group.lead, now=clock.now())
    door.sign_in(door.group.lead)
    assert door.client.get(door.link).headers["Location"].endswith("/room")
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        door.group.apply(seats.leave, clock.now(), seat=own.id)
    assert door.client.get(door.link).headers["Location"].endswith("/get-ready")


def test_before_the_doors_open_and_after_the_end_staff_read_that(door: Door) -> None:
    door.sign_in(door.group.lead)
    door.move(hours=3)
    assert "opens at" in door.client.get(f"{door.page}/get-ready").text
    door.move(hours=-3)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        held = room.load(db, door.group.group_session.id)
        room.apply(db, held, script.start, clock.now(), sections=room.plan_of(db, held).sections, now_ms=0)
        closing.close(db, group_session=held, actor=door.group.make.actor(door.group.lead), now=clock.now())
    assert "is over" in door.client.get(f"{door.page}/get-ready").text


@pytest.mark.browser
@pytest.mark.media
@pytest.mark.timeout(600)
def test_a_facilitator_sees_their_picture_and_goes_in_with_one_press(hall: Hall) -> None:
    page = hall.page(hall.group.lead)
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    expect(page.locator("[data-check=camera] [data-tag]")).to_have_text("Works")
    expect(page.locator("[data-check=microphone] [data-tag]")).to_have_text("Works")
    expect(page.locator("[data-check=network] [data-tag]")).to_have_text("Works")
    page.wait_for_function("() => document.querySelector('#preview').videoWidth > 0")
    look(page)
    page.get_by_role("link", name="Go in with my camera off").click()
    expect(page.get_by_role("button", name="Start session 1")).to_be_visible()
    expect(page.locator("#camera")).to_contain_text("Turn camera on")
    page.locator("#camera").click()
    expect(page.locator("#camera")).to_contain_text("Turn camera off")
