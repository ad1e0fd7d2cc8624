"""One event in hand: who does it, in which room, with what; and what is to follow once it is committed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backtolife.db import Db
from backtolife.people.access import Actor
from backtolife.sessions import room, seats, small_rules
from backtolife.sessions.document import Document, publishing_of
from backtolife.sessions.engine import MediaEngine
from backtolife.sessions.models import GroupSession, Seat
from backtolife.sessions.rules import SeatRole


@dataclass(frozen=True)
class Note:
    """Something told to some seats beside the room's state: a chat message, a word that they were muted."""

    name: str
    seats: tuple[str, ...]
    payload: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What an event led to. The change and notes are told after the commit, then the media engine is asked."""

    change: room.Change | None = None
    reply: dict[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    media: Callable[[MediaEngine], None] | None = None


@dataclass
class Act:
    """An event after it was let through: the sender is in the room and the payload fits the schema."""

    db: Db
    actor: Actor
    group_session: GroupSession
    seat: Seat
    given: dict[str, Any]
    now: datetime

    @property
    def now_ms(self) -> int:
        return room.milliseconds(self.now)

    @property
    def state(self) -> Document:
        return room.state_of(self.db, self.group_session)

    def apply(self, event: str, /, **given: Any) -> room.Change:
        return room.apply(self.db, self.group_session, event, self.now, **given)

    def other_seat(self) -> Seat:
        """The seat that the event names. Raises NotFound for one of another room."""
        return seats.seat_by_id(self.db, group_session=self.group_session, seat_id=self.given["seat"])

    def settle(self, change: room.Change, seat_ids: Iterable[str]) -> Callable[[MediaEngine], None]:
        """Ask the engine to let these seats send what they may after the change."""
        wanted = {seat: publishing_of(change.after, seat) for seat in seat_ids}
        return self.in_rooms(
            change.after, wanted, lambda engine, where, who: engine.settle(where, {seat: wanted[seat] for seat in who})
        )

    def cut_off(self, change: room.Change, seat_ids: Iterable[str]) -> Callable[[MediaEngine], None]:
        """Ask the engine to end these seats' sound and picture where they were before the change."""
        return self.in_rooms(change.before, seat_ids, lambda engine, where, who: engine.remove(where, who))

    def mute(self, change: room.Change, seat_ids: Iterable[str]) -> Callable[[MediaEngine], None]:
        return self.in_rooms(change.after, seat_ids, lambda engine, where, who: engine.mute(where, who))

    def in_rooms(
        self, document: Document, seat_ids: Iterable[str], ask: Callable[[MediaEngine, str, list[str]], None]
    ) -> Callable[[MediaEngine], None]:
        """Ask the engine once for each media room that these seats are in."""
        rooms = small_rules.by_room(self.group_session.id, document, seat_ids, self.now_ms)

        def work(engine: MediaEngine) -> None:
            for where, who in rooms.items():
                ask(engine, where, who)

        return work

    def close_small(self, change: room.Change) -> Callable[[MediaEngine], None]:
        """Ask the engine to end the rooms of the small groups that there were before the change."""
        rooms = small_rules.small_rooms(self.group_session.id, change.before)

        return lambda engine: engine.close(*rooms)


def staff_seats(document: Document) -> tuple[str, ...]:
    return tuple(seat for seat, entry in document["seats"].items() if entry["role"] == SeatRole.FACILITATOR)
