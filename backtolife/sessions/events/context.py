"""One event in hand: who does it, in which room, with what; and what is to follow once it is committed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.sessions.events.payloads import ToSeat
from backtolife.sessions.room import seats
from backtolife.sessions.room import store as room
from backtolife.sessions.room.media_client import MediaEngine
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state import breakout_rules
from backtolife.sessions.state.document import Change, Given
from backtolife.sessions.state.room_state import RoomState, publishing_of


@dataclass(frozen=True)
class Note:
    """Something told to some seats beside the room's state: a chat message, a word that they were muted."""

    name: str
    seats: tuple[str, ...]
    payload: Mapping[str, object]


@dataclass(frozen=True)
class Outcome:
    """What an event led to. The change and notes are told after the commit, then the media engine is asked."""

    change: room.Change | None = None
    reply: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    media: Callable[[MediaEngine], None] | None = None


Payload_co = TypeVar("Payload_co", covariant=True)


@dataclass(frozen=True)
class Act(Generic[Payload_co]):
    """An event after it was let through: the sender is in the room and the payload is what its type says."""

    db: Db
    actor: Actor
    group_session: GroupSession
    seat: Seat
    given: Payload_co
    now: datetime

    @property
    def now_ms(self) -> int:
        return room.milliseconds(self.now)

    @property
    def state(self) -> RoomState:
        return room.state_of(self.db, self.group_session)

    def apply(self, change: Change[Given], /, *args: Given.args, **given: Given.kwargs) -> room.Change:
        """Change the room, and keep the result. Raises the named errors of the change."""
        return room.apply(self.db, self.group_session, change, self.now, *args, **given)

    def other_seat(self: "Act[ToSeat]") -> Seat:
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
        self, document: RoomState, seat_ids: Iterable[str], ask: Callable[[MediaEngine, str, list[str]], None]
    ) -> Callable[[MediaEngine], None]:
        """Ask the engine once for each media room that these seats are in."""
        rooms = breakout_rules.by_room(self.group_session.id, document, seat_ids, self.now_ms)

        def work(engine: MediaEngine) -> None:
            for where, who in rooms.items():
                ask(engine, where, who)

        return work

    def close_small(self, change: room.Change) -> Callable[[MediaEngine], None]:
        """Ask the engine to end the rooms of the small groups that there were before the change."""
        rooms = breakout_rules.small_rooms(self.group_session.id, change.before)

        return lambda engine: engine.close(*rooms)


def staff_seats(document: RoomState) -> tuple[str, ...]:
    return tuple(seat for seat, entry in document["seats"].items() if entry["role"] == "facilitator")
