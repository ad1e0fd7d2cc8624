"""The diary as its writer meets it, with and without a script, and as staff read it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.practice.models import PracticeEntry
from tests.support.sessions.door import Door, before_the_door

WALK = {"item": "other", "what": "A walk in the park", "minutes": "20", "felt": "good", "note": "Sunny"}


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    door = before_the_door(app, client)
    door.sign_in(door.linda)
    return door


def today() -> str:
    return clock.now().date().isoformat()


def place(door: Door, person: Person) -> str:
    with door.database() as db:
        return db.exec(select(Enrolment.id).where(Enrolment.person_id == person.id)).one()


def entry(door: Door) -> PracticeEntry:
    with door.database() as db:
        return db.exec(select(PracticeEntry)).one()


def later_sessions_are_to_come(door: Door) -> None:
    """The group's other dates follow its first, as they do in life."""
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        for date in db.exec(select(SessionDate).where(SessionDate.cohort_id == door.group.cohort.id)):
            if date.number > 1:
                date.starts_at = clock.now() + timedelta(weeks=date.number)
                date.ends_at = date.starts_at + timedelta(minutes=90)


def sent(**other: object) -> dict[str, Any]:
    made = {"key": "c" * 32, "edit": 0, "day": today(), "minutes": 15, "device_day": today(), "ago": 60.0}
    return {**made, "item": "other", "what": "The stairs", "felt": "", "note": "", **other}


def test_linda_writes_without_a_script_and_the_same_form_twice_is_one_entry(door: Door) -> None:
    form = {**WALK, "day": today(), "key": "b" * 32}
    for _ in range(2):
        page = door.client.post("/practice", data=form, follow_redirects=True).text
    assert page.count("A walk in the park</bdi>") == 1
    assert "20 minutes. It felt: good" in page and "Sunny" in page
    assert 'href="/practice"' in door.client.get("/").text


def test_what_is_wrong_is_said_and_what_was_typed_stays(door: Door) -> None:
    answer = door.client.post("/practice", data={**WALK, "day": "2099-01-01", "minutes": "9999"})
    assert answer.status_code == 400
    assert "Write the minutes as a number from 0 to 720" in answer.text and "A walk in the park" in answer.text
    later = door.client.post("/practice", data={**WALK, "day": "2099-01-01"})
    assert later.status_code == 400 and "That day is still to come" in later.text
    nothing = door.client.post("/practice", data={"day": today()})
    assert nothing.status_code == 400 and "Choose what you did" in nothing.text


def test_an_entry_is_changed_taken_out_put_back_and_deleted_for_good(door: Door) -> None:
    door.client.post("/practice", data={**WALK, "day": today()})
    address = f"/practice/{entry(door).id}"
    assert "A walk in the park" in door.client.get(address).text
    page = door.client.post(
        address, data={**WALK, "day": today(), "what": "A swim", "edit": "0"}, follow_redirects=True
    )
    assert "A swim" in page.text and "A walk" not in page.text
    stale = door.client.post(address, data={**WALK, "day": today(), "edit": "0"})
    assert stale.status_code == 400 and "changed this entry somewhere else" in stale.text
    assert "Taken out" in door.client.post(f"{address}/take-out", follow_redirects=True).text
    assert "It is back" in door.client.post(f"{address}/put-back", follow_redirects=True).text
    assert "A swim" not in door.client.post(f"{address}/delete", follow_redirects=True).text


def test_what_a_script_sends_is_kept_once_and_what_cannot_be_is_named_beside_the_rest(door: Door) -> None:
    batch = [sent(), sent(key="d" * 32, day="2099-01-01"), sent(key="e" * 32, minutes="many"), sent()]
    told = door.client.post("/practice/entries", json={"entries": batch}).get_json()
    assert told["saved"] == ["c" * 32, "c" * 32]
    assert told["refused"]["d" * 32]["field"] == "day" and "still to come" in told["refused"]["d" * 32]["error"]
    assert "write it again" in told["refused"]["e" * 32]["error"]
    assert entry(door).what == "The stairs"
    assert door.client.post("/practice/entries", json=[1]).status_code == 400


