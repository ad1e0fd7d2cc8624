"""Nobody comes into the live room before they agreed to what their service asks; guests and staff are not asked."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.consent.models import ConsentText
from backtolife.programme.consent.rules import ConsentKind
from backtolife.sessions.room.models import Seat
from backtolife.sessions.state import seats
from tests.support.sessions.door import Door, before_the_door

READY = {"camera": "facilitators", "where": "At home", "phone": "01632 960100", "space": ["chair"], "news": ""}


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    """A service whose words are published, and nobody has answered."""
    found = before_the_door(app, client)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        found.group.make.db = db
        found.group.make.asks(db.get_one(Service, found.group.cohort.service_id))
    return found


def answers(door: Door, said: str = "yes") -> dict[str, str]:
    with door.database() as db:
        return {"all": "yes"} | {f"said_{each.id}": said for each in db.exec(select(ConsentText))}


def test_the_way_into_the_room_leads_over_the_agreement_and_goes_on_from_there(door: Door) -> None:
    door.remember(door.linda)
    found = door.client.post(door.link, follow_redirects=True)
    assert "Before your group" in found.text
    page = f"/agreement?session={door.group.group_session.id}"
    assert door.client.get(f"{door.page}/get-ready").location == page
    onward = door.client.post(page, data=answers(door))
    assert onward.location == f"{door.page}/get-ready"
    assert "Get ready for session 1" in door.client.get(onward.location).text
    assert door.client.post(f"{door.page}/get-ready", data=READY).location == f"{door.page}/room"


def test_no_seat_without_a_yes_and_that_is_on_record_and_what_was_ticked_is_kept(door: Door) -> None:
    door.sign_in(door.linda)
    refused = door.client.post(f"{door.page}/get-ready", data=READY | {"flags": ["emergency"]})
    assert refused.location.startswith("/agreement")
    with door.database() as db:
        assert db.exec(select(Seat)).all() == []
        actions = [each.action for each in db.exec(select(AuditEntry).where(AuditEntry.actor_id == door.linda.id))]
        assert "kept_out_without_agreement" in actions
    assert door.client.get(f"{door.page}/room").location == f"{door.page}/get-ready"


def test_a_no_keeps_them_out_and_a_no_to_what_is_free_does_not(door: Door) -> None:
    door.sign_in(door.linda)
    with door.database() as db:
        needed = {
            f"said_{each.id}": each.kind in (ConsentKind.GROUP, ConsentKind.DATA)
            for each in db.exec(select(ConsentText))
        }
    page = f"/agreement?session={door.group.group_session.id}"
    assert door.client.post(page, data=answers(door, "no")).location == page
    assert door.client.get(f"{door.page}/get-ready").location == page
    door.client.post(page, data={name: "yes" if must else "no" for name, must in needed.items()})
    assert door.client.get(f"{door.page}/get-ready").status_code == 200


def test_who_takes_a_yes_back_while_they_wait_does_not_come_in(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post("/agreement", data=answers(door))
    door.client.post(f"{door.page}/get-ready", data=READY)
    assert door.client.get(f"{door.page}/room").status_code == 200
    door.client.post("/agreement", data=answers(door, "no"))
    assert door.client.get(f"{door.page}/room").location.startswith("/agreement")


def test_who_is_held_for_a_word_does_not_come_past_the_agreement(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post("/agreement", data=answers(door))
    door.client.post(f"{door.page}/get-ready", data=READY)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = db
        door.group.apply(seats.hold, clock.now(), seat=db.exec(select(Seat)).one().id)
    assert door.client.get(f"{door.page}/room").status_code == 200
    door.client.post("/agreement", data=answers(door, "no"))
    assert door.client.get(f"{door.page}/room").location.startswith("/agreement")


def test_in_a_group_that_had_begun_the_door_stays_open_for_some_days_and_staff_see_it(door: Door) -> None:
    door.start_was(minutes=20)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        for place in db.exec(select(Enrolment)):
            place.enrolled_at = clock.now() - timedelta(days=30)
    door.sign_in(door.linda)
    ready = door.client.get(f"{door.page}/get-ready")
    assert (ready.status_code, "You can come in today all the same" in ready.text) == (200, True)
    door.client.post(f"{door.page}/get-ready", data=READY)
    door.sign_in(door.group.lead)
    assert '"agreed": false' in door.client.get(f"{door.page}/room").text.replace('"agreed":false', '"agreed": false')


def test_staff_and_guests_are_asked_nothing(door: Door) -> None:
    door.sign_in(door.group.lead)
    assert door.client.get(f"{door.page}/room").status_code == 200
    assert door.client.get("/agreement").status_code == 403
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        make = door.group.make
        make.db = db
        guest = make.person(db.get_one(Service, door.group.cohort.service_id), Role.COMPANION)
        guest.invited_to, guest.beside_id = door.group.group_session.id, door.linda.id
        found = db.get_one(Person, guest.id)
    door.sign_in(found)
    assert "/agreement" not in (door.client.get(f"{door.page}/room").location or "")
    assert door.client.get("/agreement").status_code == 403
