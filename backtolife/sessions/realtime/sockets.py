"""Socket.IO: who may connect, how an event reaches its handler, what is refused and why."""

import logging
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import structlog
from flask import Flask, current_app, request, session
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO, join_room
from flask_wtf.csrf import validate_csrf
from sqlalchemy.exc import SQLAlchemyError
from wtforms.validators import ValidationError

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.errors import BacktolifeError, Invalid, NotPermitted
from backtolife.people.limits.throttle import TooOften
from backtolife.people.request import engine
from backtolife.people.signing_in import signin
from backtolife.people.standing_in import token_for
from backtolife.people.traces import looks
from backtolife.programme.cohorts.acting import acting
from backtolife.sessions.broadcast.connections import Connection
from backtolife.sessions.broadcast.elsewhere import Elsewhere
from backtolife.sessions.broadcast.hub import Live, live, seat_room
from backtolife.sessions.events import registry as events
from backtolife.sessions.events.context import Outcome
from backtolife.sessions.events.replies import Warned
from backtolife.sessions.realtime import arrivals, heartbeat, reconciler, refused
from backtolife.sessions.realtime.connection_limit import FULL, Gate
from backtolife.sessions.room.media_client import PATIENCE_SECONDS, MediaAway, MediaEngine
from backtolife.sessions.state.rules import SeatRole
from backtolife.variables import number

log = structlog.get_logger(__name__)
Answer = dict[str, object]
"""What the sender of an event is told: `ok`, and the fields of `events/replies.py`."""
LARGEST_BYTES = 64 * 1024
THREADS = 200
SPARE_THREADS = 50
"""Threads that pages and media tokens keep when every other one holds a socket."""
FEWEST_THREADS = SPARE_THREADS + 10
TOO_FAST = "That was too fast. Wait a moment, then try again."
TOO_OFTEN = "Your connection came and went many times. Wait a moment, then try again."
ELSEWHERE = "You are in this session in another tab or window. You can only be in one."
SIGN_IN = "You are not signed in any more. Please sign in, then join again."
NOT_SEATED = "This page is not connected to the room just now. Please try again in a moment."
NO_DATABASE = "We cannot save just now. We keep trying. Sound and picture carry on."
FAULT = "Something went wrong. This is our fault. Please try again."


def add_to(app: Flask) -> None:
    """Hang Socket.IO into `app`."""
    chosen: Settings = app.extensions["backtolife.settings"]
    app.config.setdefault("SOCKET_CAP", most_pages(number(os.environ, "WEB_THREADS", THREADS)))
    sockets = SocketIO(
        app,
        async_mode="threading",
        ping_interval=5,
        ping_timeout=10,
        max_http_buffer_size=LARGEST_BYTES,
        cors_allowed_origins=same_origin(chosen),
        message_queue=chosen.redis_url or None,
        logger=logging.getLogger("socketio.server"),  # given as such, they write nothing beside our log
        engineio_logger=logging.getLogger("engineio.server"),
    )
    elsewhere = Elsewhere(chosen.redis_url) if chosen.redis_url else None
    app.extensions["backtolife.live"] = Live(sockets, MediaEngine(chosen), elsewhere)
    app.wsgi_app = Gate(app, app.wsgi_app, sockets)  # type: ignore[method-assign]
    sockets.on_event("connect", connect)
    sockets.on_event("disconnect", disconnect)
    for name in events.EVENTS:
        sockets.on_event(name, receiver(name))
    sockets.on_event("*", refuse_unknown)


def begin(app: Flask) -> None:
    """Start the threads that look after the rooms, in the one process that serves them."""
    app.extensions["backtolife.threads"] = (reconciler.begin(app), heartbeat.begin(app))


def most_pages(threads: int) -> int:
    """How many room pages `threads` carry. gunicorn's worker says how many it has. Raises Invalid for too few."""
    if threads < FEWEST_THREADS:
        raise Invalid(f"WEB_THREADS is {threads}. Use the most people in rooms at once plus {SPARE_THREADS}.")
    return threads - SPARE_THREADS


def same_origin(settings: Settings) -> Callable[[str, Mapping[str, str]], bool]:
    """Whether a page of this origin may connect: only our own address, exactly."""

    def allowed(origin: str, environ: Mapping[str, str]) -> bool:
        if origin == settings.public_url:
            return True
        local = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
        return not settings.production and origin == local

    return allowed


def connect(auth: object = None) -> None:
    """Let a page in. It names the room; who it is comes from the signed cookie alone."""
    opening = auth if isinstance(auth, dict) else {}
    try:
        refuse_when_full()
        refuse_forged(opening)
        connection = sit_down(str(opening.get("session", ""))[:32], str(opening.get("tab", ""))[:40])
    except BacktolifeError as error:
        if error.status in looks.REFUSALS:
            refused.keep_page(str(opening.get("session", ""))[:32], error.status)
        raise Refused(error.message, {"status": error.status}) from None
    except SQLAlchemyError as error:
        log.warning("connect_without_database", kind=type(error).__name__)
        raise Refused(FAULT) from None
    join_room(seat_room(connection.seat_id))
    here = live()
    earlier = here.connections.sit(connection)
    if earlier is not None:
        arrivals.give_way(here, earlier, tab=connection.tab)
    if live().connections.of(connection.socket_id) is None:  # another page sat down in this seat while we came
        raise Refused(ELSEWHERE, {"status": 409})
    if here.elsewhere is not None:  # not for a page that was refused: the one that sits here would have to go as well
        here.elsewhere.take(connection.seat_id, connection.page)


