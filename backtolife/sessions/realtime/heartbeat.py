"""Every second: are the facilitators' pages still there, and has every call for help been taken?

A connection that died without a word is noticed by the socket's own pings only after many seconds. Who leads a group of
people who move must be missed sooner: their pages are asked, and answer as long as they run.
"""

import time
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import reading, session_scope
from backtolife.errors import BacktolifeError
from backtolife.processes.supervised import Supervised
from backtolife.sessions.broadcast.connections import Connection
from backtolife.sessions.broadcast.hub import Live, live
from backtolife.sessions.room import store as room
from backtolife.sessions.safety import escalation
from backtolife.sessions.state import seats

log = structlog.get_logger(__name__)
EVERY_SECONDS = 1.0
MISSED_AFTER_SECONDS = 3.5
"""Without an answer for this long a facilitator counts as gone: with a beat's delay that is under 5 s."""


def begin(app: Flask) -> Supervised:
    """Beat in a thread of its own until the process ends."""
    chosen: Settings = app.extensions["backtolife.settings"]

    def turn() -> None:
        with app.app_context():
            beat(live(), app.extensions["backtolife.engine"], chosen.public_url, clock.now())

    return Supervised("room-pulse", EVERY_SECONDS, turn).start()


def beat(here: Live, engine: Engine, site: str, now: datetime) -> None:
    """One beat. Whatever fails is tried again at the next."""
    try:
        ask_staff(here, engine, now)
        escalate_overdue(here, engine, site, now)
    except SQLAlchemyError as error:
        log.warning("pulse_without_database", kind=type(error).__name__)


def ask_staff(here: Live, engine: Engine, now: datetime) -> None:
    """Ask every facilitator's page, and tell the rooms of those who have fallen silent or are heard again."""
    for connection in here.connections.everyone():
        if not connection.staff:
            continue
        silent = time.monotonic() - connection.heard_at > MISSED_AFTER_SECONDS
        if silent != connection.silent:
            note(here, engine, connection, now, silent=silent)
        here.sockets.server.emit("here", to=connection.socket_id, callback=connection.hear)


def note(here: Live, engine: Engine, connection: Connection, now: datetime, *, silent: bool) -> None:
    with here.connections.one_at_a_time(connection.group_session_id):
        if here.connections.of(connection.socket_id) is None:
            return
        try:
            with session_scope(engine) as db:
                group_session = room.load(db, connection.group_session_id)
                if silent:
                    now_ms = room.milliseconds(now)
                    change = room.apply(db, group_session, seats.drop, now, seat=connection.seat_id, now_ms=now_ms)
                else:
                    change = room.apply(db, group_session, seats.arrive, now, seat=connection.seat_id)
        except BacktolifeError:
            return
        connection.silent = silent
        here.tell(change, now)


def escalate_overdue(here: Live, engine: Engine, site: str, now: datetime) -> None:
    """With no page connected there is nobody to tell here; the scheduler then writes to the duty contact."""
    if not here.connections.everyone():
        return
    with Session(reading(engine)) as db:
        waiting = escalation.overdue(db, now)
    for group_session_id, alert_id in waiting:
        with here.connections.one_at_a_time(group_session_id):
            with session_scope(engine) as db:
                change = escalation.escalate(
                    db, group_session_id=group_session_id, alert_id=alert_id, site=site, now=now
                )
            if change is not None:
                here.tell(change, now)
        log.warning("help_escalated", group_session_id=group_session_id)
