"""Socket.IO: who may connect, how an event reaches its handler, what is refused and why."""

import os
import time
from typing import Any

import structlog
from flask import Flask, current_app, request, session
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO, join_room
from flask_wtf.csrf import validate_csrf
from sqlalchemy.exc import SQLAlchemyError
from wtforms.validators import ValidationError

from backtolife import clock
from backtolife.config import Settings, number
from backtolife.db import session_scope
from backtolife.errors import BacktolifeError, NotPermitted
from backtolife.people import signin
from backtolife.people.request import engine
from backtolife.people.standing_in import token_for
from backtolife.people.throttle import TooOften
from backtolife.programme.acting import acting
from backtolife.sessions import comings, events, pulse, watch
from backtolife.sessions.engine import MediaEngine
from backtolife.sessions.gate import FULL, Gate
from backtolife.sessions.live import Live, live, seat_room
from backtolife.sessions.places import Place, bucket_of
from backtolife.sessions.rules import SeatRole, take_token

log = structlog.get_logger(__name__)
LARGEST_BYTES = 64 * 1024
THREADS = 200
SPARE_THREADS = 50
"""Threads that pages and media tokens keep when every other one holds a socket."""
TOO_FAST = "That was too fast. Wait a moment, then try again."
SIGN_IN = "You are not signed in any more. Please sign in, then join again."
NO_DATABASE = "We cannot save just now. We keep trying. Sound and picture go on."
FAULT = "Something went wrong. This is our fault. Please try again."


def add_to(app: Flask) -> None:
    """Hang Socket.IO into `app`."""
    chosen: Settings = app.extensions["backtolife.settings"]
    app.config.setdefault("SOCKET_CAP", max(1, number(os.environ, "WEB_THREADS", THREADS) - SPARE_THREADS))
    sockets = SocketIO(
        app,
        async_mode="threading",
        ping_interval=5,
        ping_timeout=10,
        max_http_buffer_size=LARGEST_BYTES,
        cors_allowed_origins=same_origin(chosen),
        message_queue=chosen.redis_url or None,
    )
    app.extensions["backtolife.live"] = Live(sockets, MediaEngine(chosen))
    app.wsgi_app = Gate(app, app.wsgi_app, sockets)  # type: ignore[method-assign]
    sockets.on_event("connect", connect)
    sockets.on_event("disconnect", disconnect)
    for name in events.EVENTS:
        sockets.on_event(name, receiver(name))
    sockets.on_event("*", refuse_unknown)
    if not app.testing:
        watch.begin(app)
        pulse.begin(app)


def same_origin(settings: Settings) -> Any:
    """Whether a page of this origin may connect: only our own address, exactly."""

    def allowed(origin: str, environ: dict[str, Any]) -> bool:
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
        place = sit_down(str(opening.get("session", ""))[:32], str(opening.get("tab", ""))[:40])
    except BacktolifeError as error:
        raise Refused(error.message, {"status": error.status}) from None
    except SQLAlchemyError as error:
        log.warning("connect_without_database", kind=type(error).__name__)
        raise Refused(FAULT) from None
    join_room(seat_room(place.seat_id))
    earlier = live().places.sit(place)
    if earlier is not None and earlier.tab != place.tab:
        live().sockets.emit("elsewhere", {}, to=earlier.socket_id)
        live().sockets.server.disconnect(earlier.socket_id)


def refuse_when_full() -> None:
    if len(live().places.everyone()) >= current_app.config["SOCKET_CAP"]:
        log.warning("sockets_full")
        raise NotPermitted(FULL)


def refuse_forged(opening: dict[str, Any]) -> None:
    try:
        validate_csrf(opening.get("csrf"))
    except ValidationError:
        raise NotPermitted("This page was open for a long time. Load it again.") from None


def sit_down(group_session_id: str, tab: str) -> Place:
    """Find the seat behind the cookie in this room, and tell the room that its page is here."""
    now = clock.now()
    with live().places.one_at_a_time(group_session_id):
        with session_scope(engine()) as db:
            who = acting(db, token=token_for(session, group_session_id), now=now)
            if who is None:
                raise NotPermitted(SIGN_IN)
            seat, change = comings.arrive(db, who=who, group_session_id=group_session_id, now=now)
            real = signin.find_signed_in(db, token=session.get("signed_in", ""), now=now)
        live().tell(change, now)
    return Place(
        socket_id=socket_id(),
        tab=tab,
        signed_in_id=who.place.id,
        person_id=who.person.id,
        joins_only=who.actor.joins_only,
        group_session_id=group_session_id,
        seat_id=seat.id,
        staff=seat.role is SeatRole.FACILITATOR,
        stands_for=real[0].id if real is not None and real[0].id != who.place.id else "",
    )


def disconnect(reason: object = None) -> None:
    """A page is gone. Its seat is kept."""
    del reason
    place = live().places.rise(socket_id())
    if place is not None:
        comings.note_dropped(live(), engine(), place.group_session_id, place.seat_id, clock.now())


def socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def receiver(name: str) -> Any:
    """What Socket.IO calls when an event called `name` comes in."""

    def receive(payload: object = None, *more: object) -> dict[str, Any]:
        return answer(name, {"": more} if more else payload)

    return receive


def refuse_unknown(name: object = "", *payload: object) -> dict[str, Any]:
    del payload
    return answer(str(name)[:40], None)


def answer(name: str, payload: object) -> dict[str, Any]:
    """Take one event and say how it went; every refusal says why."""
    place = live().places.of(socket_id())
    if place is None:
        return {"ok": False, "error": "This page is not connected to the room.", "status": 403}
    try:
        refuse_too_fast(place, name)
        return carry_out(place, name, payload)
    except BacktolifeError as error:
        return {"ok": False, "error": error.message, "status": error.status}
    except SQLAlchemyError as error:
        log.warning("event_without_database", event_name=name, kind=type(error).__name__)
        return {"ok": False, "error": NO_DATABASE, "status": 503}
    except Exception as error:
        log.error("event_fault", event_name=name, kind=type(error).__name__, exc_info=error)
        return {"ok": False, "error": FAULT, "status": 500}


def refuse_too_fast(place: Place, name: str) -> None:
    now = time.monotonic()
    event = events.EVENTS.get(name)
    limits = [("", float(events.PER_SECOND))] + ([(name, event.per_second)] if event else [])
    for key, rate in limits:
        if not take_token(bucket_of(place, key, now, rate), now, per_second=rate, at_once=rate):
            raise TooOften(TOO_FAST)


def carry_out(place: Place, name: str, payload: object) -> dict[str, Any]:
    """Change the room in one transaction, tell everybody, then have the media engine follow."""
    now, here = clock.now(), live()
    with here.places.one_at_a_time(place.group_session_id):
        with session_scope(engine()) as db:
            actor = comings.actor_behind(db, place)
            outcome = events.take(
                db,
                name=name,
                payload=payload,
                actor=actor,
                seat_id=place.seat_id,
                group_session_id=place.group_session_id,
                now=now,
            )
        reply = here.follow(outcome, now)
    reply |= here.ask_media(outcome)
    if outcome.change is not None:
        comings.show_out(here, outcome.change)
    return reply
