"""The files of the video that a group watches together, for those who are in the room and only while it is open."""

from flask import Blueprint, Response

from backtolife.errors import Conflict, NotFound
from backtolife.people.access import authorise, permission
from backtolife.people.request import actor, db
from backtolife.sessions.film.source import films
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.state import rules

pages = Blueprint("session_films", __name__, url_prefix="/sessions")
NOT_OPEN = "This video is not open any more."


@pages.get("/<group_session_id>/film/<package_id>/<path:name>")
@permission("session.room")
def file(group_session_id: str, package_id: str, name: str) -> Response:
    """One file of the open video. A device that may only open this session gets it too: it is part of the session."""
    group_session = services.find(db(), actor=actor(), group_session_id=group_session_id, action="session.room")
    rules.refuse_after_end(group_session.status)
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    if seat is None:
        raise Conflict("Join the session first.")
    rules.refuse_unless_in(seat.status, admitted_needed=True)
    authorise(actor(), "session.room", seat)
    if room.state_of(db(), group_session).get("film", {}).get("package") != package_id:
        raise NotFound(NOT_OPEN)
    return films().file(package_id, name)
