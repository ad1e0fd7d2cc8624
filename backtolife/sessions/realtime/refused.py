"""What a room refuses leaves a row, as a refused page does."""

from contextlib import suppress

from flask import session
from sqlalchemy.exc import SQLAlchemyError

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.request import engine
from backtolife.people.roles import acting_as
from backtolife.people.standing_in import token_for
from backtolife.people.traces import looks, security_log
from backtolife.programme.cohorts.acting import acting
from backtolife.sessions.broadcast.connections import Connection

COMES_IN = "session.room"


def keep_page(group_session_id: str, status: int) -> None:
    """A page was not let in. Where nobody is signed in, a line for whoever watches for attacks."""
    now = clock.now()
    with suppress(SQLAlchemyError):
        with session_scope(engine()) as db:
            who = acting(db, token=token_for(session, group_session_id), now=now)
        if who is None:
            security_log.note("refused", status=status, wanted=COMES_IN)
            return
        room = ("group_session", group_session_id)
        looks.keep(engine(), who.actor, wanted=COMES_IN, subject=room, status=status, now=now)


def keep_event(connection: Connection, name: str, status: int) -> None:
    """An event was refused."""
    with suppress(SQLAlchemyError):
        with session_scope(engine()) as db:
            person = db.get(Person, connection.person_id)
            who = acting_as(db, person) if person is not None else None
        if who is not None:  # the handle is closed: on SQLite an open one would keep the row from being written
            room = ("group_session", connection.group_session_id)
            looks.keep(engine(), who, wanted=name, subject=room, status=status, now=clock.now())
