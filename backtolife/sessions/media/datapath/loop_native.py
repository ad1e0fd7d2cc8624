"""The hot loop in C: what `ports` asks for, as `loop_python` has it. The way in is `intake_native`."""

import struct
from typing import cast

from backtolife.sessions.media.datapath import aiortc_internals, hot_library
from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.hot_types import CopyStruct, FanoutStruct, Ffi, SentStruct
from backtolife.sessions.media.datapath.intake_native import Intake, Stream, meanings, socket_address
from backtolife.sessions.media.datapath.ports import CopyPort, FanoutPort, IntakePort, Meanings, StreamPort
from backtolife.sessions.media.packets import queue_delay, rtp
from backtolife.sessions.media.packets.queue_delay import KEPT
from backtolife.sessions.media.packets.stun import Address

FOUND = struct.Struct("4i")


class Fanout:
    """The copies that one incoming stream is sent to at present."""

    def __init__(self, loop: "Forwarding") -> None:
        self._loop = loop
        self._copies: list[CopyPort] = []
        self._array: object = None
        self.struct: FanoutStruct = loop.ffi.new("fanout_t *")

    def __len__(self) -> int:
        return len(self._copies)

    def add(self, copy: CopyPort) -> None:
        self._copies.append(copy)
        self._list()

    def remove(self, copy: CopyPort) -> None:
        self._copies.remove(copy)
        self._list()

    def _list(self) -> None:
        self._array = self._loop.ffi.new("copy_t *[]", self._copies)
        self.struct.copies, self.struct.count = self._array, len(self._copies)

    def send(self, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send `packet` to every copy; the positions are those of the VP8 counters, 0 where there is none."""
        if self._copies:
            self._loop.send(packet, self._array, len(self._copies), picture_at, tl0_at)

    def send_to(self, copy: CopyPort, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send to one copy only: late packets and repetitions."""
        self._loop.send(packet, self._loop.ffi.new("copy_t *[]", [copy]), 1, picture_at, tl0_at)


class Sent:
    """When each numbered packet to one subscriber left, and how large it was (`queue_delay.Sent`)."""

    def __init__(self, ffi: Ffi) -> None:
        self.struct: SentStruct = ffi.new("sent_t *")
        self._kept = memoryview(ffi.buffer(self.struct.kept)).cast("B").cast("Q")

    @property
    def next(self) -> int:
        return int(self.struct.next)

    def since(self, number: int, count: int) -> list[tuple[int, int]]:
        first, kept = number % KEPT, self._kept
        words = kept[2 * first : 2 * (first + count)].tolist() + kept[: 2 * max(0, first + count - KEPT)].tolist()
        return list(zip(words[::2], words[1::2], strict=True))


class Forwarding:
    """The compiled hot loop, bound to the engine's socket."""

    name = "compiled"

    def __init__(self, descriptor: int) -> None:
        """Raises Conflict where there is no C code to load and none can be compiled."""
        self.ffi, self._library, self.packed = hot_library.load()
        self._protect = self.ffi.cast("void *", aiortc_internals.protect_address())
        self._descriptor = descriptor
        self._forward = self._library.forward
        self._unprotect = self.ffi.cast("void *", aiortc_internals.unprotect_address())
        self._open = self._library.open_packet
        self._opened = self.ffi.new("opened_t *")
        self._found = self.ffi.buffer(self._opened)
        self._scratch = self.ffi.new("uint8_t[LARGEST]")
        self._clear = self.ffi.buffer(self._scratch)
        self.intake: IntakePort = Intake(self.ffi, self._library, descriptor)

    def send(self, packet: bytes, array: object, count: int, picture_at: int, tl0_at: int) -> None:
        self._forward(packet, len(packet), array, count, self._protect, self._descriptor, picture_at, tl0_at)

    def meanings(self, extensions: dict[int, int]) -> Meanings:
        """The table of a session's extension identifiers, as `open` wants it."""
        return Meanings(self.ffi.new("uint8_t[256]", meanings(extensions)))

    def open(self, context: Context, datagram: bytes, meanings: Meanings) -> tuple[bytes, rtp.Extensions] | None:
        """The clear packet of a datagram and what its extensions say of level and transport sequence.

        None when it is forged or damaged.
        """
        if self._open(self._unprotect, context, datagram, len(datagram), self._scratch, meanings, self._opened):
            return None
        length, payload_at, level, sequence = FOUND.unpack(self._found)
        number = None if sequence < 0 else sequence
        return self._clear[0:length], rtp.Extensions(payload_at, level, number, None, None, None)

    def copy(self) -> CopyPort:
        return self.ffi.new("copy_t *", {"extension": 0xF0})

    def fanout(self) -> FanoutPort:
        return Fanout(self)

    def stream(self, ssrc: int, fanout: FanoutPort, red_fanout: FanoutPort, *, pictures: bool) -> StreamPort:
        return Stream(self.ffi, ssrc, cast(Fanout, fanout), cast(Fanout, red_fanout), pictures)

    def sent(self) -> queue_delay.Sent:
        return Sent(self.ffi)

    def number(self, copy: CopyPort, sent: queue_delay.Sent) -> None:
        """Number the packets of this copy, together with all others that `sent` counts, which must outlive it."""
        cast(CopyStruct, copy).sent = cast(Sent, sent).struct

    def bind(self, copy: CopyPort, context: Context, address: Address) -> None:
        """Tell a copy with which keys and to which address it goes."""
        own = cast(CopyStruct, copy)
        own.context = self.ffi.cast("void *", aiortc_internals.context_address(context))
        packed = socket_address(address)
        own.address_length = len(packed)
        self.ffi.memmove(own.address, packed, len(packed))
