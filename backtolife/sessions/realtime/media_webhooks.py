"""What the media engine tells us: who came and went. Signed by it, taken once each, the only source of attendance."""

from collections.abc import Container
from datetime import UTC, datetime

import structlog
from flask import Blueprint, Flask, request
from livekit.api import WebhookEvent
from werkzeug.wrappers import Response

from backtolife.database.session import Db
from backtolife.errors import NotPermitted
from backtolife.people.access import permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, now
from backtolife.sessions.broadcast.hub import Live, live
from backtolife.sessions.realtime import unwelcome
from backtolife.sessions.records import attendance
from backtolife.sessions.room import private_cameras
from backtolife.sessions.room import store as room
from backtolife.sessions.room.media_client import MediaAway, misnamed
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.state import breakout_rules, seats
from backtolife.sessions.state.room_state import RoomState, publishing_of

JOINING = "participant_joined"
LEAVING = ("participant_left", "participant_connection_aborted")
log = structlog.get_logger(__name__)
pages = Blueprint("webhooks", __name__, url_prefix="/webhooks")


def add_to(app: Flask) -> None:
    """Webhooks carry a signature over the whole body in place of a form's token."""
    app.extensions["csrf"].exempt(pages)


@pages.post("/media")
@permission(PUBLIC)
def media() -> Response:
    here = live()
    try:
        event = here.engine.receive(request.get_data(as_text=True), request.headers.get("Authorization", ""))
    except ValueError:
        raise NotPermitted("This was not signed by our media engine.") from None
    response = Response(status=204)
    moment = now()
    change = take(db(), event, moment)
    if change is not None:
        here.tell_after(response, change, moment)
    if event.event == JOINING:
        state = change.after if change is not None else beside(db(), event)
        gone = {one.seat_id for one in unwelcome.seats(db(), moment)}
        response.call_on_close(lambda: hold_to_the_rules(here, event, state, moment, gone))
    elif event.event == "track_published" and misnamed(event.track):
        response.call_on_close(lambda: put_out(here, event))
    return response


def take(handle: Db, event: WebhookEvent, moment: datetime) -> room.Change | None:
    """Note one event; None for one that changes nothing: unknown rooms, repeats, kinds we do not need.

    The rooms of small groups belong to their session.
    """
    session_id, place = breakout_rules.session_and_place(event.room.name)
    if not event.id or private_cameras.group_of(event.room.name) or handle.get(GroupSession, session_id) is None:
        return None
    group_session = room.load(handle, session_id)
    at = datetime.fromtimestamp(event.created_at, UTC)
    if not attendance.take_event(handle, event_id=event.id, kind=event.event, group_session=group_session, at=at):
        return None
    if event.event in ("room_started", "room_finished"):
        attendance.end_open_spans(handle, group_session=group_session, at=at, place=place)
        return None
    seat = handle.get(Seat, event.participant.identity)
    if seat is None or seat.group_session_id != group_session.id:
        return None
    return came_or_went(handle, event, group_session, seat, at=at, moment=moment)


def came_or_went(
    handle: Db, event: WebhookEvent, group_session: GroupSession, seat: Seat, *, at: datetime, moment: datetime
) -> room.Change | None:
    """Keep the span that begins or ends, and change the room where it goes on."""
    connection, (_, place) = event.participant.sid, breakout_rules.session_and_place(event.room.name)
    over, now_ms = group_session.status is GroupStatus.ENDED, room.milliseconds(moment)
    if event.event == JOINING:
        attendance.begin_span(handle, group_session=group_session, seat=seat, connection=connection, at=at, place=place)
        if over:
            return None
        return room.apply(handle, group_session, seats.present, moment, seat=seat.id, place=place, now_ms=now_ms)
    if event.event not in LEAVING:
        return None
    attendance.end_span(handle, connection=connection, at=at)
    if over or attendance.still_connected(handle, seat_id=seat.id):
        return None
    return room.apply(handle, group_session, seats.absent, moment, seat=seat.id, now_ms=now_ms)


def beside(handle: Db, event: WebhookEvent) -> RoomState | None:
    """What holds for the group in whose room, or beside whose room, somebody joined; None for any other room."""
    group = private_cameras.group_of(event.room.name) or event.room.name
    group_session = handle.get(GroupSession, breakout_rules.session_and_place(group)[0])
    return room.state_of(handle, group_session) if group_session is not None else None


def put_out(here: Live, event: WebhookEvent) -> None:
    """Out of the room with whoever sends sound in a picture's name: what they may send is held to names."""
    log.warning("track_misnamed", participant=event.participant.sid, track=event.track.sid)
    try:
        here.engine.put_out(event.room.name, event.participant.identity)
    except MediaAway:
        log.warning("media_away")


def hold_to_the_rules(
    here: Live, event: WebhookEvent, state: RoomState | None, moment: datetime, gone: Container[str] = ()
) -> None:
    """Somebody connected, perhaps with an older token while the engine was away: what holds now is what counts.

    `gone` are the seats of people who may not be in a session any more: a kept token does not let them back.
    Also where: a page that comes into a group it does not belong to is put out, asks again and is told where to go.
    """
    group = private_cameras.group_of(event.room.name)
    name, seats = group or event.room.name, state["seats"] if state is not None else {}
    known_as = here.engine.names_beside(name, seats) if group else {seat: seat for seat in seats}
    seat_id = next((seat for seat, known in known_as.items() if known == event.participant.identity), None)
    if state is None or seat_id is None:
        return
    session_id, place = breakout_rules.session_and_place(name)
    belongs = breakout_rules.place_of(state, seat_id, room.milliseconds(moment)) == place
    inside = breakout_rules.may_be_inside(state["seats"][seat_id]) and state["status"] != "ended"
    try:
        if inside and belongs and seat_id not in gone:
            here.engine.settle(name, {seat_id: publishing_of(state, seat_id)})
        else:
            here.engine.remove(name, [seat_id])
    except MediaAway:
        log.warning("media_away")
        here.owed.add(session_id)
