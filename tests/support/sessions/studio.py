"""Where rehearsals are tried: a facilitator at a browser, and simulated people who only write their orders down."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, session
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import metadata, session_scope
from backtolife.people.models import Kind, Person
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.rehearsals.processes import Troupe
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import Seat
from backtolife.sessions.state import seats
from tests.support.people.cookies import browser_of
from tests.support.sessions.hall import Hall, open_hall
from tests.support.sessions.socket_page import until

WRITES_DOWN = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
DIES = "import sys; sys.stdin.readline(); sys.exit(3)"
SPARED = {"rehearsal", "audit_entry", "signed_in"}
"""What a rehearsal adds to on purpose: itself, two marks in the log; and that somebody signed in to do it."""


@dataclass
class Studio:
    """A service with a facilitator at a browser, and a troupe that only writes its orders down."""

    hall: Hall
    browser: FlaskClient
    told: Path

    @property
    def app(self) -> Flask:
        return self.hall.app

    @property
    def troupe(self) -> Troupe:
        found: Troupe = self.app.extensions["backtolife.troupe"]
        return found

    def act_with(self, program: str) -> None:
        self.troupe.command = (sys.executable, "-c", program, str(self.told))

    def begin(self, browser: FlaskClient | None = None) -> str:
        """Start a rehearsal of session 2; the id of its room."""
        answer = (browser or self.browser).post("/rehearse", data={"number": "2"}, buffered=True)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.location).split("/")[-2]

    def sign_in(self, person: Person) -> FlaskClient:
        browser = browser_of(self.app, person)
        with browser.session_transaction() as cookie:
            cookie["csrf_token"] = "0" * 40
        return browser

    def enter(self, group_session_id: str, browser: FlaskClient | None = None) -> SocketIOTestClient:
        with self.app.test_request_context():
            session["csrf_token"] = "0" * 40
            csrf = generate_csrf()
        auth = {"session": group_session_id, "tab": "one", "csrf": csrf}
        return live(self.app).sockets.test_client(self.app, flask_test_client=browser or self.browser, auth=auth)

    def database(self) -> "session_scope":  # type: ignore[valid-type]
        return session_scope(self.app.extensions["backtolife.engine"])

    def counted(self) -> dict[str, int]:
        with self.database() as db:
            return {
                table.name: db.exec(select(func.count()).select_from(table)).one()
                for table in metadata.sorted_tables
                if table.name not in SPARED
            }

    def patient(self, group_session_id: str) -> Seat:
        """A simulated patient who has come and was let in."""
        with self.database() as db:
            held = room.load(db, group_session_id)
            wanted = select(Person).where(Person.service_id == held.service_id, Person.kind == Kind.PATIENT)
            person = db.exec(wanted.order_by(Person.full_name)).first()
            assert person is not None
            self.hall.group.db, self.hall.group.make.db, self.hall.group.group_session = db, db, held
            seat = self.hall.group.sit(person, now=clock.now())
            room.apply(db, held, seats.arrive, clock.now(), seat=seat.id)
            room.apply(db, held, seats.admit, clock.now(), seat=seat.id, now_ms=0)
            return seat


def waiting() -> list[str]:
    """The threads that wait for a process to end."""
    return [thread.name for thread in threading.enumerate() if thread.name == "rehearsal"]


@contextmanager
def open_studio(app: Flask, told: Path) -> Iterator[Studio]:
    with open_hall(app) as hall:
        opened = Studio(hall, app.test_client(), told)
        opened.act_with(WRITES_DOWN)
        opened.browser = opened.sign_in(hall.group.lead)
        yield opened
        for group_session_id in list(opened.troupe.running):
            opened.troupe.dismiss(group_session_id)
        until(lambda: not waiting(), "the end of every process and of what follows it")
