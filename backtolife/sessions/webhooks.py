"""What the media engine tells us: who came and went. Signed by it, taken once each, the only source of attendance."""

from datetime import UTC, datetime

import structlog
from flask import Blueprint, Flask, request
from livekit.api import WebhookEvent
from werkzeug.wrappers import Response

from backtolife.db import Db
from backtolife.errors import NotPermitted
from backtolife.people.access import PUBLIC, permission
from backtolife.people.request import db, now
from backtolife.sessions import attendance, room, small_rules, staff_cameras
from backtolife.sessions.document import Document, publishing_of
from backtolife.sessions.engine import MediaAway
from backtolife.sessions.live import Live, live
from backtolife.sessions.models import GroupSession, GroupStatus, Seat

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
    if event.event == "participant_joined":
        state = change.after if change is not None else beside(db(), event)
        response.call_on_close(lambda: hold_to_the_rules(here, event, state, moment))
    return response


def take(handle: Db, event: WebhookEvent, moment: datetime) -> room.Change | None:
    """Note one event; None for one that changes nothing: unknown rooms, repeats, kinds we do not need.

    The rooms of small groups belong to their session.
    """
    session_id, place = small_rules.session_and_place(event.room.name)
    if not event.id or staff_cameras.group_of(event.room.name) or handle.get(GroupSession, session_id) is None:
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
    change = came_or_went(handle, event, group_session, seat, at)
    if change is None or group_session.status is GroupStatus.ENDED:
        return None
    name, given = change
    return room.apply(handle, group_session, name, moment, seat=seat.id, now_ms=room.milliseconds(moment), **given)


def came_or_went(
    handle: Db, event: WebhookEvent, group_session: GroupSession, seat: Seat, at: datetime
) -> tuple[str, dict[str, str]] | None:
    """Keep the span that begins or ends, and say what that means for the room: a change and what it needs."""
    connection, (_, place) = event.participant.sid, small_rules.session_and_place(event.room.name)
    if event.event == "participant_joined":
        attendance.begin_span(handle, group_session=group_session, seat=seat, connection=connection, at=at, place=place)
        return "present", {"place": place}
    if event.event not in LEAVING:
        return None
    attendance.end_span(handle, connection=connection, at=at)
    return None if attendance.still_connected(handle, seat_id=seat.id) else ("absent", {})


def beside(handle: Db, event: WebhookEvent) -> Document | None:
    """What holds for the group in whose room, or beside whose room, somebody joined; None for any other room."""
    group = staff_cameras.group_of(event.room.name) or event.room.name
    group_session = handle.get(GroupSession, small_rules.session_and_place(group)[0])
    return room.state_of(handle, group_session) if group_session is not None else None


def hold_to_the_rules(here: Live, event: WebhookEvent, state: Document | None, moment: datetime) -> None:
    """Somebody connected, perhaps with an older token while the engine was away: what holds now is what counts.

    Also where: a page that comes into a group it does not belong to is put out, asks again and is told where to go.
    """
    group = staff_cameras.group_of(event.room.name)
    name, seats = group or event.room.name, state["seats"] if state is not None else {}
    known_as = here.engine.names_beside(name, seats) if group else {seat: seat for seat in seats}
    seat_id = next((seat for seat, known in known_as.items() if known == event.participant.identity), None)
    if state is None or seat_id is None:
        return
    session_id, place = small_rules.session_and_place(name)
    belongs = small_rules.place_of(state, seat_id, room.milliseconds(moment)) == place
    inside = small_rules.may_be_inside(state["seats"][seat_id]) and state["status"] != GroupStatus.ENDED
    try:
        if inside and belongs:
            here.engine.settle(name, {seat_id: publishing_of(state, seat_id)})
        else:
            here.engine.remove(name, [seat_id])
    except MediaAway:
        log.warning("media_away")
        here.owed.add(session_id)