def test_a_device_two_days_wrong_is_asked_about_until_somebody_has_looked(door: Door) -> None:
    ours = clock.now().date()
    wrong = ours.replace(year=ours.year - 1).isoformat() if ours.month > 2 else "2025-11-02"
    door.client.post("/practice/entries", json={"entries": [sent(device_day=wrong)]})
    assert "Is the day right?" in door.client.get("/practice").text
    kept = entry(door)
    form = {"item": "other", "what": "The stairs", "day": today(), "edit": str(kept.edit)}
    assert "Is the day right?" not in door.client.post(f"/practice/{kept.id}", data=form, follow_redirects=True).text


def test_staff_read_it_on_the_patients_page_and_nobody_else_does(door: Door) -> None:
    door.client.post("/practice", data={**WALK, "day": today()})
    kept = entry(door)
    door.sign_in(door.group.patients[1])
    assert "A walk in the park" not in door.client.get("/practice").text
    assert door.client.get(f"/practice/{kept.id}").status_code == 404
    door.sign_in(door.group.lead)
    page = door.client.get(f"/patients/{place(door, door.linda)}").text
    assert "A walk in the park" in page and "Nothing written does not mean" in page
    assert door.client.get("/practice").status_code == 403
    assert "A walk in the park" not in door.client.get(f"/patients/{place(door, door.group.patients[1])}").text


def test_the_week_is_read_on_one_page(door: Door) -> None:
    later_sessions_are_to_come(door)
    assert "Your first session is still to come" in door.client.get("/week").text
    door.move(days=-1)
    page = door.client.get("/week").text
    assert "After session 1" in page and "Try slow breathing for five minutes." in page
    assert "4 times a week" in page and "Read the words" in page
    assert "Try slow breathing for five minutes." in door.client.get("/practice").text


def put_in_state(door: Door, state: EnrolmentState) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        db.exec(select(Enrolment).where(Enrolment.person_id == door.linda.id)).one().state = state


def test_who_was_discharged_still_sends_what_they_wrote_and_may_go_on_writing(door: Door) -> None:
    put_in_state(door, EnrolmentState.COMPLETED)
    told = door.client.post("/practice/entries", json={"entries": [sent()]}).get_json()
    assert told == {"saved": ["c" * 32], "refused": {}}
    assert door.client.get("/practice").status_code == 200


def test_what_arrives_after_somebody_left_is_neither_taken_nor_refused_and_comes_once_when_they_are_back(
    door: Door,
) -> None:
    put_in_state(door, EnrolmentState.WITHDRAWN)
    assert door.client.post("/practice/entries", json={"entries": [sent()]}).status_code == 404
    with door.database() as db:
        assert db.exec(select(PracticeEntry)).all() == []
    put_in_state(door, EnrolmentState.STARTED)
    for _ in range(2):
        assert door.client.post("/practice/entries", json={"entries": [sent()]}).get_json()["saved"] == ["c" * 32]
    assert entry(door).what == "The stairs"


def test_what_was_written_before_midnight_without_a_link_keeps_its_day_and_nobody_is_asked_about_it(door: Door) -> None:
    before = (clock.now() - timedelta(days=1)).date().isoformat()
    late = sent(day=before, device_day=before, ago=24 * 3600.0)
    assert door.client.post("/practice/entries", json={"entries": [late]}).get_json()["saved"]
    assert entry(door).day.isoformat() == before
    assert "Is the day right?" not in door.client.get("/practice").text


def test_a_device_two_days_wrong_keeps_the_day_that_the_patient_says(door: Door) -> None:
    said = (clock.now() - timedelta(days=2)).date().isoformat()
    wrong = sent(day=said, device_day=said, ago=0.0)
    assert door.client.post("/practice/entries", json={"entries": [wrong]}).get_json()["saved"]
    assert entry(door).day.isoformat() == said
    assert "Is the day right?" in door.client.get("/practice").text
