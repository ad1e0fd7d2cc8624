"""The way in, in Python: datagrams as they come, one by one. Every packet of a stream is thought about (`ingress`).

`intake_native` does more of it in C; both are what `ports` asks for. It decrypts, and forwards the next packet of a
stream that needs no decision without Python, which counts such packets later (`Counted`).
"""

import socket
from collections.abc import Iterator

from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.ports import Counted, Kept, SourcePort, StreamPort
from backtolife.sessions.media.limits.budget import DATAGRAMS, LIMITS
from backtolife.sessions.media.packets.rtp import Extensions, Vp8
from backtolife.sessions.media.packets.stun import Address

DATAGRAMS_AT_ONCE = int(LIMITS[DATAGRAMS].most)
"""Of one client, before more are allowed."""
BATCH = 64
"""Datagrams read before other work gets its turn."""
CACHE = 512
"""Packets of a picture stream that are kept for repetition."""


class Stream:
    """What the way in knows of an incoming stream; `pictures` are kept for repetition under their full numbers."""

    has_fast_path = False
    """Whether packets are ever forwarded without a thought."""

    def __init__(self, pictures: bool) -> None:
        self._kept: list[tuple[int, Kept] | None] = [None] * CACHE if pictures else []

    def keep(self, number: int, packet: bytes, vp8: Vp8) -> None:
        self._kept[number % CACHE] = (number, Kept(packet, vp8))

    def kept(self, number: int) -> Kept | None:
        """The packet of this number, while it is remembered."""
        entry = self._kept[number % CACHE] if self._kept else None
        return entry[1] if entry is not None and entry[0] == number else None

    def take_fast_path(self, following: int, payload_type: int, *, redundant: bool) -> None:
        """The packet with full number `following` may go on without a thought, and so those after it.

        `redundant`: they hold every frame of sound twice (RED).
        """

    def take_slow_path(self) -> None:
        """Something has changed: the next packet must be thought about."""

    def counted(self) -> Counted | None:
        """What was forwarded without a thought since the last call."""
        return None


class Source:
    """A client as the way in knows it."""

    heard = 0.0
    """When the last packet came that was not thought about, in the loop's seconds."""

    def __init__(self) -> None:
        self._left = self._doubtful = DATAGRAMS_AT_ONCE
        self._ignored = 0

    def admits(self) -> bool:
        """Whether one more datagram from its address may be looked at. Anybody can write an address on one."""
        if self._left and self._doubtful:
            self._doubtful -= 1
            return True
        self._ignored += not self._left
        return False

    def proved(self) -> None:
        """The datagram looked at is its own: signed or sealed with its keys. Only such a one counts against it."""
        self._doubtful = min(DATAGRAMS_AT_ONCE, self._doubtful + 1)
        self._left = max(0, self._left - 1)

    def allow(self, count: int) -> int:
        """Take so many more datagrams of it; how many were ignored since the last call, its own being too many."""
        ignored, self._ignored = self._ignored, 0
        self._left = min(DATAGRAMS_AT_ONCE, self._left + count)
        self._doubtful = min(DATAGRAMS_AT_ONCE, self._doubtful + count)
        return ignored

    def unlock(self, context: Context | None) -> None:
        """The keys for what it sends are known; None when they are no longer to be used."""

    def understand(self, extensions: dict[int, int]) -> None:
        """What the identifiers of its header extensions mean."""

    def add(self, stream: StreamPort) -> None: ...
    def remove(self, stream: StreamPort) -> None: ...

    def arrivals(self) -> list[tuple[int, float]]:
        """Transport-wide number and time of each packet that was not thought about since the last call."""
        return []


class Intake:
    """Takes what waits at the socket."""

    def __init__(self, endpoint: socket.socket) -> None:
        self._receive = endpoint.recvfrom

    def take(self) -> Iterator[tuple[bytes, Address, Extensions | None]]:
        """At most a batch of datagrams, each with its sender; extensions where it is a clear packet of media."""
        for _ in range(BATCH):
            try:
                datagram, address = self._receive(2048)
            except BlockingIOError:
                return
            except OSError:
                continue
            yield datagram, address[:2], None

    def source(self) -> SourcePort:
        return Source()

    def remember(self, address: Address, source: SourcePort) -> None:
        """What comes from this address is from `source`."""

    def forget(self, source: SourcePort) -> None:
        """Nothing comes from `source` any more."""
