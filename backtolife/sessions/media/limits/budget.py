"""What one member may cause: a budget for each kind of work, which honest clients on bad networks do not reach. Pure.

What goes beyond a budget is not done. Who is beyond one second after second is put out.
"""

import math
from collections import Counter
from typing import NamedTuple


class Limit(NamedTuple):
    """So much a second, and so much at once."""

    rate: float
    most: float


CHECKS, DATAGRAMS, REPORTS, FEEDBACK, PICTURES, REPEATS, SIGNALS, OFFERS, DATA, WORK, UPDATES = (
    "checks",
    "datagrams",
    "reports",
    "feedback",
    "pictures",
    "repeats",
    "signals",
    "offers",
    "data",
    "work",
    "updates",
)
LIMITS = {
    CHECKS: Limit(50, 200),
    DATAGRAMS: Limit(3000, 6000),
    REPORTS: Limit(1000, 2000),
    FEEDBACK: Limit(60, 120),
    PICTURES: Limit(150, 450),
    REPEATS: Limit(0, 512),
    SIGNALS: Limit(40, 300),
    OFFERS: Limit(4, 20),
    DATA: Limit(2500, 5000),
    WORK: Limit(500, 3000),
    UPDATES: Limit(200_000, 2_000_000),
}
"""Connectivity checks; datagrams of any kind; messages in reports, of these those that say what came, and requests for
a picture; packets asked for again, which are earned (`SHARE`); signals, of these offers; work with data, where one
packet to one receiver is one; the work that signals make, where one track looked at for one viewer is one, and one name
read; and what everybody is told of their changes, in bytes. A browser with fifteen pictures and a fifth of its packets
lost needs at most a third.
"""
SHARE = 1.0
"""Packets that may be asked for again for each one that was sent: a fifth lost, each asked for twice, is 0.4."""
PATIENCE = 10
"""Seconds beyond a budget, those within it subtracted, after which a member is put out."""


class Allowance:
    """Fills up at `limit.rate` a second to `limit.most`."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.left = limit.most
        self._at = 0.0

    def take(self, count: int, now: float) -> int:
        """How much of `count` may be done now."""
        if now > self._at:
            self.left = min(self.limit.most, self.left + self.limit.rate * (now - self._at))
            self._at = now
        taken = min(count, math.floor(max(0.0, self.left)))
        self.left -= taken
        return taken

    def earn(self, count: float) -> None:
        """So much more may be done."""
        self.left = min(self.limit.most, self.left + count)

    def missing(self, now: float) -> bool:
        """Whether it is not full."""
        self.take(0, now)
        return self.left < self.limit.most

    def wait(self, now: float) -> float:
        """Seconds until there is something left; 0 while there is."""
        self.take(0, now)
        return max(0.0, -self.left) / self.limit.rate


class Budget:
    """One member's budgets. `refused` counts by kind what was not done."""

    def __init__(self) -> None:
        self._allowed = {kind: Allowance(limit) for kind, limit in LIMITS.items()}
        self.refused: Counter[str] = Counter()
        self._beyond: set[str] = set()
        """Kinds of which something was refused since the last `look`."""
        self._seconds: Counter[str] = Counter()
        self._sent = 0

    def allows(self, kind: str, now: float) -> bool:
        """Whether one more of this kind may be done."""
        return self.allowed(kind, 1, now) == 1

    def allowed(self, kind: str, count: int, now: float) -> int:
        """How many of `count` may be done; the others are refused."""
        granted = self._allowed[kind].take(count, now)
        if granted < count:
            self.refuse(kind, count - granted)
        return granted

    def affords(self, kind: str, cost: int, now: float) -> bool:
        """Whether this may be done in one piece: while something is left. It is paid for whole, if need be later."""
        if self.wait(kind, now):
            self.refuse(kind, 1)
            return False
        self.spend(kind, cost)
        return True

    def refuse(self, kind: str, count: int) -> None:
        """So many were refused."""
        self.refused[kind] += count
        self._beyond.add(kind)

    def sent(self, packets: int) -> None:
        """So many packets went to this member in all: each may be asked for again."""
        self._allowed[REPEATS].earn(SHARE * max(0, packets - self._sent))
        self._sent = packets

    def spend(self, kind: str, count: int) -> None:
        """This was done already and is to be paid for: what is slowed down instead of refused."""
        self._allowed[kind].left -= count

    def wait(self, kind: str, now: float) -> float:
        """Seconds until there is something left of this kind."""
        return self._allowed[kind].wait(now)

    def earned(self, kind: str, now: float) -> int:
        """How much more of this kind has become possible since the last call, in whole ones."""
        allowance = self._allowed[kind]
        allowance.take(0, now)
        return allowance.take(math.floor(allowance.left), now)

    def look(self) -> str | None:
        """Once a second: the kind for which the member must be put out."""
        for kind in LIMITS:
            self._seconds[kind] = max(0, self._seconds[kind] + (1 if kind in self._beyond else -1))
        self._beyond.clear()
        kind, seconds = max(self._seconds.items(), key=lambda item: item[1])
        return kind if seconds >= PATIENCE else None
