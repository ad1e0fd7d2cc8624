"""Running late: said from home, the link or the page before the doors open, and seen by staff."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife.sessions.room.models import GroupSession
from tests.support.sessions.door import Door, before_the_door


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


def test_a_page_whose_sign_in_has_ended_is_not_told_that_its_person_is_late(door: Door) -> None:
    answer = door.client.post(f"{door.link}/late", data={"minutes": "5"}, headers={"Accept": "application/json"})
    assert (answer.status_code, late_in(door)) == (403, {})


def test_pages_say_whether_they_were_made_for_the_same_person(door: Door) -> None:
    def made_for() -> str:
        found = re.search(r'data-made-for="([^"]+)"', door.client.get("/").text)
        assert found is not None
        return found[1]

    door.sign_in(door.linda)
    linda = made_for()
    assert door.linda.id not in linda
    door.sign_in(door.linda)
    assert made_for() == linda
    door.sign_in(next(person for person in door.group.patients if person.id != door.linda.id))
    assert made_for() != linda


def test_a_day_late_nobody_can_say_that_they_are_late(door: Door) -> None:
    door.move(days=-1)
    door.remember(door.linda)
    assert "Running late?" not in door.client.get(door.link).text
    assert door.client.post(f"{door.link}/late", data={"minutes": "5"}).status_code == 409


def test_half_an_hour_after_the_start_nobody_is_asked_whether_they_are_late(door: Door) -> None:
    door.remember(door.linda)
    door.start_was(minutes=29)
    assert "minutes late" in door.client.post(f"{door.link}/late", data={"minutes": "5"}, follow_redirects=True).text
    door.start_was(minutes=31)
    assert door.client.post(f"{door.link}/late", data={"minutes": "5"}).status_code == 409
    assert "Running late?" not in door.client.get(door.link).text


def not_coming_to(door: Door) -> set[str]:
    with door.database() as db:
        return set(db.get_one(GroupSession, door.group.group_session.id).state.get("not_coming", {}))


def test_who_cannot_come_says_so_days_before_and_takes_it_back(door: Door) -> None:
    door.move(days=3)
    door.sign_in(door.linda)
    assert "I cannot come" in door.client.get("/").text
    said = door.client.post(f"{door.link}/coming", data={"coming": "no"}, follow_redirects=True)
    assert "You told us that you cannot come to session 1." in said.text
    assert "reminder" not in said.text
    assert not_coming_to(door) == {door.linda.id}
    said = door.client.post(f"{door.link}/coming", data={"coming": "yes"}, follow_redirects=True)
    assert "I cannot come" in said.text
    assert not_coming_to(door) == set()


def test_who_cannot_come_is_no_longer_late_and_who_is_late_does_come(door: Door) -> None:
    door.remember(door.linda)
    door.client.post(f"{door.link}/late", data={"minutes": "10"})
    said = door.client.post(f"{door.link}/coming", data={"coming": "no"}, follow_redirects=True)
    assert "Running late?" not in said.text
    assert (late_in(door), not_coming_to(door)) == ({}, {door.linda.id})
    door.client.post(f"{door.link}/late", data={"minutes": "10"})
    assert (set(late_in(door)), not_coming_to(door)) == ({door.linda.id}, set())


def test_who_comes_in_after_all_is_expected_again(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post(f"{door.link}/coming", data={"coming": "no"})
    ready = {"camera": "off", "where": "At home", "phone": "01632 960100"}
    assert door.client.post(f"{door.page}/get-ready", data=ready).status_code == 302
    assert not_coming_to(door) == set()


def test_once_the_session_has_begun_nothing_promises_that_there_is_time_to_change_it(door: Door) -> None:
    door.start_was(minutes=5)
    door.sign_in(door.linda)
    said = door.client.post(f"{door.link}/coming", data={"coming": "no"}, follow_redirects=True).text
    assert ("told your team that you cannot come" in said, "until the session begins" in said) == (True, False)


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_neither_yes_nor_no_is_refused(door: Door, answer: str) -> None:
    door.sign_in(door.linda)
    assert door.client.post(f"{door.link}/coming", data={"coming": answer}).status_code == 400
    assert not_coming_to(door) == set()


def test_after_half_an_hour_it_is_too_late_to_say_that_one_cannot_come(door: Door) -> None:
    door.start_was(minutes=31)
    door.sign_in(door.linda)
    assert "I cannot come" not in door.client.get("/").text
    assert door.client.post(f"{door.link}/coming", data={"coming": "no"}).status_code == 409


def test_nobody_unknown_and_nobody_of_staff_says_that_they_cannot_come(door: Door) -> None:
    assert door.client.post(f"{door.link}/coming", data={"coming": "no"}).status_code == 302
    door.sign_in(door.group.lead)
    assert door.client.post(f"{door.link}/coming", data={"coming": "no"}).status_code == 302
    assert not_coming_to(door) == set()


def test_staff_see_who_cannot_come_on_the_page_of_the_group_and_of_the_patient(door: Door) -> None:
    door.move(hours=3)
    door.sign_in(door.linda)
    door.client.post(f"{door.link}/coming", data={"coming": "no"})
    with door.database() as db:
        door.group.make.db = db
        place = door.group.make.enrolment_of(door.linda, door.group.cohort)
        pages = (f"/groups/{place.cohort_id}", f"/patients/{place.id}")
    door.sign_in(door.group.lead)
    for page in pages:
        assert door.client.get(page).text.count("Cannot come") == 1, page
    door.sign_in(door.linda)
    door.client.post(f"{door.link}/coming", data={"coming": "yes"})
    door.sign_in(door.group.lead)
    for page in pages:
        assert "Cannot come" not in door.client.get(page).text, page
