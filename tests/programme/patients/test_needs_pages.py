"""What helps somebody take part: on their own page, on that of staff, and before the session where it is needed."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.sessions.joining.page_data import for_patients, for_staff
from backtolife.sessions.room.models import GroupSession
from tests.support.sessions.hall import Hall, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def lead(hall: Hall) -> FlaskClient:
    return hall.browser(hall.group.lead)


def place_id(hall: Hall, number: int = 0) -> str:
    with hall.database() as db:
        hall.group.make.db = db
        return hall.group.make.enrolment_of(hall.group.patients[number], hall.group.cohort).id


def told(hall: Hall) -> list[str] | None:
    with hall.database() as db:
        return db.get_one(Person, hall.group.patients[0].id).needs


def test_a_patient_is_asked_once_on_their_first_page_and_tells_it_on_their_own(hall: Hall) -> None:
    linda = hall.browser(hall.group.patients[0])
    assert "What helps you take part?" in linda.get("/").text
    answer = linda.post("/your-details/what-helps", data={"kinds": ["interpreter", "no_floor"], "language": "pl"})
    assert answer.status_code == 302
    assert told(hall) == ["interpreter", "no_floor"]
    assert "What helps you take part?" not in linda.get("/").text
    assert "Someone who interprets for me" in linda.get("/your-details").text
    shown = linda.get("/your-details/what-helps").text
    assert shown.count("checked") == 2
    assert re.search(r'value="pl"[^>]*selected[^>]*>\s*Polish \(polski\)', shown)


def test_an_interpreter_without_a_language_is_asked_for_it(hall: Hall) -> None:
    answer = hall.browser(hall.group.patients[0]).post("/your-details/what-helps", data={"kinds": "interpreter"})
    assert (answer.status_code, "Choose the language for the interpreter." in answer.text) == (400, True)
    assert told(hall) is None


def test_staff_write_down_what_they_heard_and_see_who_was_not_asked(hall: Hall) -> None:
    page = lead(hall).get(f"/groups/{hall.group.cohort.id}").text
    assert f"/patients/{place_id(hall)}/needs" in page
    answer = lead(hall).post(f"/patients/{place_id(hall)}/needs", data={"kinds": "sight", "words": "Uses a wheelchair"})
    assert answer.status_code == 302
    page = lead(hall).get(f"/groups/{hall.group.cohort.id}").text
    assert "Does not see well; Uses a wheelchair" in page
    assert f"/patients/{place_id(hall)}/needs" not in page
    assert f"/patients/{place_id(hall, 1)}/needs" in page


def test_the_facilitators_page_of_the_room_lists_it_and_no_patients_page_does(hall: Hall) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, hall.group.patients[0].id).needs = ["no_floor"]
    with hall.database() as db:
        held = db.get_one(GroupSession, hall.group.group_session.id)
        given = {"group_session": held, "media_url": "ws://localhost", "two_rooms": False}
        roster = {each["name"]: each["needs"] for each in for_staff(db, **given)["roster"]}  # type: ignore[arg-type]
        assert (roster["Linda"], roster["Joseph"]) == ("Cannot get on the floor", "")
        assert "on the floor" not in str(for_patients(db, **given)["staff"])  # type: ignore[arg-type]
    hall.sit(hall.group.patients[1], admitted=True)
    room = hall.browser(hall.group.patients[1]).get(f"/sessions/{hall.group.group_session.id}/room").text
    assert "Cannot get on the floor" not in room
