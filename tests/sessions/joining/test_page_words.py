"""Words on a session's pages that depend on who reads them, and when."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import Hall, open_hall

NUMBERS = "In an emergency call 999. For urgent health advice call 111.</p></div>"


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def page(hall: Hall, person: Person, path: str) -> str:
    """The page without the white space beside its tags."""
    text = hall.browser(person).get(f"/sessions/{hall.group.group_session.id}/{path}").text
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", text))


@pytest.mark.parametrize(
    ("number", "words"), [(1, "Do you have any of these now?"), (2, "Since last time, do you have")]
)
def test_before_the_first_session_nothing_is_asked_since_last_time(app: Flask, number: int, words: str) -> None:
    app.testing = True
    with session_scope(app.extensions["backtolife.engine"]) as db:
        group = gather(db, clock.now(), number=number)
    text = page(Hall(app, group), group.patients[0], "get-ready")
    assert words in text
    assert ("Since last time" in text) == (number > 1)


def test_nobody_is_promised_by_name_who_may_not_be_there(hall: Hall) -> None:
    linda = hall.group.patients[0]
    assert "Your team lets you in." in page(hall, linda, "get-ready")
    hall.sit(linda)
    text = page(hall, linda, "room")
    assert "Your team will let you in soon." in text
    assert "Tom will" not in text
    assert "We have told" not in text


def test_who_ticked_a_warning_sign_reads_in_the_waiting_room_too_what_to_do_at_once(hall: Hall) -> None:
    linda, joseph = hall.group.patients[:2]
    for person in (linda, joseph):
        hall.sit(person)
    path = f"/sessions/{hall.group.group_session.id}/warning-signs"
    hall.browser(linda).post(path, data={"sign": "emergency", "ticked": "y"})
    text = page(hall, linda, "room")
    assert "Go to A&amp;E now, or call 999." in text
    assert "Do not wait for the group." in text
    assert "while you wait" not in text
    assert "Do not wait for the group." not in page(hall, joseph, "room")
    hall.browser(linda).post(path, data={"sign": "emergency"})
    assert "Do not wait for the group." not in page(hall, linda, "room")


def test_a_facilitator_is_not_named_among_those_they_write_to(hall: Hall) -> None:
    only = re.compile(r'value="facilitators">(Only [^<]+)</label>')
    for person, words in ((hall.group.spotter, "Only Priya"), (hall.group.lead, "Only Tom")):
        hall.sit(person)
        [found] = only.findall(page(hall, person, "room"))
        assert re.sub("[\u2066-\u2069]", "", found) == words
    hall.sit(hall.group.patients[0])
    [found] = only.findall(page(hall, hall.group.patients[0], "room"))
    assert re.sub("[\u2066-\u2069]", "", found) == "Only Priya and Tom"


def test_the_board_with_only_staff_on_it_says_that_no_patient_is_there(hall: Hall) -> None:
    hall.sit(hall.group.lead)
    text = page(hall, hall.group.lead, "room")
    assert "No patient is in the room yet." in text
    assert "Nobody is in the room yet" not in text


def test_the_emergency_numbers_at_the_end_are_for_those_who_take_part(hall: Hall) -> None:
    linda, lead = hall.group.patients[0], hall.group.lead
    for person in (linda, lead):
        hall.sit(person)
    assert NUMBERS in page(hall, linda, "gone/left")
    assert NUMBERS not in page(hall, lead, "gone/left")
