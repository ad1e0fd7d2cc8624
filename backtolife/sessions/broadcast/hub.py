"""The live side of the rooms: changes told to every page in them, and the media engine asked to follow."""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from flask import Flask, current_app
from flask_socketio import SocketIO
from werkzeug.wrappers import Response

from backtolife.sessions.broadcast.allowances import Allowances
from backtolife.sessions.broadcast.connections import Connections
from backtolife.sessions.broadcast.elsewhere import Elsewhere
from backtolife.sessions.broadcast.messages import PatchMessage
from backtolife.sessions.events.context import Note, Outcome
from backtolife.sessions.events.replies import Warned
from backtolife.sessions.room import store as room
from backtolife.sessions.room.media_client import MediaAway, MediaEngine
from backtolife.sessions.state import visibility
from backtolife.sessions.state.rules import SeatStatus

log = structlog.get_logger(__name__)
GONE = (SeatStatus.REMOVED, SeatStatus.LEFT)


@dataclass
class Live:
    """What one web process holds for its rooms. Everything in it can be lost: the truth is in the database."""

    sockets: SocketIO
    engine: MediaEngine
    elsewhere: Elsewhere | None = None
    """What the other web processes hold; None where there is one alone."""
    connections: Connections = field(default_factory=Connections)
    allowances: Allowances = field(default_factory=Allowances)
    told: dict[str, int] = field(default_factory=dict)
    """The newest version of each room that was told to its pages."""
    owed: set[str] = field(default_factory=set)
    """Rooms in which the media engine could not be told what holds now; `watch` tells it as soon as it answers."""
    put_out: dict[str, datetime | None] = field(default_factory=dict)
    """Seats whose people may not be there any more and whom the media engine cut off; when they last signed in."""
    to_put_out: dict[str, set[str]] = field(default_factory=dict)
    """By session, the seats that the media engine has yet to cut off."""

    def tell(self, change: room.Change, now: datetime) -> None:
        """Send each seat what changed for it."""
        sent_ms = room.milliseconds(now)
        self.told[change.group_session_id] = change.version
        for seat_id in change.after["seats"]:
            patch = visibility.patch_for(change.before, change.after, seat_id)
            payload: PatchMessage = {"version": change.version, "sent_ms": sent_ms, "patch": patch}
            self.sockets.emit("patch", payload, to=seat_room(seat_id))

    def note(self, note: Note) -> None:
        for seat_id in note.seats:
            self.sockets.emit(note.name, note.payload, to=seat_room(seat_id))

    def follow(self, outcome: Outcome, now: datetime) -> dict[str, object]:
        """Tell the room what an event did. Returns the sender's answer."""
        if outcome.change is not None:
            self.tell(outcome.change, now)
        for note in outcome.notes:
            self.note(note)
        return {"ok": True, **outcome.reply}

    def ask_media(self, outcome: Outcome) -> Warned:
        """Have the media engine follow; a warning for the sender when it cannot be reached.

        It is asked after the room was let go, so a later change may be asked for before an earlier one. Whoever finds
        that the room has gone on meanwhile owes the engine what holds now.
        """
        if outcome.media is None:
            return {}
        try:
            outcome.media(self.engine)
            if outcome.change is not None and self.told.get(outcome.change.group_session_id) != outcome.change.version:
                self.owed.add(outcome.change.group_session_id)
        except MediaAway as error:
            log.warning("media_away")
            if outcome.change is not None:
                self.owed.add(outcome.change.group_session_id)
            return {"warning": error.message}
        return {}

    def tell_after(self, response: Response, change: room.Change, now: datetime) -> None:
        """Tell the room once this response, and with it the commit, is out."""
        response.call_on_close(lambda: self.tell(change, now))


def seat_room(seat_id: str) -> str:
    return f"seat:{seat_id}"


def live(app: Flask | None = None) -> Live:
    """The live side of the running application."""
    found: Live = (app or current_app).extensions["backtolife.live"]
    return found
