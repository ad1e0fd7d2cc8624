"""A look around every few seconds: a page whose sign-in was ended loses its socket, a silent seat shows as gone."""

import threading
import time
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backtolife import clock
from backtolife.db import reading, session_scope
from backtolife.errors import BacktolifeError
from backtolife.people.access import may
from backtolife.people.models import SignedIn
from backtolife.sessions import comings, room, small_rules
from backtolife.sessions.document import Document, publishing_of
from backtolife.sessions.engine import MediaAway
from backtolife.sessions.live import Live, live
from backtolife.sessions.models import GroupSession, GroupStatus
from backtolife.sessions.places import Place

log = structlog.get_logger(__name__)
EVERY_SECONDS = 3.0
SEEN_EVERY_SECONDS = 60
SILENT_SECONDS = 12


def begin(app: Flask) -> threading.Thread:
    """Look around in a thread of its own until the process ends."""

    def run() -> None:
        while True:
            time.sleep(EVERY_SECONDS)
            with app.app_context():
                look_around(live(), app.extensions["backtolife.engine"], clock.now())

    thread = threading.Thread(target=run, name="room-watch", daemon=True)
    thread.start()
    return thread


def look_around(here: Live, engine: Engine, now: datetime) -> int:
    """Close every page that may not be here any more; returns how many."""
    places = here.places.everyone()
    try:
        catch_up(here, engine, now)
        bring_back(here, engine, {place.group_session_id for place in places}, now)
        unwelcome = [place for place in places if not welcome(engine, place)]
        count_as_activity(engine, places, now)
    except SQLAlchemyError as error:
        log.warning("watch_without_database", kind=type(error).__name__)
        return 0
    note_silent(here, engine, {place.group_session_id for place in places}, now)
    for place in unwelcome:
        here.sockets.emit("signed_out", {"error": comings.SIGNED_OUT}, to=place.socket_id)
        here.sockets.server.disconnect(place.socket_id)
    return len(unwelcome)


def catch_up(here: Live, engine: Engine, now: datetime) -> None:
    """Tell the media engine what it missed while it was away: who may be there, and what each may send."""
    for group_session_id in sorted(here.owed):
        with Session(reading(engine)) as db:
            found = db.get(GroupSession, group_session_id)
        if found is None:  # a rehearsal that is over
            here.owed.discard(group_session_id)
            continue
        state = found.state
        try:
            if state["status"] == GroupStatus.ENDED:
                here.engine.close(group_session_id, *small_rules.every_room(group_session_id))
            else:
                put_right(here, group_session_id, state, now)
        except MediaAway:
            continue
        here.owed.discard(group_session_id)


def put_right(here: Live, group_session_id: str, state: Document, now: datetime) -> None:
    """Out of every room whoever does not belong in it; where they belong, they may send what they may."""
    belong = small_rules.by_room(group_session_id, state, small_rules.inside(state), room.milliseconds(now))
    here.engine.close(*(where for where in small_rules.every_room(group_session_id) if where not in belong))
    for where in {group_session_id, *belong}:
        here.engine.remove(where, state["seats"].keys() - set(belong.get(where, ())))
        here.engine.settle(where, {seat: publishing_of(state, seat) for seat in belong.get(where, ())})


def bring_back(here: Live, engine: Engine, group_session_ids: set[str], now: datetime) -> None:
    """End small groups whose countdown is over, also when no page of a facilitator is there to say so."""
    now_ms = room.milliseconds(now)
    for group_session_id in group_session_ids:
        with Session(reading(engine)) as db:
            small = db.get_one(GroupSession, group_session_id).state.get("small", {})
        if small.get("back_ms", now_ms + 1) > now_ms:
            continue
        with here.places.one_at_a_time(group_session_id):
            with session_scope(engine) as db:
                group_session = room.load(db, group_session_id)
                if "small" not in group_session.state:
                    continue
                change = room.apply(db, group_session, "small_end", now)
            here.tell(change, now)
        try:
            here.engine.close(*small_rules.small_rooms(group_session_id, change.before))
        except MediaAway:
            here.owed.add(group_session_id)


def welcome(engine: Engine, place: Place) -> bool:
    with Session(reading(engine)) as db:
        group_session = db.get(GroupSession, place.group_session_id)
        try:
            actor = comings.actor_behind(db, place)
        except BacktolifeError:
            return False
        return group_session is not None and may(actor, "session.room", group_session)


def note_silent(here: Live, engine: Engine, group_session_ids: set[str], now: datetime) -> None:
    """A seat that the state calls online but that has had no page here for a while is gone.

    That is how a web process that was killed learns who did not come back.
    """
    with Session(reading(engine)) as db:
        found = [(one, db.get_one(GroupSession, one).state) for one in group_session_ids]
    for group_session_id, state in found:
        for seat_id, entry in state.get("seats", {}).items():
            if not entry["online"]:
                continue
            since = here.places.missing_since(seat_id, time.monotonic())
            if since is not None and time.monotonic() - since > SILENT_SECONDS:
                comings.note_dropped(here, engine, group_session_id, seat_id, now)


def count_as_activity(engine: Engine, places: list[Place], now: datetime) -> None:
    """A live session counts as activity: nobody idles out while they are in one."""
    with Session(reading(engine)) as db:
        quiet = [
            signed_in_id
            for place in places
            for signed_in_id in (place.signed_in_id, place.stands_for)
            if (found := db.get(SignedIn, signed_in_id)) is not None
            and (now - found.seen_at).total_seconds() > SEEN_EVERY_SECONDS
        ]
    if not quiet:
        return
    with session_scope(engine) as db:
        for signed_in_id in quiet:
            db.get_one(SignedIn, signed_in_id).seen_at = now
