"""What the engine has of its packet loop. The loop in Python and the loop in C both satisfy it: mypy sees to that.

A loop is given only what it made itself: its copies, fan-outs, streams and sources.
"""

from collections.abc import Iterable
from typing import NamedTuple, NewType, Protocol

from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.packets.queue_delay import Sent
from backtolife.sessions.media.packets.rtp import Extensions, Vp8
from backtolife.sessions.media.packets.stun import Address

Meanings = NewType("Meanings", object)
"""The table of a session's extension identifiers, as its loop reads it."""


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
    timestamp: int
    """Of the last one."""


class CopyPort(Protocol):
    """One subscriber's copy of a stream: what differs between two copies. Offsets are added modulo the width of their
    field.
    """

    payload_type: int
    ssrc: int
    extension: int
    """The byte before the one extension that we write."""
    sequence_offset: int
    timestamp_offset: int
    picture_offset: int
    tl0_offset: int
    last_sequence: int
    last_timestamp: int
    last_picture: int
    last_tl0: int
    packets: int
    octets: int
    """Of payload."""
    drops: int
    """Packets that could not be encrypted, or that the socket would not take."""


class FanoutPort(Protocol):
    """The copies that one incoming stream is sent to at present."""

    def __len__(self) -> int: ...
    def add(self, copy: CopyPort) -> None: ...
    def remove(self, copy: CopyPort) -> None: ...
    def send(self, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send `packet` to every copy; the positions are those of the VP8 counters, 0 where there is none."""

    def send_to(self, copy: CopyPort, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send to one copy only: late packets and repetitions."""


class StreamPort(Protocol):
    """What the way in knows of an incoming stream. Pictures are kept for repetition under their full numbers."""

    has_fast_path: bool
    """Whether packets are ever forwarded without a thought."""

    def keep(self, number: int, packet: bytes, vp8: Vp8) -> None: ...
    def kept(self, number: int) -> Kept | None:
        """The packet of this number, while it is remembered."""

    def take_fast_path(self, following: int, payload_type: int, *, redundant: bool) -> None:
        """The packet with full number `following` may go on without a thought, and so those after it.

        `redundant`: they hold every frame of sound twice (RED).
        """

    def take_slow_path(self) -> None:
        """Something has changed: the next packet must be thought about."""

    def counted(self) -> Counted | None:
        """What was forwarded without a thought since the last call."""


class SourcePort(Protocol):
    """A client as the way in knows it."""

    @property
    def heard(self) -> float:
        """When the last packet came that was not thought about, in the loop's seconds."""

    def admits(self) -> bool:
        """Whether one more datagram from its address may be looked at. Anybody can write an address on one."""

    def proved(self) -> None:
        """The datagram looked at is its own: signed or sealed with its keys. Only such a one counts against it."""

    def allow(self, count: int) -> int:
        """Take so many more datagrams of it; how many were ignored since the last call, its own being too many."""

    def unlock(self, context: Context | None) -> None:
        """The keys for what it sends are known; None when they are no longer to be used."""

    def understand(self, extensions: dict[int, int]) -> None:
        """What the identifiers of its header extensions mean."""

    def add(self, stream: StreamPort) -> None: ...
    def remove(self, stream: StreamPort) -> None: ...
    def arrivals(self) -> list[tuple[int, float]]:
        """Transport-wide number and time of each packet that was not thought about since the last call."""


class IntakePort(Protocol):
    """The way in: takes what waits at the socket."""

    def take(self) -> Iterable[tuple[bytes, Address, Extensions | None]]:
        """At most a batch of datagrams, each with its sender; extensions where it is a clear packet of media."""

    def source(self) -> SourcePort: ...
    def remember(self, address: Address, source: SourcePort) -> None:
        """What comes from this address is from `source`."""

    def forget(self, source: SourcePort) -> None:
        """Nothing comes from `source` any more."""


class ForwardingPort(Protocol):
    """The way out, bound to the engine's socket."""

    name: str
    """`python` or `compiled`."""

    def meanings(self, extensions: dict[int, int]) -> Meanings: ...
    def open(self, context: Context, datagram: bytes, meanings: Meanings) -> tuple[bytes, Extensions] | None:
        """The clear packet of a datagram and what its extensions say; None when it is forged or damaged."""

    def copy(self) -> CopyPort: ...
    def fanout(self) -> FanoutPort: ...
    def stream(self, ssrc: int, fanout: FanoutPort, red_fanout: FanoutPort, *, pictures: bool) -> StreamPort: ...
    def sent(self) -> Sent: ...
    def number(self, copy: CopyPort, sent: Sent) -> None:
        """Number the packets of this copy, together with all others that `sent` counts, which must outlive it."""

    def bind(self, copy: CopyPort, context: Context, address: Address) -> None:
        """Tell a copy with which keys and to which address it goes."""
