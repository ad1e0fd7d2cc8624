"""Plans on the page of a group, at the patient's home, on the patient's page, and as data for the live room."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from tests.support.sessions.door import Door, before_the_door

WALK = {"what": "Walk to the shop", "how_much": "10 minutes", "when": "after breakfast", "sure": "8", "seen": "0"}
AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def place(door: Door, person: Person) -> str:
    with door.database() as db:
        return db.exec(select(Enrolment.id).where(Enrolment.person_id == person.id)).one()


def address(door: Door) -> str:
    return f"/patients/{place(door, door.linda)}/plans/1"


def test_what_the_spotter_writes_down_linda_finds_at_home_and_staff_on_her_page(door: Door) -> None:
    door.sign_in(door.group.lead)
    page = door.client.post(address(door), data=WALK, follow_redirects=True).text
    assert "Saved." in page and "Walk to the shop, 10 minutes, after breakfast" in page and "Sure: 8 of 10" in page
    of_linda = door.client.get(f"/patients/{place(door, door.linda)}").text
    assert "Walk to the shop, 10 minutes, after breakfast" in of_linda
    door.sign_in(door.linda)
    home = door.client.get("/").text
    assert "Your plan from session 1" in home and "Walk to the shop" in home and "How sure you feel: 8 of 10" in home
    assert "Next time we ask how it went" in home
    door.sign_in(door.group.patients[1])
    assert "Walk to the shop" not in door.client.get("/").text
    assert door.client.post(address(door), data=WALK).status_code == 403


def test_how_it_went_is_said_on_the_groups_page_and_read_at_home(door: Door) -> None:
    door.sign_in(door.group.lead)
    door.client.post(address(door), data=WALK)
    assert door.client.post(f"{address(door)}/went", data={"went": "partly"}).status_code == 302
    again = {**WALK, "what": "Walk to the bench", "seen": "2"}
    page = door.client.post(address(door), data=again, follow_redirects=True).text
    assert "How it went: partly" in page and "Walk to the bench" in page and "Walk to the shop" in page
    door.sign_in(door.linda)
    home = door.client.get("/").text
    assert "How it went: partly" in home and "Next time we ask" not in home


def test_what_is_wrong_is_said_beside_that_persons_form_and_what_was_typed_stays(door: Door) -> None:
    door.sign_in(door.group.lead)
    name = f"1-{place(door, door.linda)}"
    answer = door.client.post(address(door), data={**WALK, "sure": "12"})
    assert answer.status_code == 400
    assert "Write a number from 0 to 10" in answer.text and f'href="#sure-{name}"' in answer.text
    assert "Walk to the shop" in answer.text
    door.client.post(address(door), data=WALK)
    stale = door.client.post(address(door), data={**WALK, "what": "Swim"})
    assert stale.status_code == 400
    assert "Somebody changed this plan" in stale.text and f'href="#what-{name}"' in stale.text
    nothing = door.client.post(f"{address(door)}/went", data={})
    assert nothing.status_code == 400 and "Choose how it went" in nothing.text


def test_the_room_reads_and_writes_the_same_as_data(door: Door) -> None:
    door.sign_in(door.group.lead)
    assert door.client.post(address(door), data=WALK, headers=AS_SCRIPT).get_json() == {"ok": True}
    found = door.client.get(f"/groups/{door.group.cohort.id}/plans", headers=AS_SCRIPT).get_json()["people"]
    [linda] = [each for each in found if each["plans"]]
    assert linda["enrolment"] == place(door, door.linda)
    [plan] = linda["plans"]
    assert plan == {
        "session": 1,
        "what": "Walk to the shop",
        "how_much": "10 minutes",
        "when": "after breakfast",
        "sure": 8,
        "said": "Walk to the shop, 10 minutes, after breakfast",
        "went": "",
        "seen": 1,
    }
    refused = door.client.post(address(door), data={"what": "Swim", "seen": "0"}, headers=AS_SCRIPT)
    assert (refused.status_code, refused.get_json()["ok"]) == (400, False)
    assert f'"plans": "/groups/{door.group.cohort.id}/plans"' in door.client.get(f"{door.page}/room").text
