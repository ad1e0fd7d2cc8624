"""What a synthetic participant received: packets and losses by stream, and how long a sample of them took.

The counting is in C (`arrivals.c`), so that the load does not take the core from what is measured.
"""

import socket
from pathlib import Path
from typing import Any

import cffi  # type: ignore[import-untyped]

from backtolife.sessions.media.datapath import aiortc_internals, compiler
from backtolife.sessions.media.packets import rtcp

VIDEO_TYPE = 96
OVERFLOW, TIMESTAMPS = 40, 35
"""SO_RXQ_OVFL and SO_TIMESTAMPNS of Linux: what did not fit into the socket, and when each datagram came."""
DECLARATIONS = """
typedef struct { uint32_t ssrc, first, highest, count; } stream_t;
typedef struct { uint64_t at; uint32_t number, spare; } numbered_t;
typedef struct {
    int descriptor, video_type;
    void *context;
    uint64_t packets, overflowed, picture_at;
    uint32_t stream_count, delay_count, other_count, seen_overflow, numbered_count, spare;
    numbered_t numbered[4096];
    stream_t streams[256];
    uint32_t delays[65536];
    uint16_t lengths[256];
    uint8_t others[256][2048];
} sink_t;
int drain(sink_t *sink, void *unprotect);
"""

_ffi = cffi.FFI()
_ffi.cdef(DECLARATIONS)
_library: Any = _ffi.dlopen(str(compiler.build([Path(__file__).with_suffix(".c")])))
_unprotect: Any = _ffi.cast("void *", aiortc_internals.unprotect_address())


class Received:
    def __init__(self, endpoint: socket.socket) -> None:
        """Everything that comes to `endpoint` is taken by `drain` from now on."""
        endpoint.setsockopt(socket.SOL_SOCKET, OVERFLOW, 1)
        endpoint.setsockopt(socket.SOL_SOCKET, TIMESTAMPS, 1)
        self._sink: Any = _ffi.new("sink_t *", {"descriptor": endpoint.fileno(), "video_type": VIDEO_TYPE})

    def decrypt_with(self, context: Any) -> None:
        """Read the send time of a sample of packets from now on."""
        self._sink.context = _ffi.cast("void *", aiortc_internals.context_address(context))

    def drain(self) -> list[bytes]:
        """Take what waits at the socket; the datagrams that are not media are given back."""
        sink = self._sink
        count = _library.drain(sink, _unprotect)
        return [bytes(_ffi.buffer(sink.others[at], sink.lengths[at])) for at in range(count)]

    def clear(self) -> None:
        sink = self._sink
        sink.packets = sink.overflowed = sink.picture_at = sink.stream_count = sink.delay_count = 0

    @property
    def packets(self) -> int:
        return int(self._sink.packets)

    @property
    def overflowed(self) -> int:
        """Packets that came and found our own socket full: the load's fault, not the engine's."""
        return int(self._sink.overflowed)

    @property
    def picture_at(self) -> float:
        """When the first whole picture was there, in seconds since the epoch; 0 before."""
        return int(self._sink.picture_at) / 1e9

    def delays(self) -> list[int]:
        """Microseconds from sender to receiver, of the sample."""
        return list(self._sink.delays[0 : self._sink.delay_count])

    def _streams(self) -> list[Any]:
        return [self._sink.streams[at] for at in range(self._sink.stream_count)]

    def numbered(self) -> list[tuple[int, float]]:
        """The transport-wide numbers that came since the last call, each with its time in seconds."""
        sink = self._sink
        rows = sink.numbered[0 : sink.numbered_count]
        sink.numbered_count = 0
        return [(row.number, row.at / 1e9) for row in rows]

    def streams(self) -> int:
        """How many streams brought more than a few packets."""
        return sum(one.count > 20 for one in self._streams())

    def lost(self) -> int:
        return sum(max(0, one.highest - one.first + 1 - one.count) for one in self._streams())

    def blocks(self) -> list[rtcp.Block]:
        return [rtcp.Block(one.ssrc, 0, 0, one.highest, 0, 0) for one in self._streams()]