def refuse_when_full() -> None:
    if len(live().connections.everyone()) >= current_app.config["SOCKET_CAP"]:
        log.warning("sockets_full")
        raise NotPermitted(FULL)


def refuse_forged(opening: Mapping[str, object]) -> None:
    try:
        validate_csrf(opening.get("csrf"))
    except ValidationError:
        raise NotPermitted("This page was open for a long time. Load it again.") from None


def sit_down(group_session_id: str, tab: str) -> Connection:
    """Find the seat behind the cookie in this room, and tell the room that its page is here."""
    now = clock.now()
    with live().connections.one_at_a_time(group_session_id):
        with session_scope(engine()) as db:
            who = acting(db, token=token_for(session, group_session_id), now=now)
            if who is None:
                raise NotPermitted(SIGN_IN)
            seat, change = arrivals.arrive(db, who=who, group_session_id=group_session_id, now=now)
            real = signin.find_signed_in(db, token=session.get("signed_in", ""), now=now)
        live().tell(change, now)
    return Connection(
        socket_id=socket_id(),
        tab=tab,
        signed_in_id=who.signed_in.id,
        person_id=who.person.id,
        joins_only=who.actor.joins_only,
        group_session_id=group_session_id,
        seat_id=seat.id,
        staff=seat.role is SeatRole.FACILITATOR,
        stands_for=real[0].id if real is not None and real[0].id != who.signed_in.id else "",
    )


def disconnect(reason: object = None) -> None:
    """A page is gone. Its seat is kept."""
    del reason
    here = live()
    connection = here.connections.rise(socket_id())
    if connection is None:
        return
    gone = (here, engine(), connection.group_session_id, connection.seat_id, clock.now())
    if here.connections.in_a_room():  # telling the room found that this connection is dead: the room is let go first
        here.sockets.start_background_task(arrivals.note_dropped, *gone)
    else:
        arrivals.note_dropped(*gone)


def socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


class Receive(Protocol):
    """What Socket.IO calls with all that came under the name of an event."""

    def __call__(self, payload: object = None, /, *more: object) -> Answer: ...


def receiver(name: str) -> Receive:
    """What Socket.IO calls when an event called `name` comes in."""

    def receive(payload: object = None, *more: object) -> Answer:
        return answer(name, {"": more} if more else payload)

    return receive


def refuse_unknown(name: object = "", *payload: object) -> Answer:
    del payload
    return answer(str(name)[:40], None)


def answer(name: str, payload: object) -> Answer:
    """Take one event and say how it went; every refusal says why."""
    connection = live().connections.of(socket_id())
    if connection is None:
        # Another try of the same page has just taken its seat: it comes back, and what it says is no refused word.
        return {"ok": False, "error": NOT_SEATED, "status": 503}
    try:
        refuse_too_fast(connection, name)
        return let_correct(connection, name, payload)
    except BacktolifeError as error:
        if error.status in looks.REFUSALS:
            refused.keep_event(connection, name, error.status)
        return {"ok": False, "error": error.message, "status": error.status}
    except SQLAlchemyError as error:
        log.warning("event_without_database", event_name=name, kind=type(error).__name__)
        return {"ok": False, "error": NO_DATABASE, "status": 503}
    except Exception as error:
        log.error("event_fault", event_name=name, kind=type(error).__name__, exc_info=error)
        return {"ok": False, "error": FAULT, "status": 500}


def refuse_too_fast(connection: Connection, name: str) -> None:
    now = time.monotonic()
    event = events.EVENTS.get(name)
    limits = [("", float(events.PER_SECOND))] + ([(name, event.per_second)] if event else [])
    for key, rate in limits:
        if not live().allowances.take(connection.seat_id, key, now, per_second=rate, at_once=rate):
            raise TooOften(TOO_FAST)


def let_correct(connection: Connection, name: str, payload: object) -> Answer:
    """Carry it out. What was entered wrongly may be put right at once; of all events together it counts as one."""
    try:
        return carry_out(connection, name, payload)
    except Invalid:
        event = events.EVENTS.get(name)
        if event is not None:
            live().allowances.give_back(connection.seat_id, name, at_once=event.per_second)
        raise


def carry_out(connection: Connection, name: str, payload: object) -> Answer:
    """Change the room in one transaction, tell everybody, then have the media engine follow."""
    now, here = clock.now(), live()
    with here.connections.one_at_a_time(connection.group_session_id):
        with session_scope(engine()) as db:
            actor = arrivals.actor_behind(db, connection)
            outcome = events.take(
                db,
                name=name,
                payload=payload,
                actor=actor,
                seat_id=connection.seat_id,
                group_session_id=connection.group_session_id,
                now=now,
            )
        reply = here.follow(outcome, now)
    reply |= follow_with_media(here, outcome, connection.group_session_id, now)
    if outcome.change is not None:
        arrivals.show_out(here, outcome.change)
    return reply


def follow_with_media(here: Live, outcome: Outcome, group_session_id: str, now: datetime) -> Warned:
    """Have the media engine follow, one event of a room after another, and end with what holds now.

    Events may come here in another order than they changed the room in. An engine that answers nobody holds up no
    queue: whoever has waited as long as one call may take leaves it to `reconciler`.
    """
    if outcome.media is None:
        return {}
    one_at_a_time = here.connections.media_at_a_time(group_session_id)
    if not one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
        here.owed.add(group_session_id)
        return {"warning": MediaAway().message}
    try:
        warned = here.ask_media(outcome)
        if not warned and group_session_id in here.owed:
            reconciler.pay(here, engine(), group_session_id, now)
        return warned
    finally:
        one_at_a_time.release()
