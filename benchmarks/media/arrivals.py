"""What a synthetic participant received: packets and losses by stream, and how long a sample of them took."""

import time
from array import array
from typing import Any

from backtolife.sessions.media import private, rtcp
from backtolife.sessions.media.sequence import Extender
from benchmarks.media.stream import STAMP

SAMPLE = 7
"""One packet in so many is decrypted to read when it was sent."""


class Received:
    def __init__(self) -> None:
        self.context: Any = None
        self.packets = 0
        self.delays = array("I")
        """Microseconds from sender to receiver, of the sample."""
        self._streams: dict[bytes, Extender] = {}
        self._counts: dict[bytes, int] = {}

    def take(self, datagram: bytes) -> None:
        key = datagram[8:12]
        numbers = self._streams.get(key)
        if numbers is None:
            numbers = self._streams[key] = Extender()
            self._counts[key] = 0
        numbers.extend(datagram[2] << 8 | datagram[3])
        self._counts[key] += 1
        self.packets += 1
        if self.packets % SAMPLE == 0 and self.context is not None:
            clear = private.unprotect(self.context, datagram)
            if clear is not None and clear[-4:] == STAMP:
                delay = (time.perf_counter_ns() - int.from_bytes(clear[-12:-4], "big")) // 1000
                self.delays.append(min(delay, 4_000_000))

    def clear(self) -> None:
        self._streams.clear()
        self._counts.clear()
        self.packets = 0
        del self.delays[:]

    def streams(self) -> int:
        """How many streams brought more than a few packets."""
        return sum(count > 20 for count in self._counts.values())

    def lost(self) -> int:
        return sum(numbers.expected - self._counts[key] for key, numbers in self._streams.items())

    def blocks(self) -> list[rtcp.Block]:
        return [
            rtcp.Block(int.from_bytes(key, "big"), 0, 0, numbers.highest, 0, 0)
            for key, numbers in self._streams.items()
        ]
