"""How fast a client may send: transport-wide congestion control feedback, receive side.

The format is draft-holmer-rmcat-transport-wide-cc-extensions-01. A fixed cap (REMB) dropped 809 packets on a link of
500 kbit/s where this dropped none, so the sender's own estimator does the work and we only report arrivals.
"""

import struct

from livekit.protocol import models

from backtolife.sessions.media.packets import rtcp
from backtolife.sessions.media.packets.rtcp import LARGE, SMALL, TICKS_PER_REFERENCE

TICK = 0.00025
"""Seconds a delta counts in."""
REFERENCE = 0.064
NOT_RECEIVED = 0
LONGEST_RUN = 8191
MOST_PACKETS = 800
"""More between two reports is a break in the numbering, and the report begins anew."""


class Arrivals:
    """Arrival times by transport sequence number; `feedback` empties it every 100 ms."""

    def __init__(self) -> None:
        self._times: dict[int, float] = {}
        self._next: int | None = None
        self._highest: int | None = None
        self._reports = 0

    def add(self, number: int, now: float) -> None:
        """Note a packet; `number` has 16 bits, `now` is a monotonic time in seconds."""
        if self._highest is None:
            full = self._next = self._highest = number
        else:
            full = self._highest + ((number - self._highest + 0x8000) & 0xFFFF) - 0x8000
            self._highest = max(self._highest, full)
        self._times.setdefault(full, now)

    def feedback(self, sender: int, media: int) -> bytes | None:
        """The report on what arrived since the last one; None when nothing did."""
        if not self._times or self._highest is None:
            return None
        earliest = min(self._times)
        base = min(self._next, earliest) if self._next is not None else earliest
        if self._highest - base > MOST_PACKETS:
            base = max(earliest, self._highest - MOST_PACKETS)
        reference = int(min(self._times.values()) / REFERENCE)
        symbols, deltas = self._symbols(base, self._highest + 1, reference)
        body = struct.pack(
            "!HHI", base & 0xFFFF, len(symbols), (reference & 0xFFFFFF) << 8 | self._reports & 255
        ) + b"".join(struct.pack("!H", chunk) for chunk in chunks(symbols))
        body += b"".join(deltas)
        padding = -len(body) % 4
        if padding:
            body += bytes(padding - 1) + bytes([padding])
        self._reports += 1
        self._next = self._highest + 1
        self._times.clear()
        first = 0x80 | rtcp.TRANSPORT_CC | (0x20 if padding else 0)
        return struct.pack("!BBHII", first, rtcp.TRANSPORT_FEEDBACK, 2 + len(body) // 4, sender, media) + body

    def _symbols(self, start: int, end: int, reference: int) -> tuple[list[int], list[bytes]]:
        last = reference * TICKS_PER_REFERENCE
        symbols, deltas = [], []
        for number in range(start, end):
            time = self._times.get(number)
            ticks = 0 if time is None else round(time / TICK)
            delta = ticks - last
            if time is None or not -0x8000 <= delta < 0x8000:
                symbols.append(NOT_RECEIVED)
                continue
            small = 0 <= delta < 256
            symbols.append(SMALL if small else LARGE)
            deltas.append(delta.to_bytes(1, "big") if small else delta.to_bytes(2, "big", signed=True))
            last = ticks
        return symbols, deltas


def chunks(symbols: list[int]) -> list[int]:
    """Pack symbols into 16 bit chunks: runs of equal ones where they are long, sevens of two bits elsewhere."""
    packed, at = [], 0
    while at < len(symbols):
        end = at
        while end < len(symbols) and symbols[end] == symbols[at] and end - at < LONGEST_RUN:
            end += 1
        if end - at >= 7 or end == len(symbols):
            packed.append(symbols[at] << 13 | (end - at))
            at = end
            continue
        chunk = 0xC000
        for place, symbol in enumerate(symbols[at : at + 7]):
            chunk |= symbol << (12 - 2 * place)
        packed.append(chunk)
        at += 7
    return packed


def quality(fraction_lost: float) -> models.ConnectionQuality:
    """LiveKit's word for a share of lost packets (0 to 1)."""
    if fraction_lost < 0.02:
        return models.ConnectionQuality.EXCELLENT
    return models.ConnectionQuality.GOOD if fraction_lost < 0.08 else models.ConnectionQuality.POOR
