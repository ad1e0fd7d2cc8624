"""The way in, in C: what `ports` asks for, as `intake_python` has it."""

import ipaddress
import socket
import struct
import sys
from typing import Protocol, cast

from backtolife.sessions.media.datapath import aiortc_internals
from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.hot_types import FanoutStruct, Ffi, Library, SourceStruct, StreamStruct
from backtolife.sessions.media.datapath.intake_python import DATAGRAMS_AT_ONCE
from backtolife.sessions.media.datapath.ports import Counted, Kept, SourcePort, StreamPort
from backtolife.sessions.media.packets.rtp import SILENCE, Extensions, Vp8
from backtolife.sessions.media.packets.stun import Address

CAME = struct.Struct("28s5i")
RAW, CLEAR = 0, 1
MOST_ADDRESSES = 4096
"""Addresses whose meaning is remembered."""
ADDRESS_BYTES = 28


class Fanned(Protocol):
    """A fan-out that C reads; it must live as long as the stream."""

    struct: FanoutStruct


class Stream:
    has_fast_path = True

    def __init__(self, ffi: Ffi, ssrc: int, fanout: Fanned, red_fanout: Fanned, pictures: bool) -> None:
        self.struct: StreamStruct = ffi.new("stream_t *", {"ssrc": ssrc, "level": SILENCE})
        self.struct.fanout, self.struct.red_fanout = fanout.struct, red_fanout.struct
        self._fanouts = fanout, red_fanout
        self._ffi = ffi
        self._cache = ffi.new("kept_t[CACHE]") if pictures else None
        if self._cache is not None:
            self.struct.cache = self._cache
        self._largest = ffi.sizeof("kept_t") - ffi.offsetof("kept_t", "packet")

    def keep(self, number: int, packet: bytes, vp8: Vp8) -> None:
        if self._cache is None:
            return
        entry, size = self._cache[number % len(self._cache)], len(packet)
        if size <= self._largest:
            entry.number, entry.size, entry.picture_at, entry.tl0_at = number, size, vp8.picture_at, vp8.tl0_at
            self._ffi.memmove(entry.packet, packet, size)

    def kept(self, number: int) -> Kept | None:
        entry = self._cache[number % len(self._cache)] if self._cache is not None else None
        if entry is None or entry.number != number or not entry.size:
            return None
        content = self._ffi.buffer(entry.packet, entry.size)[:]
        return Kept(content, Vp8(False, entry.picture_at, entry.tl0_at))

    def take_fast_path(self, following: int, payload_type: int, *, redundant: bool) -> None:
        known = self.struct
        known.next, known.payload_type, known.redundant, known.fast = following, payload_type, redundant, 1

    def take_slow_path(self) -> None:
        self.struct.fast = 0

    def counted(self) -> Counted | None:
        known = self.struct
        if not known.packets:
            return None
        counted = Counted(known.packets, known.octets, known.level, known.heard / 1e6, known.timestamp)
        known.packets, known.octets, known.level = 0, 0, SILENCE
        return counted


class Source:
    def __init__(self, ffi: Ffi) -> None:
        self._ffi = ffi
        self.struct: SourceStruct = ffi.new("source_t *", {"left": DATAGRAMS_AT_ONCE, "doubtful": DATAGRAMS_AT_ONCE})
        self._streams: list[Stream] = []

    @property
    def heard(self) -> float:
        return float(self.struct.heard / 1e6)

    def admits(self) -> bool:
        return True  # it was counted when it was taken

    def proved(self) -> None:
        known = self.struct
        known.doubtful = min(DATAGRAMS_AT_ONCE, known.doubtful + 1)
        known.left = max(0, known.left - 1)

    def allow(self, count: int) -> int:
        known = self.struct
        ignored, known.ignored = int(known.ignored), 0
        known.left = min(DATAGRAMS_AT_ONCE, known.left + count)
        known.doubtful = min(DATAGRAMS_AT_ONCE, known.doubtful + count)
        return ignored

    def unlock(self, context: Context | None) -> None:
        number = 0 if context is None else aiortc_internals.context_address(context)
        self.struct.context = self._ffi.cast("void *", number)

    def understand(self, extensions: dict[int, int]) -> None:
        table = meanings(extensions)
        self._ffi.memmove(self.struct.meanings, table, len(table))

    def add(self, stream: StreamPort) -> None:
        if len(self._streams) < len(self.struct.stream):
            self._streams.append(cast(Stream, stream))
            self._list()

    def remove(self, stream: StreamPort) -> None:
        if stream in self._streams:
            self._streams.remove(stream)
            self._list()

    def _list(self) -> None:
        for place, stream in enumerate(self._streams):
            self.struct.stream[place] = stream.struct
        self.struct.streams = len(self._streams)

    def arrivals(self) -> list[tuple[int, float]]:
        known = self.struct
        count, known.arrivals = known.arrivals, 0
        words = struct.unpack(f"{2 * count}Q", self._ffi.buffer(known.arrival, 16 * count))
        return [(number, at / 1e6) for at, number in zip(words[::2], words[1::2], strict=True)]


class Intake:
    """Takes what waits at the socket, with one system call for many datagrams."""

    def __init__(self, ffi: Ffi, library: Library, descriptor: int) -> None:
        self._ffi, self._library = ffi, library
        self._known, self._came = ffi.new("known_t[PLACES]"), ffi.new("came_t[BATCH]")
        self._datagrams, self._largest = ffi.new(f"uint8_t[{library.BATCH * library.LARGEST}]"), library.LARGEST
        self._rows, self._bytes = memoryview(ffi.buffer(self._came)), ffi.buffer(self._datagrams)
        protect = ffi.cast("void *", aiortc_internals.protect_address())
        unprotect = ffi.cast("void *", aiortc_internals.unprotect_address())
        self._all = (descriptor, self._known, self._came, self._datagrams, protect, unprotect)
        self._take = library.take
        self._addresses: dict[bytes, Address] = {}

    def take(self) -> list[tuple[bytes, Address, Extensions | None]]:
        count = self._take(*self._all)
        known, content, at = self._addresses, self._bytes, 0
        found: list[tuple[bytes, Address, Extensions | None]] = []
        rows = CAME.iter_unpack(self._rows[: max(0, count) * CAME.size])
        for packed, state, length, payload_at, level, number in rows:
            if state == RAW:
                found.append((content[at : at + length], known.get(packed) or self._learn(packed), None))
            elif state == CLEAR:
                extensions = Extensions(payload_at, level, None if number < 0 else number, None, None, None)
                found.append((content[at : at + length], known.get(packed) or self._learn(packed), extensions))
            at += self._largest
        return found

    def source(self) -> SourcePort:
        return Source(self._ffi)

    def remember(self, address: Address, source: SourcePort) -> None:
        packed = socket_address(address).ljust(ADDRESS_BYTES, b"\0")
        self._library.remember(self._known, packed, cast(Source, source).struct)

    def forget(self, source: SourcePort) -> None:
        self._library.forget(self._known, cast(Source, source).struct)

    def _learn(self, packed: bytes) -> Address:
        if len(self._addresses) >= MOST_ADDRESSES:
            self._addresses.clear()
        address = self._addresses[packed] = plain_address(packed)
        return address


def meanings(extensions: dict[int, int]) -> bytes:
    """What each of the 256 identifiers of header extensions means, 0 for nothing."""
    return bytes(extensions.get(identifier, 0) for identifier in range(256))


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
