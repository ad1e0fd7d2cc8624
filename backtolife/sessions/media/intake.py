"""The way in, in Python: datagrams as they come, one by one. Every packet of a stream is thought about (`ingress`).

`hot_intake` does more of it in C behind the same names: it decrypts, and forwards the next packet of a stream that
needs no decision without Python, which counts such packets later (`Counted`).
"""

import socket
from collections.abc import Iterator
from typing import Any, NamedTuple

from backtolife.sessions.media.rtp import Extensions, Vp8
from backtolife.sessions.media.stun import Address

BATCH = 64
"""Datagrams read before other work gets its turn."""
CACHE = 512
"""Packets of a picture stream that are kept for repetition."""


class Kept(NamedTuple):
    """A forwarded packet kept for repetition."""

    packet: bytes
    vp8: Vp8


class Counted(NamedTuple):
    """Packets of a stream that were forwarded since the last look, each the one after the one before."""

    packets: int
    octets: int
    """Of payload."""
    level: int
    """The loudest, in -dBov."""
    heard: float
    """When the last one came, in the loop's seconds."""


class Stream:
    """What the way in knows of an incoming stream; `pictures` are kept for repetition under their full numbers."""

    hurries = False
    """Whether packets are ever forwarded without a thought."""

    def __init__(self, pictures: bool) -> None:
        self._kept: list[tuple[int, Kept] | None] = [None] * CACHE if pictures else []

    def keep(self, number: int, packet: bytes, vp8: Vp8) -> None:
        self._kept[number % CACHE] = (number, Kept(packet, vp8))

    def kept(self, number: int) -> Kept | None:
        """The packet of this number, while it is remembered."""
        entry = self._kept[number % CACHE] if self._kept else None
        return entry[1] if entry is not None and entry[0] == number else None

    def hurry(self, following: int, payload_type: int, *, redundant: bool) -> None:
        """The packet with full number `following` may go on without a thought, and so those after it.

        `redundant`: they hold every frame of sound twice (RED).
        """

    def think(self) -> None:
        """Something has changed: the next packet must be thought about."""

    def counted(self) -> Counted | None:
        """What was forwarded without a thought since the last call."""
        return None


class Source:
    """A client as the way in knows it."""

    heard = 0.0
    """When the last packet came that was not thought about, in the loop's seconds."""

    def unlock(self, context: Any) -> None:
        """The keys for what it sends are known; None when they are no longer to be used."""

    def understand(self, extensions: dict[int, int]) -> None:
        """What the identifiers of its header extensions mean."""

    def add(self, stream: Any) -> None: ...
    def remove(self, stream: Any) -> None: ...

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

    def source(self) -> Source:
        return Source()

    def remember(self, address: Address, source: Source) -> None:
        """What comes from this address is from `source`."""

    def forget(self, source: Source) -> None:
        """Nothing comes from `source` any more."""
