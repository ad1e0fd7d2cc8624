"""The hot loop in Python: one canonical packet in, one patched and encrypted copy to each subscriber out.

`hot` does the same in C behind the same names. A `Copy` holds what differs between two copies of one stream; offsets
are added modulo the width of their field.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

from backtolife.errors import Invalid
from backtolife.sessions.media import private, rtp
from backtolife.sessions.media.intake import Stream
from backtolife.sessions.media.link import KEPT
from backtolife.sessions.media.stun import Address


class CopyState(Protocol):
    """What differs between two copies, and what was sent last. Both loops have these fields."""

    payload_type: int
    ssrc: int
    extension: int
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
    drops: int


class Copy:
    """One subscriber's copy of a stream."""

    __slots__ = (
        "address",
        "context",
        "drops",
        "extension",
        "last_picture",
        "last_sequence",
        "last_timestamp",
        "last_tl0",
        "octets",
        "packets",
        "payload_type",
        "picture_offset",
        "sent",
        "sequence_offset",
        "ssrc",
        "timestamp_offset",
        "tl0_offset",
    )

    def __init__(self) -> None:
        self.payload_type = self.ssrc = 0
        self.extension = rtp.NO_EXTENSION
        self.sequence_offset = self.timestamp_offset = self.picture_offset = self.tl0_offset = 0
        self.last_sequence = self.last_timestamp = self.last_picture = self.last_tl0 = 0
        self.packets = self.octets = self.drops = 0
        self.context: Any = None
        self.address: Address = ("", 0)
        self.sent: Sent | None = None


class Sent:
    """When each numbered packet to one subscriber left, and how large it was (`link.Sent`)."""

    def __init__(self) -> None:
        self.next = 0
        self._kept: list[tuple[int, int]] = [(0, 0)] * KEPT

    def note(self, size: int) -> int:
        """The number of the packet that leaves now."""
        number = self.next & 0xFFFF
        self._kept[number % KEPT] = (time.monotonic_ns() // 1000, size)
        self.next += 1
        return number

    def since(self, number: int, count: int) -> list[tuple[int, int]]:
        first = number % KEPT
        return (self._kept[first : first + count] + self._kept[: max(0, first + count - KEPT)])[:count]


class Fanout:
    """The copies that one incoming stream is sent to at present."""

    def __init__(self, sendto: Callable[[memoryview, Address], int]) -> None:
        self._sendto = sendto
        self._copies: list[Copy] = []

    def __len__(self) -> int:
        return len(self._copies)

    def add(self, copy: Copy) -> None:
        self._copies.append(copy)

    def remove(self, copy: Copy) -> None:
        self._copies.remove(copy)

    def send(self, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send `packet` to every copy; the positions are those of the VP8 counters, 0 where there is none."""
        _send(self._sendto, self._copies, packet, picture_at, tl0_at)

    def send_to(self, copy: Copy, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send to one copy only: late packets and repetitions."""
        _send(self._sendto, [copy], packet, picture_at, tl0_at)


class Forwarding:
    """The Python hot loop, bound to the engine's socket."""

    name = "python"

    def __init__(self, sendto: Callable[[memoryview, Address], int], descriptor: int) -> None:
        self._sendto, self._descriptor = sendto, descriptor

    def meanings(self, extensions: dict[int, int]) -> dict[int, int]:
        """The table of a session's extension identifiers, as `open` wants it."""
        return extensions

    def open(self, context: Any, datagram: bytes, meanings: dict[int, int]) -> tuple[bytes, rtp.Extensions] | None:
        """The clear packet of a datagram and what its extensions say.

        None when it is forged or damaged.
        """
        packet = private.unprotect(context, datagram)
        if packet is None:
            return None
        try:
            return packet, rtp.read_extensions(packet, meanings)
        except Invalid:
            return None

    def copy(self) -> Copy:
        return Copy()

    def fanout(self) -> Fanout:
        return Fanout(self._sendto)

    def stream(self, _ssrc: int, _fanout: Fanout, _red_fanout: Fanout, *, pictures: bool) -> Stream:
        return Stream(pictures)

    def sent(self) -> Sent:
        return Sent()

    def number(self, copy: Copy, sent: Sent) -> None:
        """Number the packets of this copy, together with all others that `sent` counts."""
        copy.sent = sent

    def bind(self, copy: Copy, context: Any, address: Address) -> None:
        """Tell a copy with which keys and to which address it goes."""
        copy.context, copy.address = context, address


_buffer: Any = private.ffi.new(f"unsigned char[{private.LARGEST}]")
_view = memoryview(private.ffi.buffer(_buffer))
_length: Any = private.ffi.new("int *")
_LONGEST = private.LARGEST - 144  # libsrtp appends its tag in place


def _send(
    sendto: Callable[[memoryview, Address], int], copies: list[Copy], packet: bytes, picture_at: int, tl0_at: int
) -> None:
    size = len(packet)
    if size > _LONGEST:
        return
    first, marker = packet[0], packet[1] & 128
    sequence, timestamp = packet[2] << 8 | packet[3], int.from_bytes(packet[4:8], "big")
    body, payload = packet[rtp.HEADER_SIZE :], size - rtp.CANONICAL_SIZE
    view, buffer, length, protect, pack = _view, _buffer, _length, private.srtp_protect, rtp.HEADER.pack_into
    for copy in copies:
        own_sequence = (sequence + copy.sequence_offset) & 0xFFFF
        own_timestamp = (timestamp + copy.timestamp_offset) & 0xFFFFFFFF
        view[12:size] = body
        pack(view, 0, first, marker | copy.payload_type, own_sequence, own_timestamp, copy.ssrc)
        view[16] = copy.extension
        if copy.sent is not None:
            number = copy.sent.note(size)
            view[17], view[18] = number >> 8, number & 255
        if picture_at:
            picture = (((view[picture_at] & 127) << 8 | view[picture_at + 1]) + copy.picture_offset) & 0x7FFF
            view[picture_at], view[picture_at + 1] = 0x80 | picture >> 8, picture & 255
            copy.last_picture = picture
        if tl0_at:
            view[tl0_at] = copy.last_tl0 = (view[tl0_at] + copy.tl0_offset) & 255
        length[0] = size
        if protect(copy.context, buffer, length):
            copy.drops += 1
            continue
        try:
            sendto(view[: length[0]], copy.address)
        except OSError:
            copy.drops += 1
        copy.last_sequence, copy.last_timestamp = own_sequence, own_timestamp
        copy.packets += 1
        copy.octets += payload
