"""A look around every few seconds: who was signed out loses page, sound and picture, a silent seat shows as gone."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import structlog
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import reading, session_scope
from backtolife.errors import BacktolifeError
from backtolife.people.access import may
from backtolife.people.models import Person, SignedIn
from backtolife.processes.supervised import Supervised
from backtolife.sessions.broadcast.connections import Connection
from backtolife.sessions.broadcast.hub import Live, live
from backtolife.sessions.realtime import arrivals, unwelcome
from backtolife.sessions.room import store as room
from backtolife.sessions.room.belonging import why_shut
from backtolife.sessions.room.media_client import MediaAway
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.state import breakout_rules, breakouts
from backtolife.sessions.state.room_state import RoomState, publishing_of

log = structlog.get_logger(__name__)
EVERY_SECONDS = 3.0
SEEN_EVERY_SECONDS = 60
SILENT_SECONDS = 12
Found = TypeVar("Found")


def begin(app: Flask) -> Supervised:
    """Look around in a thread of its own until the process ends."""

    def turn() -> None:
        with app.app_context():
            look_around(live(), app.extensions["backtolife.engine"], clock.now())

    return Supervised("room-watch", EVERY_SECONDS, turn).start()


def look_around(here: Live, engine: Engine, now: datetime) -> int:
    """Close every page that may not be here any more; returns how many. What fails is tried again at the next look.

    Each step is on its own: a room that cannot be put right keeps nobody in another one, nor online after they left.
    """
    connections = here.connections.everyone()
    rooms = {connection.group_session_id for connection in connections}
    for step in (
        lambda: give_way(here, connections),
        lambda: catch_up(here, engine, now),
        lambda: bring_back(here, engine, rooms, now),
        lambda: count_as_activity(engine, connections, now),
        lambda: note_silent(here, engine, rooms, now),
    ):
        attempt(step)
    closed = attempt(lambda: close_unwelcome(here, engine, connections, now)) or 0
    attempt(lambda: unwelcome.put_out(here, engine, now))
    return closed


def give_way(here: Live, connections: list[Connection]) -> None:
    """Tell the other web processes which seats have a page here; a page whose seat was taken there gives way."""
    if here.elsewhere is None:
        return
    taken = here.elsewhere.tell({each.seat_id: each.page for each in connections})
    for each in connections:
        if each.seat_id in taken and here.connections.rise(each.socket_id) is not None:
            arrivals.give_way(here, each, tab=taken[each.seat_id].partition(" ")[2])


def attempt(step: Callable[[], Found]) -> Found | None:
    """Take one step; what goes wrong in it is logged, and the other steps go on."""
    try:
        return step()
    except SQLAlchemyError as error:
        log.warning("watch_without_database", kind=type(error).__name__)
    except Exception as error:
        log.error("watch_step_failed", kind=type(error).__name__, exc_info=error)
    return None


def close_unwelcome(here: Live, engine: Engine, connections: list[Connection], now: datetime) -> int:
    """Show out whoever was signed out. All are looked at first: without a database nobody is sent away.

    Their sound and picture end with the page, also when they are still signed in somewhere else.
    """
    with Session(reading(engine)) as db:
        gone = {one.seat_id for one in unwelcome.seats(db, now)}
    closed = [each for each in connections if each.seat_id in gone or not welcome(engine, each)]
    for connection in closed:
        here.to_put_out.setdefault(connection.group_session_id, set()).add(connection.seat_id)
        here.sockets.emit("signed_out", {"error": why_out(engine, connection)}, to=connection.socket_id)
        here.sockets.server.disconnect(connection.socket_id)
    return len(closed)


def why_out(engine: Engine, connection: Connection) -> str:
    """What the page says: why the room is shut for them, and whom to call; everybody else that they are signed out."""
    with Session(reading(engine)) as db:
        found, person = db.get(GroupSession, connection.group_session_id), db.get(Person, connection.person_id)
        if found is None or person is None:
            return arrivals.SIGNED_OUT
        return why_shut(db, person=person, group_session=found) or arrivals.SIGNED_OUT


def catch_up(here: Live, engine: Engine, now: datetime) -> None:
    """Tell the media engine what it missed while it was away, in every room."""
    for group_session_id in sorted(here.owed):
        with here.connections.media_at_a_time(group_session_id):
            pay(here, engine, group_session_id, now)


def pay(here: Live, engine: Engine, group_session_id: str, now: datetime) -> None:
    """Tell the media engine what holds now in a room: who may be there, and what each may send. Owed until it knows."""
    with Session(reading(engine)) as db:
        found = db.get(GroupSession, group_session_id)
    state = room.kept_state(found) if found is not None else None
    try:
        if state is None:  # a rehearsal that is over
            pass
        elif state["status"] == "ended":
            here.engine.close(group_session_id, *breakout_rules.every_room(group_session_id))
        else:
            put_right(here, group_session_id, state, now)
    except MediaAway:
        return
    here.owed.discard(group_session_id)


def put_right(here: Live, group_session_id: str, state: RoomState, now: datetime) -> None:
    """Out of every room whoever does not belong in it; where they belong, they may send what they may."""
    belong = breakout_rules.by_room(group_session_id, state, breakout_rules.inside(state), room.milliseconds(now))
    here.engine.close(*(where for where in breakout_rules.every_room(group_session_id) if where not in belong))
    for where in {group_session_id, *belong}:
        here.engine.remove(where, state["seats"].keys() - set(belong.get(where, ())))
        here.engine.settle(where, {seat: publishing_of(state, seat) for seat in belong.get(where, ())})


def bring_back(here: Live, engine: Engine, group_session_ids: set[str], now: datetime) -> None:
    """End small groups whose countdown is over, also when no page of a facilitator is there to say so."""
    now_ms = room.milliseconds(now)
    for group_session_id in group_session_ids:
        with Session(reading(engine)) as db:
            found = db.get(GroupSession, group_session_id)
        if found is None or not called_back(room.kept_state(found), now_ms):
            continue
        with here.connections.one_at_a_time(group_session_id):
            with session_scope(engine) as db:
                group_session = room.load(db, group_session_id)
                if "small" not in room.state_of(db, group_session):
                    continue
                change = room.apply(db, group_session, breakouts.small_end, now)
            here.tell(change, now)
        try:
            here.engine.close(*breakout_rules.small_rooms(group_session_id, change.before))
        except MediaAway:
            here.owed.add(group_session_id)


def called_back(state: RoomState | None, now_ms: int) -> bool:
    """Whether people are in small groups whose countdown is over."""
    return state is not None and "small" in state and state["small"].get("back_ms", now_ms + 1) <= now_ms


def welcome(engine: Engine, connection: Connection) -> bool:
    with Session(reading(engine)) as db:
        group_session = db.get(GroupSession, connection.group_session_id)
        try:
            actor = arrivals.actor_behind(db, connection)
        except BacktolifeError:
            return False
        return group_session is not None and may(actor, "session.room", group_session)


def note_silent(here: Live, engine: Engine, group_session_ids: set[str], now: datetime) -> None:
    """A seat that the state calls online but that has had no page here for a while is gone.

    That is how a web process that was killed learns who did not come back. And who was let out at another process
    loses their page here.
    """
    with Session(reading(engine)) as db:
        held = [found for one in sorted(group_session_ids) if (found := db.get(GroupSession, one)) is not None]
    for group_session_id, state in ((one.id, room.kept_state(one)) for one in held):
        if state is not None:
            arrivals.show_out_gone(here, state)
        online = [seat for seat, entry in state["seats"].items() if entry["online"]] if state is not None else []
        silent = [seat for seat in online if silent_here(here, seat)]
        answering = here.elsewhere.among(silent) if here.elsewhere is not None else set()
        for seat_id in silent:
            if seat_id not in answering:
                arrivals.note_dropped(here, engine, group_session_id, seat_id, now)


def silent_here(here: Live, seat_id: str) -> bool:
    since = here.connections.missing_since(seat_id, time.monotonic())
    return since is not None and time.monotonic() - since > SILENT_SECONDS


def count_as_activity(engine: Engine, connections: list[Connection], now: datetime) -> None:
    """A live session counts as activity: nobody idles out while they are in one."""
    with Session(reading(engine)) as db:
        quiet = [
            signed_in_id
            for connection in connections
            for signed_in_id in (connection.signed_in_id, connection.stands_for)
            if (found := db.get(SignedIn, signed_in_id)) is not None
            and (now - found.seen_at).total_seconds() > SEEN_EVERY_SECONDS
        ]
    if not quiet:
        return
    with session_scope(engine) as db:
        for signed_in_id in quiet:
            db.get_one(SignedIn, signed_in_id).seen_at = now
