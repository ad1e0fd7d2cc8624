"""From values to places on the paper, with round numbers to read them by."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from `low` to `high` run from place `start` to place `end`; up the paper `end` is the smaller one."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, about: int = 5) -> list[float]:
        """Round values within the axis, about so many."""
        step = round_step((self.high - self.low) / about)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(place * step, 9) for place in range(first, last + 1)]


def round_step(rough: float) -> float:
    """The next round step at or above `rough` (above 0)."""
    power = 10 ** math.floor(math.log10(rough))
    return float(next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9)))


def axis_over(values: Iterable[float], start: float, end: float, margin: float = 0.08) -> Axis:
    """An axis that holds all `values` with some room; values that are all the same get one unit either side."""
    held = list(values)
    low, high = min(held), max(held)
    room = (high - low) * margin or 1.0
    return Axis(low - room, high + room, start, end)
