"""The hot loop in C, compiled when the engine starts and a compiler is there; the same names as in `forward`.

The shared library is kept in the user's cache folder under a name made from its source, so it is built once.
"""

import ipaddress
import socket
import struct
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

from backtolife.errors import Conflict
from backtolife.sessions.media import compiler, private
from backtolife.sessions.media.udp import Address

SOURCE = Path(__file__).with_name("hot.c")
DECLARATIONS = """
typedef struct {
    uint32_t payload_type, ssrc, extension;
    uint32_t sequence_offset, timestamp_offset, picture_offset, tl0_offset;
    uint32_t last_sequence, last_timestamp, last_picture, last_tl0;
    uint64_t packets, octets, drops;
    void *context;
    uint32_t address_length;
    uint8_t address[28];
} copy_t;
int forward(const uint8_t *packet, int size, copy_t **copies, int count, void *protect, int descriptor, int picture_at,
            int tl0_at);
"""


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

    def send(self, packet: bytes, array: Any, count: int, picture_at: int, tl0_at: int) -> None:
        self._forward(packet, len(packet), array, count, self._protect, self._descriptor, picture_at, tl0_at)

    def copy(self) -> Any:
        return self.ffi.new("copy_t *", {"extension": 0xF0})

    def fanout(self) -> Fanout:
        return Fanout(self)

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
