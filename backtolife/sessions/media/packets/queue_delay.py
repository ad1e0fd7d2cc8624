"""What a viewer's link does to pictures on their way: how long they wait in it, and how much gets through.

Every packet of a picture carries a number that counts all those to this viewer, and the viewer reports when each came
(transport-wide congestion control). The two clocks differ by an amount nobody knows, but the quickest packet of late
shows what the way takes when nothing waits: what a packet takes longer than that, it stood in a queue.
"""

from collections import deque
from typing import Protocol

KEPT = 2048
"""Packets whose departure is remembered, some three seconds' worth."""
WINDOW, REPORTS_WINDOW = 15.0, 10.0
"""The quickest packet, and the quickest report, are those of the last one to two windows, in seconds: ways change."""
RECENT, PAUSE = 1200, 4800
"""Ticks over which is counted what gets through, 0.3 s; and those without a packet after which counting begins anew."""
MOST_REPORTS = 64
QUIET, FEW = 0.5, 5
"""Seconds without a report, and packets without one, before any is missed: a lost packet or two are never reported."""
TICK = 250
"""Microseconds."""


class Sent(Protocol):
    """When each numbered packet left and how large it was; the hot loops write it."""

    @property
    def next(self) -> int:
        """How many there were so far; the 16 low bits number the next one."""

    def since(self, number: int, count: int) -> list[tuple[int, int]]:
        """The times in microseconds and the sizes in bytes of `count` of the last `KEPT`, from `number` on."""


class Least:
    """The least of the values of the last one to two windows."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._before: float | None = None
        self._now: float | None = None
        self._turned = 0.0

    def of(self, value: float, now: float) -> float:
        """The least, this one counted."""
        if now - self._turned > self._window:
            self._before = self._now if now - self._turned <= 2 * self._window else None
            self._now, self._turned = None, now
        self._now = value if self._now is None else min(value, self._now)
        return self._now if self._before is None else min(self._before, self._now)


class Link:
    """`queue` in seconds, `carried` in bit/s of pictures; both as the last report showed them."""

    def __init__(self, sent: Sent) -> None:
        self.sent = sent
        self.queue = 0.0
        self.carried = 0
        self._newest: int | None = None
        self._quickest, self._delays = Least(WINDOW), Least(REPORTS_WINDOW)
        self._usual = 0.0
        """Seconds from a packet's departure to its report, when that is quick."""
        self._reports: deque[tuple[int, int]] = deque(maxlen=MOST_REPORTS)
        self._heard = 0.0

    def heard(self, base: int, arrivals: list[int | None], now: float) -> bool:
        """A report: when packet `base` and those after it came, in ticks of the viewer's clock, None for the lost.

        False when it says nothing.
        """
        count, following = len(arrivals), self.sent.next
        if not count or not all(0 < (following - number) & 0xFFFF <= KEPT for number in (base, base + count - 1)):
            return False
        if self._newest is not None and (base + count - 1 - self._newest) & 0x8000:
            return False
        departures = self.sent.since(base, count)
        came = [
            (ticks * TICK - left, ticks, size)
            for ticks, (left, size) in zip(arrivals, departures, strict=True)
            if ticks is not None
        ]
        if not came:
            return False
        newest = base + max(place for place, ticks in enumerate(arrivals) if ticks is not None)
        quickest, latest, bits = min(came)[0], max(row[1] for row in came), 8 * sum(row[2] for row in came)
        self._newest, self._heard = newest & 0xFFFF, now
        self._usual = self._delays.of(now - departures[newest - base][0] / 1e6, now)
        self.queue = (quickest - self._quickest.of(quickest, now)) / 1e6
        self._count(latest, bits)
        return True

    def unanswered(self, now: float) -> float:
        """By how many seconds the report on the oldest packets after the newest reported one is late."""
        if self._newest is None or now - self._heard < QUIET:
            return 0.0
        waiting = (self.sent.next - self._newest - 1) & 0xFFFF
        if waiting < FEW:
            return 0.0
        ((left, _),) = self.sent.since(self.sent.next - min(waiting, KEPT) + FEW - 1, 1)
        return now - left / 1e6 - self._usual

    def forgive(self) -> None:
        """Only what leaves from now on can be missed."""
        if self._newest is not None:
            self._newest = (self.sent.next - 1) & 0xFFFF

    def _count(self, latest: int, bits: int) -> None:
        reports = self._reports
        if reports and not 0 <= latest - reports[-1][0] <= PAUSE:
            reports.clear()
        reports.append((latest, bits))
        while len(reports) > 2 and latest - reports[1][0] > RECENT:
            reports.popleft()
        span = latest - reports[0][0]
        if span > 0:
            self.carried = sum(one for _, one in list(reports)[1:]) * 1_000_000 // (span * TICK)
