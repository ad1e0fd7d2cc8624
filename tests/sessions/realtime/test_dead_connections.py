"""A connection that turns out to be dead, or to be a second one, in the middle of something else."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from backtolife.sessions.broadcast.hub import live
from tests.support.sessions.hall import Hall, ask, open_hall
from tests.support.sessions.socket_page import until


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def online(hall: Hall, seat_id: str) -> bool:
    return bool(hall.state["seats"][seat_id]["online"])


def test_a_connection_found_dead_while_the_room_is_told_holds_up_nobody(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sending to a phone that lost its network ends its connection at once, in the thread that tells the room."""
    seat = hall.sit(hall.group.patients[0], admitted=True)
    lead, patient = hall.connect(hall.group.lead), hall.connect(hall.group.patients[0])
    sockets = live(hall.app).sockets
    emit = sockets.emit

    def find_it_dead(*told: Any, **to: Any) -> None:
        if patient.is_connected():
            patient.disconnect()
        emit(*told, **to)

    monkeypatch.setattr(sockets, "emit", find_it_dead)
    answers: list[dict[str, Any]] = []
    asking = threading.Thread(target=lambda: answers.append(ask(lead, "start")), daemon=True)
    asking.start()
    until(lambda: bool(answers), "the answer to the facilitator")
    assert answers[0]["ok"]
    until(lambda: not online(hall, seat.id), "the word that the patient is gone")
    assert ask(lead, "next", {"seen": 0})["ok"]


def test_a_second_connection_with_the_same_tab_leaves_no_first_one_that_still_hears(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0], admitted=True)
    first = hall.connect(hall.group.patients[0], tab="the-same")
    second = hall.connect(hall.group.patients[0], tab="the-same")
    assert not first.is_connected()
    assert second.is_connected()
    assert online(hall, seat.id)


def test_a_page_gets_no_new_allowance_by_connecting_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    allowances = live(hall.app).allowances
    take, at = allowances.take, time.monotonic()  # on a slow machine too, no allowance comes back meanwhile
    monkeypatch.setattr(allowances, "take", lambda seat, kind, _, **rates: take(seat, kind, at, **rates))
    refused = 0
    for number in range(60):
        page = hall.connect(hall.group.patients[0])
        written = {"text": "Hello", "audience": "group", "client_id": f"again-{number}"}
        refused += ask(page, "chat", written)["ok"] is False
    assert refused > 0


def test_the_engine_ends_with_what_holds_when_two_changes_overtake_each_other(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat = hall.sit(hall.group.patients[0], admitted=True)
    page, here = hall.connect(hall.group.patients[0]), live(hall.app)
    asked: list[str] = []
    overtaken = threading.Event()

    def settle(where: str, seats: dict[str, Any]) -> None:
        del where
        if seats[seat.id].camera_to == "everyone" and not overtaken.is_set():
            overtaken.set()  # while the first is on its way, the second changes the room
            other = threading.Thread(target=lambda: ask(page, "camera_choice", {"choice": "off"}), daemon=True)
            other.start()
            until(lambda: hall.state["seats"][seat.id]["camera"] == "off", "the second change")
        asked.append(seats[seat.id].camera_to)

    for name in ("close", "remove"):
        monkeypatch.setattr(here.engine, name, lambda *_: None)
    monkeypatch.setattr(here.engine, "settle", settle)
    assert ask(page, "camera_choice", {"choice": "everyone"})["ok"]
    until(lambda: bool(asked) and not here.owed and asked[-1] != "everyone", "what holds now")


def test_what_a_page_says_while_another_try_of_it_has_its_seat_is_not_refused_but_kept_for_later(hall: Hall) -> None:
    """A page takes a refusal for the last word: it would forget an answer that nobody looked at."""
    seat = hall.sit(hall.group.patients[0], admitted=True)
    page = hall.connect(hall.group.patients[0])
    here = live(hall.app).connections
    connection = here.of_seat(seat.id)
    assert connection is not None
    here.rise(connection.socket_id)
    answered = ask(page, "poll_answer", {"poll": "1", "choice": 0})
    assert (answered["ok"], answered["status"]) == (False, 503)
