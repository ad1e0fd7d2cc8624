"""The whole application with one session, and pages of several people connected to it without a browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from flask_wtf.csrf import generate_csrf
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.sessions.broadcast.allowances import Allowances
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.broadcast.messages import NothingMore
from backtolife.sessions.events.registry import EVENTS
from backtolife.sessions.events.replies import Refusal
from backtolife.sessions.room import store
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state import seats
from backtolife.sessions.state.room_state import RoomState
from backtolife.sessions.state.rules import SeatRole
from tests.support.people.cookies import browser_of
from tests.support.sessions.gathering import Gathering, gather
from tests.support.shapes import misfits

SENT: dict[str, dict[str, Any]] = {
    "camera_choice": {"choice": "off"},
    "exercising": {"way": "sitting", "feels": "easy"},
    "check": {"pain": 4},
    "react": {"what": "well_done"},
    "poll_answer": {"poll": "p", "choice": 0},
    "poll_ask": {"question": "How was it?", "options": ["Good", "Hard"]},
    "poll_close": {"poll": "p"},
    "poll_clear": {"poll": "p"},
    "film_seek": {"at_ms": 0},
    "chat": {"text": "Hello", "audience": "group", "client_id": "c1"},
    "help_reason": {"reason": "pain"},
    "next": {"seen": 0},
    "back": {"seen": 0},
    "go_to": {"seen": 0, "index": 2},
    "stretch": {"seen": 0, "minutes": 5},
    "admit": {"seat": "s"},
    "hold": {"seat": "s"},
    "remove": {"seat": "s"},
    "mute": {"seat": "s"},
    "let_back": {"seat": "s"},
    "stop_camera": {"seat": "s"},
    "take_back": {"message": "m"},
    "lower_hand": {"seat": "s"},
    "look_up": {"seat": "s"},
    "hand_over": {"seat": "s"},
    "word_begin": {"seat": "s"},
    "small_move": {"seat": "s", "group": "1"},
    "small_open": {"minutes": 7},
    "small_visit": {"group": "1"},
    "small_back": {"seconds": 30},
    "help_take": {"alert": "a"},
    "help_close": {"alert": "a"},
}
"""A payload that fits, for every event that needs one."""


@dataclass
class Hall:
    """The whole application with one session, and pages of several people connected to it."""

    app: Flask
    group: Gathering

    def browser(self, person: Person) -> FlaskClient:
        return browser_of(self.app, person)

    def connect(
        self, person: Person, *, tab: str = "one", room: str = "", csrf: str | None = None
    ) -> SocketIOTestClient:
        browser = self.browser(person)
        with browser.session_transaction() as cookie:
            cookie["csrf_token"] = "0" * 40
        with self.app.test_request_context():
            session["csrf_token"] = "0" * 40
            fitting = generate_csrf()
        auth = {"session": room or self.group.group_session.id, "tab": tab, "csrf": fitting if csrf is None else csrf}
        sockets = live(self.app).sockets
        return sockets.test_client(self.app, flask_test_client=browser, auth=auth)

    def sit(self, person: Person, *, admitted: bool = False) -> Seat:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            self.group.db = self.group.make.db = db
            seat = self.group.sit(person, now=clock.now())
            if admitted and seat.role is SeatRole.PATIENT:
                self.group.apply(seats.admit, clock.now(), seat=seat.id, now_ms=0)
            return seat

    def ask_fresh(self, seat: Seat, page: SocketIOTestClient, name: str, payload: Any = None) -> dict[str, Any]:
        """Ask with the whole allowance, so that what is refused is refused for what it is."""
        connection = live(self.app).connections.of_seat(seat.id)
        assert connection is not None
        live(self.app).allowances = Allowances()
        return ask(page, name, payload)

    def start(self) -> None:
        assert ask(self.connect(self.group.lead), "start")["ok"]

    @property
    def state(self) -> RoomState:
        with Session(self.app.extensions["backtolife.engine"]) as db:
            return store.state_of(db, db.get_one(GroupSession, self.group.group_session.id))

    def database(self) -> Session:
        return Session(self.app.extensions["backtolife.engine"])


def ask(page: SocketIOTestClient, name: str, payload: Any = None) -> dict[str, Any]:
    given = SENT.get(name, {}) if payload is None else payload
    answer = page.emit(name, given, callback=True)
    assert isinstance(answer, dict)
    assert answer_misfits(name, answer) == []
    return answer


def answer_misfits(name: str, answer: dict[str, Any]) -> list[str]:
    """Where an answer is not what the events' table says it is."""
    if not answer["ok"]:
        return misfits({key: value for key, value in answer.items() if key != "ok"}, Refusal)
    carried = {key: value for key, value in answer.items() if key not in ("ok", "warning")}
    return misfits(carried, EVENTS[name].reply or NothingMore)


@contextmanager
def open_hall(app: Flask, patients: tuple[str, ...] = ("Linda", "Joseph")) -> Iterator[Hall]:
    """There is no media engine here: the room goes on, and says that it cannot be reached."""
    app.testing = True
    with session_scope(app.extensions["backtolife.engine"]) as db:
        group = gather(db, clock.now(), patients)
    yield Hall(app, group)
