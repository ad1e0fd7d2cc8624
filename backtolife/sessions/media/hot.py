"""The hot loop in C, compiled when the engine starts and a compiler is there; the same names as in `forward`.

Its declarations are read from `hot.h`. The way in is `hot_intake`.

The shared library is kept in the user's cache folder under a name made from its source, so it is built once.
"""

import struct
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

from backtolife.errors import Conflict
from backtolife.sessions.media import compiler, private, rtp
from backtolife.sessions.media.hot_intake import Intake, Stream, meanings, socket_address
from backtolife.sessions.media.link import KEPT
from backtolife.sessions.media.stun import Address

SOURCES = [Path(__file__).with_name(name) for name in ("hot.h", "hot.c", "hot_intake.c")]
FOUND = struct.Struct("4i")


class Fanout:
    """The copies that one incoming stream is sent to at present."""

    def __init__(self, loop: "Forwarding") -> None:
        self._loop = loop
        self._copies: list[Any] = []
        self._array: Any = None
        self.struct: Any = loop.ffi.new("fanout_t *")

    def __len__(self) -> int:
        return len(self._copies)

    def add(self, copy: Any) -> None:
        self._copies.append(copy)
        self._list()

    def remove(self, copy: Any) -> None:
        self._copies.remove(copy)
        self._list()

    def _list(self) -> None:
        self._array = self._loop.ffi.new("copy_t *[]", self._copies)
        self.struct.copies, self.struct.count = self._array, len(self._copies)

    def send(self, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send `packet` to every copy; the positions are those of the VP8 counters, 0 where there is none."""
        if self._copies:
            self._loop.send(packet, self._array, len(self._copies), picture_at, tl0_at)

    def send_to(self, copy: Any, packet: bytes, picture_at: int, tl0_at: int) -> None:
        """Send to one copy only: late packets and repetitions."""
        self._loop.send(packet, self._loop.ffi.new("copy_t *[]", [copy]), 1, picture_at, tl0_at)


class Sent:
    """When each numbered packet to one subscriber left, and how large it was (`link.Sent`)."""

    def __init__(self, ffi: Any) -> None:
        self.struct: Any = ffi.new("sent_t *")
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
        """Raises Conflict where it cannot be built or loaded."""
        self.ffi = cffi.FFI()
        self.ffi.cdef(SOURCES[0].read_text())
        try:
            self._library: Any = self.ffi.dlopen(str(compiler.build(SOURCES)))
        except OSError as error:
            raise Conflict(f"The compiled loop cannot be loaded: {error}.") from None
        self._protect = self.ffi.cast("void *", private.protect_address())
        self._descriptor = descriptor
        self._forward = self._library.forward
        self._unprotect = self.ffi.cast("void *", private.unprotect_address())
        self._open = self._library.open_packet
        self._opened = self.ffi.new("opened_t *")
        self._found = self.ffi.buffer(self._opened)
        self._scratch = self.ffi.new("uint8_t[LARGEST]")
        self._clear = self.ffi.buffer(self._scratch)
        self.intake = Intake(self.ffi, self._library, descriptor)

    def send(self, packet: bytes, array: Any, count: int, picture_at: int, tl0_at: int) -> None:
        self._forward(packet, len(packet), array, count, self._protect, self._descriptor, picture_at, tl0_at)

    def meanings(self, extensions: dict[int, int]) -> Any:
        """The table of a session's extension identifiers, as `open` wants it."""
        return self.ffi.new("uint8_t[256]", meanings(extensions))

    def open(self, context: Any, datagram: bytes, meanings: Any) -> tuple[bytes, rtp.Extensions] | None:
        """The clear packet of a datagram and what its extensions say of level and transport sequence.

        None when it is forged or damaged.
        """
        if self._open(self._unprotect, context, datagram, len(datagram), self._scratch, meanings, self._opened):
            return None
        length, payload_at, level, sequence = FOUND.unpack(self._found)
        number = None if sequence < 0 else sequence
        return self._clear[0:length], rtp.Extensions(payload_at, level, number, None, None, None)

    def copy(self) -> Any:
        return self.ffi.new("copy_t *", {"extension": 0xF0})

    def fanout(self) -> Fanout:
        return Fanout(self)

    def stream(self, ssrc: int, fanout: Fanout, red_fanout: Fanout, *, pictures: bool) -> Stream:
        return Stream(self.ffi, ssrc, fanout, red_fanout, pictures)

    def sent(self) -> Sent:
        return Sent(self.ffi)

    def number(self, copy: Any, sent: Sent) -> None:
        """Number the packets of this copy, together with all others that `sent` counts, which must outlive it."""
        copy.sent = sent.struct

    def bind(self, copy: Any, context: Any, address: Address) -> None:
        """Tell a copy with which keys and to which address it goes."""
        copy.context = self.ffi.cast("void *", private.context_address(context))
        packed = socket_address(address)
        copy.address_length = len(packed)
        self.ffi.memmove(copy.address, packed, len(packed))
