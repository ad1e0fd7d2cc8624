"""Which browser pages are connected to this process, and which seat each of them sits in."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Connection:
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

    @property
    def page(self) -> str:
        """What tells this page from every other one at any process, and whether it is the same tab."""
        return f"{self.socket_id} {self.tab}"

    def hear(self, *_: object) -> None:
        """The page has answered."""
        self.heard_at = time.monotonic()


class Connections:
    """The pages of this process; safe to use from any thread."""

    def __init__(self) -> None:
        self._by_socket: dict[str, Connection] = {}
        self._lock = threading.Lock()
        self._rooms: dict[str, threading.Lock] = {}
        self._media: dict[str, threading.Lock] = {}
        self._mine = threading.local()
        self._missed: dict[str, float] = {}

    def sit(self, connection: Connection) -> Connection | None:
        """Enter a page; returns the page that sat in the same seat before it, if there was one."""
        with self._lock:
            earlier = next((one for one in self._by_socket.values() if one.seat_id == connection.seat_id), None)
            if earlier is not None:
                del self._by_socket[earlier.socket_id]
            self._by_socket[connection.socket_id] = connection
            return earlier

    def rise(self, socket_id: str) -> Connection | None:
        """Take a page out; None when another page has taken its seat, or it never sat."""
        with self._lock:
            return self._by_socket.pop(socket_id, None)

    def of(self, socket_id: str) -> Connection | None:
        with self._lock:
            return self._by_socket.get(socket_id)

    def everyone(self) -> list[Connection]:
        with self._lock:
            return list(self._by_socket.values())

    def of_seat(self, seat_id: str) -> Connection | None:
        with self._lock:
            return next((connection for connection in self._by_socket.values() if connection.seat_id == seat_id), None)

    def missing_since(self, seat_id: str, now: float) -> float | None:
        """Since when (monotonic seconds) a seat that should have a page has had none here; None when it has one."""
        with self._lock:
            if any(connection.seat_id == seat_id for connection in self._by_socket.values()):
                self._missed.pop(seat_id, None)
                return None
            return self._missed.setdefault(seat_id, now)

    @contextmanager
    def one_at_a_time(self, group_session_id: str) -> Iterator[None]:
        """Under this a room changes and is told of it, so that patches leave in the order of versions.

        Telling may find that a connection is dead, and its end is then handled in the same thread: whoever handles it
        asks `in_a_room` first, and does not wait for a room in here.
        """
        with self._lock:
            room = self._rooms.setdefault(group_session_id, threading.Lock())
        with room:
            self._mine.rooms = self._rooms_here() + 1
            try:
                yield
            finally:
                self._mine.rooms = self._rooms_here() - 1

    def in_a_room(self) -> bool:
        """Whether this thread is changing a room just now: it must not wait for one."""
        return self._rooms_here() > 0

    def _rooms_here(self) -> int:
        return int(getattr(self._mine, "rooms", 0))

    def media_at_a_time(self, group_session_id: str) -> threading.Lock:
        """The lock under which the media engine is asked about a room."""
        with self._lock:
            return self._media.setdefault(group_session_id, threading.Lock())
