"""What facilitators can put right in the room: a camera, a message, a removal."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.sessions.room.models import ChatMessage, Seat
from backtolife.sessions.state.rules import Camera, SeatStatus
from tests.support.sessions.hall import Hall as Sockets
from tests.support.sessions.hall import ask, open_hall
from tests.support.sessions.pages import Hall, look


@pytest.fixture
def hall_of_sockets(app: Flask) -> Iterator[Sockets]:
    with open_hall(app) as opened:
        yield opened


def database(sockets: Sockets) -> Session:
    return Session(sockets.app.extensions["backtolife.engine"])


def done(sockets: Sockets) -> list[str]:
    with database(sockets) as db:
        return list(db.exec(select(AuditEntry.action)))


def notes(page, name: str) -> list[dict]:  # type: ignore[no-untyped-def,type-arg]
    return [each["args"][0] for each in page.get_received() if each["name"] == name]


def test_a_facilitator_stops_one_camera_and_its_owner_starts_it_again(hall_of_sockets: Sockets) -> None:
    sockets = hall_of_sockets
    seat = sockets.sit(sockets.group.patients[0], admitted=True)
    linda, lead = sockets.connect(sockets.group.patients[0]), sockets.connect(sockets.group.lead)
    assert ask(linda, "stop_camera", {"seat": seat.id})["status"] == 403
    assert ask(lead, "stop_camera", {"seat": seat.id})["ok"]
    entry = sockets.state["seats"][seat.id]
    assert entry["camera"] == "off"
    assert ask(linda, "state")["state"]["me"]["camera_stopped_ms"] == entry["camera_stopped_ms"]
    with database(sockets) as db:
        assert db.get_one(Seat, seat.id).camera is Camera.EVERYONE  # their own choice, for next time
    assert "camera_stopped" in done(sockets)
    assert ask(linda, "camera_choice", {"choice": "everyone"})["ok"]
    assert sockets.state["seats"][seat.id]["camera"] == "everyone"


def test_a_facilitators_own_camera_is_not_stopped_by_another(hall_of_sockets: Sockets) -> None:
    lead = hall_of_sockets.connect(hall_of_sockets.group.lead)
    hall_of_sockets.connect(hall_of_sockets.group.spotter)
    tom = next(seat for seat, one in hall_of_sockets.state["seats"].items() if one["name"] == "Tom")
    assert ask(lead, "stop_camera", {"seat": tom})["status"] == 409


@pytest.mark.parametrize("who", ["writer", "facilitator"])
def test_a_message_taken_back_leaves_every_page_and_keeps_its_trace(hall_of_sockets: Sockets, who: str) -> None:
    sockets = hall_of_sockets
    for person in sockets.group.patients:
        sockets.sit(person, admitted=True)
    linda, joseph = (sockets.connect(person) for person in sockets.group.patients)
    lead = sockets.connect(sockets.group.lead)
    sent = ask(linda, "chat", {"text": "My address is", "audience": "group", "client_id": "c1"})["message"]
    kept = ask(linda, "chat", {"text": "Hello", "audience": "group", "client_id": "c2"})["message"]
    joseph.get_received()
    assert ask(joseph, "take_back", {"message": sent["id"]})["status"] == 403
    for _ in range(2):
        assert ask(linda if who == "writer" else lead, "take_back", {"message": sent["id"]})["ok"]
    assert notes(joseph, "taken_back")[0] == {"id": sent["id"]}
    for page in (linda, joseph, lead):
        seen = ask(page, "state")
        assert [each["id"] for each in seen["chat"]] == [kept["id"]]
        assert seen["taken_back"] == [sent["id"]]
    with database(sockets) as db:
        row = db.get_one(ChatMessage, sent["id"])
        by = sockets.group.patients[0] if who == "writer" else sockets.group.lead
        assert (row.text, row.taken_back_by) == ("My address is", by.id)
    assert done(sockets).count("chat_taken_back") == 1


def test_a_message_of_another_session_is_not_taken_back(hall_of_sockets: Sockets) -> None:
    lead = hall_of_sockets.connect(hall_of_sockets.group.lead)
    assert ask(lead, "take_back", {"message": "nosuchmessage"})["status"] == 404


def test_a_removal_is_undone_and_the_person_waits_at_the_door_again(hall_of_sockets: Sockets) -> None:
    sockets = hall_of_sockets
    linda = sockets.group.patients[0]
    seat = sockets.sit(linda, admitted=True)
    lead = sockets.connect(sockets.group.lead)
    assert ask(lead, "let_back", {"seat": seat.id})["status"] == 409
    assert ask(lead, "remove", {"seat": seat.id})["ok"]
    assert ask(lead, "let_back", {"seat": seat.id})["ok"]
    assert "let_back" in done(sockets)
    sockets.sit(linda)
    with database(sockets) as db:
        assert db.get_one(Seat, seat.id).status is SeatStatus.LOBBY


@pytest.mark.browser
@pytest.mark.media
def test_camera_message_and_removal_are_put_right_with_the_buttons_of_the_room(hall: Hall) -> None:
    person = hall.group.patients[0]
    patient = hall.join(person, "everyone", small=True)
    lead = hall.lead()
    lead.get_by_role("button", name="Let Linda in").click()
    expect(patient.get_by_role("button", name="I need help")).to_be_visible()
    patient.get_by_role("button", name="Chat").click()
    patient.get_by_label("Write to everyone").fill("My address is")
    patient.get_by_role("button", name="Send").click()
    lead.get_by_role("button", name="Chat").click()
    expect(lead.get_by_text("My address is", exact=True)).to_be_in_viewport(ratio=1)
    expect(lead.get_by_label("Write to everyone")).to_be_in_viewport(ratio=1)
    lead.get_by_role("button", name=re.compile("^Take back ?: My address is$")).click()
    expect(patient.get_by_text("My address is")).to_have_count(0)
    look(lead)
    lead.get_by_role("button", name="Options for Linda").click()
    lead.get_by_role("button", name="Stop their camera").click()
    expect(patient.get_by_text("A facilitator turned your camera off for now.").first).to_be_attached()
    lead.get_by_role("button", name="Options for Linda").click()
    lead.get_by_role("button", name="Remove from session…").click()
    lead.get_by_role("button", name="Remove Linda").click()
    expect(patient.get_by_text("Your team has ended your time in the group for today.")).to_be_visible()
    lead.get_by_role("button", name="Let Linda back in").click()
    expect(lead.get_by_role("button", name="Let Linda back in")).to_have_count(0)
    patient.reload()
    patient.get_by_role("link", name="Your team has let you back in: join again").click()
    expect(patient.get_by_role("heading", name="Get ready for session 1")).to_be_visible()
