"""Figures over time: their limits, and which values are more than noise (NHS England, Making Data Count)."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import fmean

from tests.reporting.recompute.words import Table, shown

BEYOND, RUN, TREND, NEAR = (
    "Beyond a limit", "Seven in a row on one side", "Seven in a row the same way", "Two of three close to a limit",
)  # fmt: skip


def one_way(values: list[float]) -> bool:
    return min(values) > 0 or max(values) < 0


@dataclass(frozen=True)
class OverTime:
    """One value a group, those without one left out. Below 12 there are no limits and no signals."""

    names: list[str]
    values: list[float]
    places: int

    @property
    def enough(self) -> bool:
        return len(self.values) >= 12

    @property
    def centre(self) -> float:
        return fmean(self.values)

    @property
    def reach(self) -> float:
        return 3 / 1.128 * fmean(abs(after - before) for before, after in pairwise(self.values))

    @cached_property
    def signals(self) -> list[str]:
        """Why each value is more than noise."""
        return ["; ".join(why) if self.enough and (why := self.why(place)) else "none" for place in self.at]

    @property
    def at(self) -> range:
        return range(len(self.values))

    def why(self, place: int) -> list[str]:
        off = [round((value - self.centre) / self.reach, 9) for value in self.values]
        sevens = [range(start, start + 7) for start in self.at if start <= place < start + 7 <= len(self.at)]
        threes = [range(start, start + 3) for start in self.at if start <= place < start + 3 <= len(self.at)]
        steps = [[self.values[two] - self.values[one] for one, two in pairwise(seven)] for seven in sevens]
        near = [
            [each for each in three if 2 / 3 < sign * off[each] <= 1 + 1e-9] for three in threes for sign in (1, -1)
        ]
        found = {
            BEYOND: abs(off[place]) > 1 + 1e-9,
            RUN: any(one_way([off[each] for each in seven]) for seven in sevens),
            TREND: any(one_way(each) for each in steps),
            NEAR: any(place in each and len(each) >= 2 for each in near),
        }
        return [name for name, holds in found.items() if holds]

    def table(self) -> Table:
        rows = zip(self.names, self.values, self.signals, strict=True)
        return [["When", "Value", "Signal"], *([name, shown(value, self.places), why] for name, value, why in rows)]

    def limits(self) -> tuple[str, str, str]:
        """Lower, middle, upper."""
        low, middle, high = (shown(self.centre + sign * self.reach, self.places) for sign in (-1, 0, 1))
        return low, middle, high

    def told(self) -> str:
        """What those hear who cannot see the picture."""
        known = f"{len(self.values)} values, from {self.names[0]} to {self.names[-1]}."
        if not self.enough:
            return f"{known} Limits need 12."
        low, middle, high = self.limits()
        return f"{known} Mean {middle}, limits {low} to {high}. {self.counted()} more than noise."

    def counted(self) -> str:
        count = sum(why != "none" for why in self.signals)
        return "1 value is" if count == 1 else f"{count} values are"

    def written(self) -> list[str]:
        """What is written into the picture."""
        if not self.enough:
            return [f"{len(self.values)} of the 12 points that limits need"]
        low, middle, high = self.limits()
        signals = {*self.signals} != {"none"}
        heading = f"◆ {self.counted()} more than noise" if signals else "No signal: only the usual noise"
        return [heading, f"Upper {high}", f"Mean {middle}", f"Lower {low}"]
