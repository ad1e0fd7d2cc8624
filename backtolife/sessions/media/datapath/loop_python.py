"""The hot loop in Python: one canonical packet in, one patched and encrypted copy to each subscriber out.

`loop_native` does the same in C; both are what `ports` asks for.
"""

import time
from collections.abc import Callable
from typing import cast

from backtolife.errors import Invalid
from backtolife.sessions.media.datapath import aiortc_internals
from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.intake_python import Stream
from backtolife.sessions.media.datapath.ports import CopyPort, FanoutPort, Meanings, StreamPort
from backtolife.sessions.media.packets import queue_delay, rtp
from backtolife.sessions.media.packets.queue_delay import KEPT
from backtolife.sessions.media.packets.stun import Address


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
        self.context: Context | None = None
        self.address: Address = ("", 0)
        self.sent: Sent | None = None


class Sent:
    """When each numbered packet to one subscriber left, and how large it was (`queue_delay.Sent`)."""

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

    def add(self, copy: CopyPort) -> None:
        self._copies.append(cast(Copy, copy))

    def remove(self, copy: CopyPort) -> None:
        self._copies.remove(cast(Copy, copy))

    def send(self, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send `packet` to every copy; the positions are those of the VP8 counters, 0 where there is none."""
        _send(self._sendto, self._copies, packet, picture_at, tl0_at)

    def send_to(self, copy: CopyPort, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send to one copy only: late packets and repetitions."""
        _send(self._sendto, [cast(Copy, copy)], packet, picture_at, tl0_at)


class Forwarding:
    """The Python hot loop, bound to the engine's socket."""

    name = "python"

    def __init__(self, sendto: Callable[[memoryview, Address], int], descriptor: int) -> None:
        self._sendto, self._descriptor = sendto, descriptor

    def meanings(self, extensions: dict[int, int]) -> Meanings:
        """The table of a session's extension identifiers, as `open` wants it."""
        return Meanings(extensions)

    def open(self, context: Context, datagram: bytes, meanings: Meanings) -> tuple[bytes, rtp.Extensions] | None:
        """The clear packet of a datagram and what its extensions say.

        None when it is forged or damaged.
        """
        packet = aiortc_internals.unprotect(context, datagram)
        if packet is None:
            return None
        try:
            return packet, rtp.read_extensions(packet, cast("dict[int, int]", meanings))
        except Invalid:
            return None

    def copy(self) -> CopyPort:
        return Copy()

    def fanout(self) -> FanoutPort:
        return Fanout(self._sendto)

    def stream(self, ssrc: int, fanout: FanoutPort, red_fanout: FanoutPort, *, pictures: bool) -> StreamPort:
        return Stream(pictures)

    def sent(self) -> queue_delay.Sent:
        return Sent()

    def number(self, copy: CopyPort, sent: queue_delay.Sent) -> None:
        """Number the packets of this copy, together with all others that `sent` counts."""
        cast(Copy, copy).sent = cast(Sent, sent)

    def bind(self, copy: CopyPort, context: Context, address: Address) -> None:
        """Tell a copy with which keys and to which address it goes."""
        own = cast(Copy, copy)
        own.context, own.address = context, address


_buffer = aiortc_internals.ffi.new(f"unsigned char[{aiortc_internals.LARGEST}]")
_view = memoryview(aiortc_internals.ffi.buffer(_buffer))
_length = aiortc_internals.ffi.new("int *")
_LONGEST = aiortc_internals.LARGEST - 144  # libsrtp appends its tag in place


def _send(
    sendto: Callable[[memoryview, Address], int], copies: list[Copy], packet: bytes, picture_at: int, tl0_at: int
) -> None:
    size = len(packet)
    if size > _LONGEST:
        return
    first, marker = packet[0], packet[1] & 128
    sequence, timestamp = packet[2] << 8 | packet[3], int.from_bytes(packet[4:8], "big")
    body, payload = packet[rtp.HEADER_SIZE :], size - rtp.CANONICAL_SIZE
    view, buffer, length, protect, pack = _view, _buffer, _length, aiortc_internals.srtp_protect, rtp.HEADER.pack_into
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
