"""The door of a session: the whole application with one session about to start, and a browser in front of it."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import devices, signin
from backtolife.programme.cohorts.models import SessionDate
from tests.support.sessions.gathering import Gathering, gather


@dataclass
class Door:
    """The whole application with one session about to start, and a browser in front of it."""

    app: Flask
    client: FlaskClient
    group: Gathering

    @property
    def link(self) -> str:
        return f"/j/{self.group.group_session.join_code}"

    @property
    def page(self) -> str:
        return f"/sessions/{self.group.group_session.id}"

    @property
    def linda(self) -> Person:
        return self.group.patients[0]

    def database(self) -> Session:
        return Session(self.app.extensions["backtolife.engine"], expire_on_commit=False)

    def sign_in(self, person: Person) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            token = signin.begin(db, person=person, now=clock.now())
        with self.client.session_transaction() as cookie:
            cookie["signed_in"] = token

    def remember(self, person: Person) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            token = devices.remember_device(db, person=person, now=clock.now())
        self.client.set_cookie("device", token)

    def move(self, **by: float) -> None:
        """Shift the session in time."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            date = db.get_one(SessionDate, self.group.group_session.session_date_id)
            date.starts_at += timedelta(**by)
            date.ends_at += timedelta(**by)

    def start_was(self, **ago: float) -> None:
        """Let the session have started so long ago."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            date = db.get_one(SessionDate, self.group.group_session.session_date_id)
            lasts, date.starts_at = date.ends_at - date.starts_at, clock.now() - timedelta(**ago)
            date.ends_at = date.starts_at + lasts


def before_the_door(app: Flask, client: FlaskClient) -> Door:
    """A group whose session starts soon, in the application's own database."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return Door(app, client, gather(db, clock.now()))
