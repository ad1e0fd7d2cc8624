"""Which browser pages are connected to this process, and which seat each of them sits in."""

import threading
import time
from dataclasses import dataclass, field

from backtolife.sessions.events import PER_SECOND
from backtolife.sessions.rules import Bucket


@dataclass
class Place:
    """One connected page. Who it belongs to was read from the signed cookie when it connected, and never since."""

    socket_id: str
    tab: str
    signed_in_id: str
    person_id: str
    joins_only: bool
    group_session_id: str
    seat_id: str
    staff: bool = False
    stands_for: str = ""
    """In a rehearsal: the sign-in of the person themselves, who is busy here and must not idle out meanwhile."""
    heard_at: float = field(default_factory=time.monotonic)
    """When a facilitator's page last answered, in monotonic seconds."""
    silent: bool = False
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def hear(self, *_: object) -> None:
        """The page has answered."""
        self.heard_at = time.monotonic()


class Places:
    """The pages of this process; safe to use from any thread."""

    def __init__(self) -> None:
        self._by_socket: dict[str, Place] = {}
        self._lock = threading.Lock()
        self._rooms: dict[str, threading.Lock] = {}
        self._missed: dict[str, float] = {}

    def sit(self, place: Place) -> Place | None:
        """Enter a page; returns the page that sat in the same seat before it, if there was one."""
        with self._lock:
            earlier = next((one for one in self._by_socket.values() if one.seat_id == place.seat_id), None)
            if earlier is not None:
                del self._by_socket[earlier.socket_id]
            self._by_socket[place.socket_id] = place
            return earlier

    def rise(self, socket_id: str) -> Place | None:
        """Take a page out; None when another page has taken its seat, or it never sat."""
        with self._lock:
            return self._by_socket.pop(socket_id, None)

    def of(self, socket_id: str) -> Place | None:
        with self._lock:
            return self._by_socket.get(socket_id)

    def everyone(self) -> list[Place]:
        with self._lock:
            return list(self._by_socket.values())

    def of_seat(self, seat_id: str) -> Place | None:
        with self._lock:
            return next((place for place in self._by_socket.values() if place.seat_id == seat_id), None)

    def missing_since(self, seat_id: str, now: float) -> float | None:
        """Since when (monotonic seconds) a seat that should have a page has had none here; None when it has one."""
        with self._lock:
            if any(place.seat_id == seat_id for place in self._by_socket.values()):
                self._missed.pop(seat_id, None)
                return None
            return self._missed.setdefault(seat_id, now)

    def one_at_a_time(self, group_session_id: str) -> threading.Lock:
        """The lock under which a room changes and is told of it, so that patches leave in the order of versions."""
        with self._lock:
            return self._rooms.setdefault(group_session_id, threading.Lock())


def bucket_of(place: Place, name: str, now: float, at_once: float = PER_SECOND) -> Bucket:
    """How much of its allowance the page has left for events called `name`."""
    return place.buckets.setdefault(name, Bucket(at_once, now))
