"""Coming into the room and going out of it, as the sockets see it."""

from datetime import datetime

from sqlalchemy import Engine

from backtolife.database.session import Db, session_scope
from backtolife.errors import BacktolifeError, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.models import Person, SignedIn
from backtolife.programme.cohorts.acting import SignedInActor, actor_for
from backtolife.sessions.broadcast.connections import Connection
from backtolife.sessions.broadcast.hub import GONE, Live
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.belonging import refuse_shut
from backtolife.sessions.room.models import Seat
from backtolife.sessions.state import rules
from backtolife.sessions.state import seats as seat_changes
from backtolife.sessions.state.room_state import RoomState
from backtolife.sessions.state.rules import Camera, SeatStatus

SIGNED_OUT = "You are signed out. Please sign in, then join again."
READY_FIRST = "Please get ready on the page before the session, then join from there."


def arrive(db: Db, *, who: SignedInActor, group_session_id: str, now: datetime) -> tuple[Seat, room.Change]:
    """The seat of this person in this room. Staff sit down by coming in; patients took theirs on the page before.

    Raises NotFound for another group's room, NotPermitted without a seat, after removal or while the room
    is shut for them, Conflict after the end.
    """
    services.find(db, actor=who.actor, group_session_id=group_session_id, action="session.room")
    group_session = room.load(db, group_session_id)
    refuse_shut(db, person=who.person, group_session=group_session)
    rules.refuse_after_end(group_session.status)
    seat = seats.seat_of(db, group_session_id=group_session.id, person_id=who.person.id)
    if who.person.is_staff and (seat is None or seat.status is SeatStatus.LEFT):
        ready = seats.Ready(Camera.EVERYONE, phone=who.person.phone)
        seats.take_seat(db, group_session=group_session, person=who.person, ready=ready, actor=who.actor, now=now)
        seat = seats.seat_of(db, group_session_id=group_session.id, person_id=who.person.id)
    if seat is None:
        raise NotFound(READY_FIRST)
    rules.refuse_unless_in(seat.status, admitted_needed=False)
    return seat, room.apply(db, group_session, seat_changes.arrive, now, seat=seat.id)


def actor_behind(db: Db, connection: Connection) -> Actor:
    """Who acts through a connected page, with their groups as they are now.

    Raises NotPermitted once they signed out, were signed out, or their account was closed. Running out of time does
    not end it: nobody is cut off in the middle of a group.
    """
    signed_in, person = db.get(SignedIn, connection.signed_in_id), db.get(Person, connection.person_id)
    if signed_in is None or signed_in.ended_at is not None or person is None or not person.active:
        raise NotPermitted(SIGNED_OUT)
    return actor_for(db, person=person, joins_only=connection.joins_only)


def note_dropped(here: Live, engine: Engine, group_session_id: str, seat_id: str, now: datetime) -> None:
    """The seat's page is gone without leaving: staff see since when."""
    with here.connections.one_at_a_time(group_session_id):
        if here.connections.of_seat(seat_id) is not None:
            return
        try:
            with session_scope(engine) as db:
                group_session = room.load(db, group_session_id)
                now_ms = room.milliseconds(now)
                change = room.apply(db, group_session, seat_changes.drop, now, seat=seat_id, now_ms=now_ms)
        except BacktolifeError:
            return
        here.tell(change, now)


def give_way(here: Live, earlier: Connection, *, tab: str) -> None:
    """Close a page whose seat another one has taken. Where that is another tab, the page says so and stays closed."""
    if earlier.tab != tab:
        here.sockets.emit("elsewhere", {}, to=earlier.socket_id)
    here.sockets.server.disconnect(earlier.socket_id)


def show_out(here: Live, change: room.Change) -> None:
    """Close the pages of seats that left or were removed, and of everyone once the session is over."""
    show_out_gone(here, change.after)


def show_out_gone(here: Live, state: RoomState) -> None:
    """The same, from how the room stands: another web process may have let them out."""
    over = state["status"] == "ended"
    for seat_id, entry in state["seats"].items():
        if over or entry["status"] in GONE:
            connection = here.connections.of_seat(seat_id)
            if connection is not None:
                here.connections.rise(connection.socket_id)
                here.sockets.server.disconnect(connection.socket_id)
