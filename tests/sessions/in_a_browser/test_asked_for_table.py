"""Rows of the table of what people ask of other rooms and do not get: joining, names, letting people in.

Private cameras, the camera that comes back and firewalls are proved with real media in `tests/sessions/media`; lost
sound in `test_in_a_browser`; the private word in `test_private_word`.
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import devices
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def test_names_hidden(hall: Hall) -> None:
    """The group sees the name that somebody chose and nothing more; staff see who is who."""
    linda = hall.group.patients[0]
    details = {"shown_name": "Lin", "phone": "01632 960100", "channel": "email"}
    changed = hall.browser(linda).post("/your-details", data=details)
    assert changed.status_code == 302
    with hall.database() as db:
        linda = db.get_one(Person, linda.id)
        db.expunge(linda)
    hall.sit(linda, admitted=True)
    hall.sit(hall.group.patients[1], admitted=True)
    joseph = ask(hall.connect(hall.group.patients[1]), "state")["state"]
    assert {one["name"] for one in joseph["people"].values()} == {"Lin", "Joseph"}
    assert linda.full_name not in str(joseph)
    assert linda.id not in str(joseph)
    page = hall.browser(hall.group.lead).get(f"/sessions/{hall.group.group_session.id}/room").text
    assert linda.full_name in page
    patients_page = hall.browser(hall.group.patients[1]).get(f"/sessions/{hall.group.group_session.id}/room").text
    assert linda.full_name not in patients_page


def test_low_skill_joining(hall: Hall) -> None:
    """Two presses from the message to the waiting room, with no account to remember."""
    linda = hall.group.patients[0]
    device = hall.app.test_client()
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        device.set_cookie("device", devices.remember_device(db, person=linda, now=clock.now()))
    link = f"/j/{hall.group.group_session.join_code}"
    assert "Get ready to join" in device.get(link).text
    first = device.post(link, follow_redirects=True)
    assert "Get ready for session 1" in first.text
    assert linda.phone not in first.text, "whoever holds the device now may be somebody else"
    told = {"camera": "off", "where": "At home", "phone": ""}
    second = device.post(f"/sessions/{hall.group.group_session.id}/get-ready", data=told, follow_redirects=True)
    assert "You are in the waiting room" in second.text


def test_admit_one_at_a_time(hall: Hall) -> None:
    """The queue is in order of coming; one is let in, the other goes on waiting and hears nothing of the group."""
    linda, joseph = (hall.sit(person) for person in hall.group.patients)
    waiting = hall.connect(hall.group.patients[1])
    lead = hall.connect(hall.group.lead)
    came = sorted(hall.state["seats"].items(), key=lambda item: item[1]["came_ms"])
    assert [seat for seat, one in came if one["status"] == "lobby"] == [linda.id, joseph.id]
    assert ask(lead, "admit", {"seat": linda.id})["ok"]
    assert [hall.state["seats"][seat.id]["status"] for seat in (linda, joseph)] == ["admitted", "lobby"]
    assert "people" not in ask(waiting, "state")["state"]
    assert ask(lead, "admit", {"seat": linda.id})["status"] == 409
