"""The pages of goals: a patient's own, a group's, and where else they are read."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.goals.models import Goal
from backtolife.sessions.room import store as room
from backtolife.sessions.state import script, seats
from tests.support.sessions.door import Door, before_the_door

WALK = "Walk to the park with my grandson"
AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def place(door: Door, person: Person) -> str:
    with door.database() as db:
        return db.exec(select(Enrolment.id).where(Enrolment.person_id == person.id)).one()


def written(door: Door, words: str = WALK) -> str:
    """Linda's lead writes it down; the goal's id."""
    door.sign_in(door.group.lead)
    answer = door.client.post(f"/patients/{place(door, door.linda)}/goals", data={"words": words})
    assert answer.status_code == 302
    with door.database() as db:
        return db.exec(select(Goal.id)).one()


def test_what_a_facilitator_writes_down_the_patient_finds_at_home_and_puts_into_other_words(door: Door) -> None:
    goal = written(door)
    door.sign_in(door.linda)
    assert WALK in door.client.get("/").text
    assert WALK in door.client.get("/goals").text
    saved = door.client.post(f"/goals/{goal}", data={"words": "Walk with Sam", "seen": "1"}, follow_redirects=True)
    assert "Walk with Sam" in saved.text
    door.sign_in(door.group.patients[1])
    assert "Sam" not in door.client.get("/").text
    assert door.client.post(f"/goals/{goal}", data={"words": "Mine", "seen": "2"}).status_code == 404
    door.sign_in(door.group.lead)
    page = door.client.get(f"/groups/{door.group.cohort.id}/goals").text
    assert "Walk with Sam" in page
    assert "Earlier words" in page
    assert WALK in page


def test_a_patient_without_a_goal_reads_when_it_comes(door: Door) -> None:
    door.sign_in(door.linda)
    assert "In session 1 we ask you" in door.client.get("/goals").text
    assert "What you want to do more of" not in door.client.get("/").text


def test_what_is_wrong_is_said_beside_that_persons_form_and_what_was_typed_stays(door: Door) -> None:
    door.sign_in(door.group.lead)
    enrolment = place(door, door.linda)
    given = {"words": "Swim again", "look_back_on": "2020-01-01"}
    answer = door.client.post(f"/patients/{enrolment}/goals", data=given)
    assert answer.status_code == 400
    assert "still to come" in answer.text
    assert f'href="#look_back_on-{enrolment}"' in answer.text
    assert "Swim again" in answer.text
    assert "Write what they want to do more of" in door.client.post(f"/patients/{enrolment}/goals", data={}).text


def test_words_that_somebody_changed_meanwhile_are_said_and_not_lost(door: Door) -> None:
    goal = written(door)
    given = {"words": "Walk with Sam", "seen": "1"}
    assert door.client.post(f"/goals/{goal}", data=given).status_code == 302
    door.sign_in(door.linda)
    answer = door.client.post(f"/goals/{goal}", data={"words": "Walk a mile", "seen": "1"})
    assert answer.status_code == 400
    assert "Somebody changed these words" in answer.text
    assert "Walk a mile" in answer.text
    assert 'name="seen" value="2"' in answer.text


def test_the_live_room_reads_and_writes_them_as_data(door: Door) -> None:
    door.sign_in(door.group.lead)
    group = f"/groups/{door.group.cohort.id}/goals"
    where = f"/patients/{place(door, door.linda)}/goals"
    assert door.client.post(where, data={"words": WALK}, headers=AS_SCRIPT).get_json() == {"ok": True}
    people = door.client.get(group, headers=AS_SCRIPT).get_json()["people"]
    by_name = {each["name"]: each["goals"] for each in people}
    [own] = by_name[door.linda.full_name]
    assert (own["words"], own["session"], own["seen"]) == (WALK, 1, 1)
    assert by_name[door.group.patients[1].full_name] == []
    refused = door.client.post(where, data={"words": " "}, headers=AS_SCRIPT)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "Write what they want to do more of")
    stale = door.client.post(f"/goals/{own['id']}", data={"words": "A", "seen": "7"}, headers=AS_SCRIPT)
    assert "Somebody changed" in stale.get_json()["error"]


def test_they_stand_on_the_patients_page_and_on_the_page_after_the_session(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        linda = door.group.sit(door.linda, now=clock.now())
        door.group.apply(seats.admit, clock.now(), seat=linda.id, now_ms=0)
        sections = room.plan_of(db, door.group.group_session).sections
        door.group.apply(script.start, clock.now() + timedelta(seconds=1), sections=sections, now_ms=0)
    written(door)
    assert WALK in door.client.get(f"/patients/{place(door, door.linda)}").text
    assert WALK in door.client.get(f"{door.page}/summary").text
