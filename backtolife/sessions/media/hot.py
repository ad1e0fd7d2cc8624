"""The hot loop in C, compiled when the engine starts and a compiler is there; the same names as in `forward`.

The shared library is kept in the user's cache folder under a name made from its source, so it is built once.
"""

import ipaddress
import socket
import struct
import sys
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

from backtolife.errors import Conflict
from backtolife.sessions.media import compiler, private, rtp
from backtolife.sessions.media.link import KEPT
from backtolife.sessions.media.udp import Address

SOURCE = Path(__file__).with_name("hot.c")
DECLARATIONS = """
typedef struct { uint64_t at, size; } departure_t;
typedef struct { uint32_t next, spare; departure_t kept[2048]; } sent_t;
typedef struct {
    uint32_t payload_type, ssrc, extension;
    uint32_t sequence_offset, timestamp_offset, picture_offset, tl0_offset;
    uint32_t last_sequence, last_timestamp, last_picture, last_tl0;
    uint64_t packets, octets, drops;
    void *context;
    sent_t *sent;
    uint32_t address_length;
    uint8_t address[28];
} copy_t;
typedef struct { uint8_t address[28]; uint16_t length, spare; } came_t;
typedef struct { int32_t length, payload_at, level, sequence; } opened_t;
int receive(int descriptor, came_t *came, uint8_t *room);
int open_packet(void *unprotect, void *context, const uint8_t *packet, int length, uint8_t *clear,
                const uint8_t *meanings, opened_t *found);
int forward(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at);
"""


CAME, FOUND = struct.Struct("28sHxx"), struct.Struct("4i")
BATCH = 64
"""Datagrams that one system call takes."""
MOST_ADDRESSES = 4096
"""Addresses whose meaning is remembered."""


class Receiver:
    """Takes what waits at the socket, with one system call for many datagrams."""

    def __init__(self, ffi: Any, library: Any, descriptor: int) -> None:
        self._take, self._descriptor = library.receive, descriptor
        self._came = ffi.new(f"came_t[{BATCH}]")
        self._room = ffi.new(f"uint8_t[{BATCH * private.LARGEST}]")
        self._rows, self._bytes = memoryview(ffi.buffer(self._came)), ffi.buffer(self._room)
        self._addresses: dict[bytes, Address] = {}

    def __call__(self) -> list[tuple[bytes, Address]]:
        """At most a batch of datagrams, each with its sender."""
        count = self._take(self._descriptor, self._came, self._room)
        if count <= 0:
            return []
        known, content, at, found = self._addresses, self._bytes, 0, []
        for packed, length in CAME.iter_unpack(self._rows[: count * CAME.size]):
            found.append((content[at : at + length], known.get(packed) or self._learn(packed)))
            at += private.LARGEST
        return found

    def _learn(self, packed: bytes) -> Address:
        if len(self._addresses) >= MOST_ADDRESSES:
            self._addresses.clear()
        address = self._addresses[packed] = plain_address(packed)
        return address


class Fanout:
    """The copies that one incoming stream is sent to at present."""

    def __init__(self, loop: "Forwarding") -> None:
        self._loop = loop
        self._copies: list[Any] = []
        self._array: Any = None

    def __len__(self) -> int:
        return len(self._copies)

    def add(self, copy: Any) -> None:
        self._copies.append(copy)
        self._array = self._loop.ffi.new("copy_t *[]", self._copies)

    def remove(self, copy: Any) -> None:
        self._copies.remove(copy)
        self._array = self._loop.ffi.new("copy_t *[]", self._copies) if self._copies else None

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
        self.ffi.cdef(DECLARATIONS)
        try:
            self._library: Any = self.ffi.dlopen(str(compiler.build(SOURCE)))
        except OSError as error:
            raise Conflict(f"The compiled loop cannot be loaded: {error}.") from None
        self._protect = self.ffi.cast("void *", private.protect_address())
        self._descriptor = descriptor
        self._forward = self._library.forward
        self._unprotect = self.ffi.cast("void *", private.unprotect_address())
        self._open = self._library.open_packet
        self._opened = self.ffi.new("opened_t *")
        self._found = self.ffi.buffer(self._opened)
        self._scratch = self.ffi.new(f"uint8_t[{private.LARGEST}]")
        self._clear = self.ffi.buffer(self._scratch)
        self.receive = Receiver(self.ffi, self._library, descriptor)

    def send(self, packet: bytes, array: Any, count: int, picture_at: int, tl0_at: int) -> None:
        self._forward(packet, len(packet), array, count, self._protect, self._descriptor, picture_at, tl0_at)

    def meanings(self, extensions: dict[int, int]) -> Any:
        """The table of a session's extension identifiers, as `open` wants it."""
        return self.ffi.new("uint8_t[256]", bytes(extensions.get(identifier, 0) for identifier in range(256)))

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


def socket_address(address: Address) -> bytes:
    """The address as the system call wants it (struct sockaddr_in or sockaddr_in6)."""
    ip = ipaddress.ip_address(address[0].partition("%")[0])
    if ip.version == 4:
        return struct.pack("=H", socket.AF_INET) + struct.pack("!H", address[1]) + ip.packed + bytes(8)
    return struct.pack("=H", socket.AF_INET6) + struct.pack("!HI", address[1], 0) + ip.packed + bytes(4)


def plain_address(packed: bytes) -> Address:
    """The other way round: what the system call gave, as the socket module would say it."""
    family, port = int.from_bytes(packed[:2], sys.byteorder), int.from_bytes(packed[2:4], "big")
    if family == socket.AF_INET:
        return socket.inet_ntop(socket.AF_INET, packed[4:8]), port
    return socket.inet_ntop(socket.AF_INET6, packed[8:24]), port
