"""Who comes in: where they are is known before, and staff see at the door when nobody was named to ring."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from backtolife.sessions.room.forms import KNOWN_ADDRESS, NO_ADDRESS, NOT_HOME
from backtolife.sessions.room.seats import seat_of
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def page_of(hall: Hall) -> str:
    return f"/sessions/{hall.group.group_session.id}/get-ready"


def ready(**told: str) -> dict[str, str]:
    return {"camera": "off", "where": "At home", "phone": "01632 960100", **told}


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({}, ["contact"]),
        ({"emergency_name": "Brian"}, ["contact"]),
        ({"emergency_name": "Brian", "emergency_phone": "01632 960855"}, []),
    ],
)
def test_staff_see_what_is_missing_to_reach_somebody_before_they_let_them_in(
    hall: Hall, told: dict[str, str], missing: list[str]
) -> None:
    linda = hall.group.patients[0]
    assert hall.browser(linda).post(page_of(hall), data=ready(address="3 Elm Road", **told)).status_code == 302
    lead = hall.connect(hall.group.lead)
    [seen] = [one for one in ask(lead, "state")["state"]["people"].values() if one["name"] == "Linda"]
    assert seen.get("missing", []) == missing
    hall.sit(hall.group.patients[1], admitted=True)
    others = ask(hall.connect(hall.group.patients[1]), "state")["state"]
    assert "missing" not in str(others)


def lives_at(hall: Hall, address: str) -> Person:
    """Linda, who lives there; empty: nobody knows where."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        linda = db.get_one(Person, hall.group.patients[0].id)
        linda.address = address
        return linda


def place_of(hall: Hall, person: Person) -> str:
    with hall.database() as db:
        seat = seat_of(db, group_session_id=hall.group.group_session.id, person_id=person.id)
        assert seat is not None
        return seat.place


def test_nobody_comes_in_whom_help_would_not_find(hall: Hall) -> None:
    linda = lives_at(hall, "")
    answer = hall.browser(linda).post(page_of(hall), data=ready())
    assert (answer.status_code, NO_ADDRESS in answer.text) == (400, True)


def test_where_somebody_lives_is_filled_in_and_counts_at_home(hall: Hall) -> None:
    linda = lives_at(hall, "7 Mill Lane")
    browser = hall.browser(linda)
    assert 'value="7 Mill Lane"' in browser.get(page_of(hall)).text
    assert browser.post(page_of(hall), data=ready()).status_code == 302
    assert place_of(hall, linda) == "At home: 7 Mill Lane"


@pytest.mark.parametrize(
    ("typed", "words"), [("", NO_ADDRESS), ("7  mill lane", NOT_HOME), ("The library, Market Street", "")]
)
def test_who_is_somewhere_else_says_where(hall: Hall, typed: str, words: str) -> None:
    linda = lives_at(hall, "7 Mill Lane")
    answer = hall.browser(linda).post(page_of(hall), data=ready(where="Somewhere else", address=typed))
    assert answer.status_code == (400 if words else 302)
    if words:
        assert words in answer.text
    else:
        assert place_of(hall, linda) == f"Somewhere else: {typed}"


def test_a_remembered_device_uses_the_address_and_shows_it_to_nobody(hall: Hall) -> None:
    linda = lives_at(hall, "7 Mill Lane")
    browser = hall.app.test_client()
    with session_scope(hall.app.extensions["backtolife.engine"]) as db, browser.session_transaction() as cookie:
        cookie["signed_in"] = signin.begin(db, person=linda, now=clock.now(), joins_only=True)
    page = browser.get(page_of(hall)).text
    assert KNOWN_ADDRESS in page
    assert "Mill Lane" not in page
    refused = browser.post(page_of(hall), data=ready(camera=""))
    assert (refused.status_code, "Mill Lane" in refused.text) == (400, False)
    assert browser.post(page_of(hall), data=ready()).status_code == 302
    assert place_of(hall, linda) == "At home: 7 Mill Lane"
