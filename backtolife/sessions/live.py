"""The live side of the rooms: changes told to every page in them, and the media engine asked to follow."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from flask import Flask, current_app
from flask_socketio import SocketIO
from werkzeug.wrappers import Response

from backtolife.sessions import room, sight
from backtolife.sessions.act import Note, Outcome
from backtolife.sessions.engine import MediaAway, MediaEngine
from backtolife.sessions.places import Places
from backtolife.sessions.rules import SeatStatus

log = structlog.get_logger(__name__)
GONE = (SeatStatus.REMOVED, SeatStatus.LEFT)


@dataclass
class Live:
    """What one web process holds for its rooms. Everything in it can be lost: the truth is in the database."""

    sockets: SocketIO
    engine: MediaEngine
    places: Places = field(default_factory=Places)
    owed: set[str] = field(default_factory=set)
    """Rooms in which the media engine could not be told what holds now; `watch` tells it as soon as it answers."""

    def tell(self, change: room.Change, now: datetime) -> None:
        """Send each seat what changed for it."""
        sent_ms = room.milliseconds(now)
        for seat_id in change.after["seats"]:
            patch = sight.patch_for(change.before, change.after, seat_id)
            payload = {"version": change.version, "sent_ms": sent_ms, "patch": patch}
            self.sockets.emit("patch", payload, to=seat_room(seat_id))

    def note(self, note: Note) -> None:
        for seat_id in note.seats:
            self.sockets.emit(note.name, note.payload, to=seat_room(seat_id))

    def follow(self, outcome: Outcome, now: datetime) -> dict[str, Any]:
        """Tell the room what an event did. Returns the sender's answer."""
        if outcome.change is not None:
            self.tell(outcome.change, now)
        for note in outcome.notes:
            self.note(note)
        return {"ok": True, **outcome.reply}

    def ask_media(self, outcome: Outcome) -> dict[str, str]:
        """Have the media engine follow; a warning for the sender when it cannot be reached."""
        if outcome.media is None:
            return {}
        try:
            outcome.media(self.engine)
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
