"""A track made of packets that were encoded beforehand; sending them costs next to nothing."""

import asyncio
import time
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from aiortc import MediaStreamTrack
from av import Packet


class Looped(MediaStreamTrack):
    """`packets` again and again, `per_second` of them each second, timed by the clock and not by how long it sleeps."""

    def __init__(self, kind: str, packets: Sequence[bytes], per_second: int) -> None:
        self.kind = kind
        super().__init__()
        self.packets, self.per_second = packets, per_second
        self.sent = 0
        self.sending = asyncio.Event()
        self.began: float | None = None

    async def recv(self) -> "Packet[Any]":
        """The next packet when its time has come; those whose time has passed are left out."""
        self.sending.set()
        if self.began is None:
            self.began = time.monotonic()
        else:
            self.sent += 1
        late = time.monotonic() - self.began - self.sent / self.per_second
        if late < 0:
            await asyncio.sleep(-late)
        else:
            self.sent += int(late * self.per_second)
        packet: Packet[Any] = Packet(self.packets[self.sent % len(self.packets)])
        packet.pts, packet.time_base = self.sent, Fraction(1, self.per_second)
        return packet
