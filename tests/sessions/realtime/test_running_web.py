"""The real web process: killed in the middle, sent too much, signed out from elsewhere, asked from elsewhere."""

from collections.abc import Iterator

import pytest
import socketio.exceptions
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import SignedIn
from backtolife.sessions.room.models import ChatMessage
from backtolife.sessions.state import seats
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage, until

HELLO = {"text": "Hello all", "audience": "group", "client_id": "c1"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), media=False) as running:
        yield running


@pytest.fixture
def group(house: House) -> Gathering:
    """Linda is in the room, Joseph waits."""
    with house.database() as db:
        made = gather(db, clock.now())
        linda, _ = (made.sit(person, now=clock.now()) for person in made.patients)
        made.apply(seats.admit, clock.now(), seat=linda.id, now_ms=0)
        return made


@pytest.fixture
def pages(house: House, group: Gathering) -> Iterator[list[SocketPage]]:
    """The lead's page and Linda's."""
    people = (group.lead, group.patients[0])
    connected = [SocketPage(house, person, group.group_session.id).connect() for person in people]
    yield connected
    for page in connected:
        page.close()


def test_a_web_process_that_is_killed_comes_back_where_it_was(house: House, pages: list[SocketPage]) -> None:
    lead, linda = pages
    assert lead.ask("start")["ok"]
    assert lead.ask("next", {"seen": 0})["ok"]
    assert linda.ask("chat", HELLO)["ok"]
    house.web.kill()
    house.web.start()
    until(lambda: lead.client.connected and linda.client.connected, "reconnecting")
    state = linda.ask("state")
    assert (state["state"]["section"]["index"], [one["text"] for one in state["chat"]]) == (1, ["Hello all"])
    assert lead.ask("next", {"seen": 1})["ok"]


def test_a_message_that_was_sent_again_after_the_kill_is_not_doubled(house: House, pages: list[SocketPage]) -> None:
    lead, linda = pages
    first = linda.ask("chat", HELLO)
    house.web.kill()
    house.web.start()
    until(lambda: lead.client.connected and linda.client.connected, "reconnecting")
    again = linda.ask("chat", HELLO)
    assert first["message"]["id"] == again["message"]["id"]
    with house.database() as db:
        seat = first["message"]["seat"]
        assert len(db.exec(select(ChatMessage).where(ChatMessage.seat_id == seat)).all()) == 1


def test_an_event_that_is_too_large_costs_its_sender_the_socket_and_nobody_else(pages: list[SocketPage]) -> None:
    lead, linda = pages
    lost: list[bool] = []
    linda.client.on("disconnect", lambda *_: lost.append(True))
    linda.client.emit("chat", {**HELLO, "text": "x" * 70_000})
    until(lambda: bool(lost), "losing the socket")
    assert lead.ask("state")["ok"]


def test_signing_out_elsewhere_closes_the_room_page(house: House, group: Gathering, pages: list[SocketPage]) -> None:
    lead, linda = pages
    with house.database() as db:
        for place in db.exec(select(SignedIn).where(SignedIn.person_id == group.patients[0].id)):
            place.ended_at = clock.now()
    until(lambda: any(name == "signed_out" for name, _ in linda.heard), "closing")
    assert lead.ask("state")["ok"]


def test_a_page_of_another_origin_is_not_connected(house: House, group: Gathering) -> None:
    page = SocketPage(house, group.lead, group.group_session.id)
    with pytest.raises(socketio.exceptions.ConnectionError):
        page.connect(Origin="https://elsewhere.example")
    page.close()


def test_everyone_hears_of_a_hand_and_nobody_waiting_does(
    house: House, group: Gathering, pages: list[SocketPage]
) -> None:
    lead, linda = pages
    joseph = SocketPage(house, group.patients[1], group.group_session.id).connect()
    assert linda.ask("hand_up")["ok"]
    seat = linda.ask("state")["state"]["me"]["seat"]
    until(lambda: any("hand_ms" in str(given) for name, given in lead.heard if name == "patch"), "hearing")
    assert all(seat not in str(given) for _, given in joseph.heard)
    joseph.close()
