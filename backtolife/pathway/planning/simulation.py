"""A year of a waiting list, played through once or many times: people come, give up, and are offered places in turn."""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backtolife.errors import BacktolifeError
from backtolife.pathway.planning.rules import MONTHS, Assumed, Year

if TYPE_CHECKING:
    import simpy

NO_SIMPY = (
    "This computer cannot look ahead yet. Ask whoever runs it to install the extra “planner” "
    "(pip install 'backtolife[planner]')."
)


class NoSimulator(BacktolifeError):
    """The library that plays a year through is not installed."""

    status = 503


def years(assumed: Assumed, *, replications: int, chance: random.Random) -> list[Year]:
    """So many years, each drawn from `chance`: the same source gives the same years. Raises NoSimulator."""
    try:
        import simpy  # noqa: PLC0415 - in an extra
    except ImportError as missing:
        raise NoSimulator(NO_SIMPY) from missing
    found = []
    for _ in range(replications):
        played = Played(simpy.Environment(), assumed, chance)
        # What falls on the end of the last month belongs to it.
        played.env.run(until=MONTHS + 1e-9)
        found.append(Year(tuple(played.lengths), played.wait, played.completed, played.empty))
    return found


@dataclass
class Played:
    """One year. Time is in months; `line` holds when each person of the list gives up, the longest there first."""

    env: simpy.Environment
    assumed: Assumed
    chance: random.Random

    def __post_init__(self) -> None:
        self.lengths: list[int] = []
        self.wait: float | None = None
        self.completed = self.empty = 0
        self.left_in_front = self.assumed.waiting
        # A share p of a month is the rate -log(1 - p).
        self.rate = -math.log1p(-self.assumed.gives_up)
        self.line = deque(self.gives_up_at(0.0) for _ in range(self.assumed.waiting))
        self.next_comes = self.comes_after(0.0)
        # Of events at the same moment those of the process that began first come first: a group before the count.
        if self.assumed.groups:
            self.env.process(self.groups())
        self.env.process(self.counts())

    def gives_up_at(self, came: float) -> float:
        return came + self.chance.expovariate(self.rate) if self.rate else math.inf

    def comes_after(self, moment: float) -> float:
        return moment + self.chance.expovariate(self.assumed.arrivals) if self.assumed.arrivals else math.inf

    def join(self) -> None:
        """Whoever has come since the last look joins the end of the line. An event for each would take six times as
        long, and nobody looks at the line in between.
        """
        while self.next_comes <= self.env.now:
            self.line.append(self.gives_up_at(self.next_comes))
            self.next_comes = self.comes_after(self.next_comes)

    def groups(self) -> Generator[simpy.Event, None, None]:
        """Groups begin at even distances; the first at any moment of the first distance."""
        apart = 1 / self.assumed.groups
        yield self.env.timeout(apart * self.chance.random())
        while True:
            self.fill()
            yield self.env.timeout(apart)

    def fill(self) -> None:
        """Offer the places of one group in turn, until all are taken or nobody is left to ask."""
        self.join()
        free = self.assumed.places
        while free:
            if self.wait is None and self.left_in_front <= 0:
                self.wait = self.env.now
            if not self.line:
                break
            self.left_in_front -= 1
            if self.line.popleft() <= self.env.now:
                continue
            if self.chance.random() < self.assumed.says_yes:
                free -= 1
                self.completed += self.chance.random() >= self.assumed.drops_out
        self.empty += free

    def counts(self) -> Generator[simpy.Event, None, None]:
        for _ in range(MONTHS):
            yield self.env.timeout(1)
            self.join()
            self.lengths.append(sum(until > self.env.now for until in self.line))
