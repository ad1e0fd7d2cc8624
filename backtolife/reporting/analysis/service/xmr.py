"""Whether a figure over time moves by more than its usual noise: individual values and their moving range."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import fmean

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import DIGITS, About, Basis, basis, finite

ENOUGH = 12
LIMIT = 3 / 1.128
"""Three sigma in mean moving ranges: 1.128 is d2 for two values."""
RANGE_LIMIT = 3.267
"""D4 for two values: the upper limit of a moving range, in mean moving ranges."""
RUN = 7
HOW = (
    "An XmR chart: the middle line is the mean, the limits lie 2.66 mean moving ranges from it. A signal is a point "
    "beyond a limit, 7 in a row on one side of the mean, 7 in a row rising or falling, or 2 of 3 in the outer third "
    "between mean and one limit (NHS England, Making Data Count)."
)


class Signal(StrEnum):
    """Why a point is more than noise."""

    BEYOND = "Beyond a limit"
    RUN = "Seven in a row on one side"
    TREND = "Seven in a row the same way"
    NEAR = "Two of three close to a limit"


@dataclass(frozen=True, slots=True)
class Point:
    """One value. `moving_range` is the step from the one before; None for the first."""

    label: str
    value: float
    moving_range: float | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class XmR:
    """The chart. Below 12 points there is no centre, no limit and no signal: all None and empty."""

    basis: Basis
    points: tuple[Point, ...]
    centre: float | None
    lower: float | None
    upper: float | None
    mean_range: float | None
    range_limit: float | None


def xmr(labels: Sequence[str], values: Sequence[float | None], *, about: About) -> XmR:
    """The chart of `values` in the order of time; a missing one is left out and its neighbours become neighbours.

    Raises Invalid where labels and values do not belong together.
    """
    if len(labels) != len(values):
        raise Invalid("Give one label for each value.")
    there = [(label, finite(value)) for label, value in zip(labels, values, strict=True) if value is not None]
    line = [value for _, value in there]
    steps = [round(abs(after - before), DIGITS) for before, after in pairwise(line)]
    ranges = [None, *steps]
    held = basis(about, len(line), len(values), HOW)
    if len(line) < ENOUGH:
        points = [Point(label, value, step, ()) for (label, value), step in zip(there, ranges, strict=False)]
        return XmR(held, tuple(points), None, None, None, None, None)
    centre, usual = fmean(line), fmean(steps)
    signals = signals_of(line, centre, LIMIT * usual)
    rows = zip(there, ranges, signals, strict=True)
    return XmR(
        basis=held,
        points=tuple(Point(label, value, step, found) for (label, value), step, found in rows),
        centre=centre,
        lower=centre - LIMIT * usual,
        upper=centre + LIMIT * usual,
        mean_range=usual,
        range_limit=RANGE_LIMIT * usual,
    )


def signals_of(line: Sequence[float], centre: float, reach: float) -> list[tuple[Signal, ...]]:
    """The signals each point is part of."""
    off = [round(value - centre, DIGITS) for value in line]
    found: list[list[Signal]] = [[] for _ in line]

    def mark(signal: Signal, length: int, holds: Callable[[list[int]], list[int]]) -> None:
        for start in range(len(line) - length + 1):
            for place in holds(list(range(start, start + length))):
                if signal not in found[place]:
                    found[place].append(signal)

    mark(Signal.BEYOND, 1, lambda window: window if abs(off[window[0]]) > round(reach, DIGITS) else [])
    mark(Signal.RUN, RUN, lambda window: window if one_sided([off[place] for place in window]) else [])
    mark(Signal.TREND, RUN, lambda window: window if one_way([line[place] for place in window]) else [])
    mark(Signal.NEAR, 3, lambda window: close(window, off, reach))
    return [tuple(each) for each in found]


def one_sided(off: Sequence[float]) -> bool:
    return all(each > 0 for each in off) or all(each < 0 for each in off)


def one_way(values: Sequence[float]) -> bool:
    return all(after > before for before, after in pairwise(values)) or all(
        after < before for before, after in pairwise(values)
    )


def close(window: Sequence[int], off: Sequence[float], reach: float) -> list[int]:
    """Those of three that lie in the outer third on one side, if at least two do and none is beyond the limit."""
    for sign in (1, -1):
        near = [place for place in window if 2 * reach / 3 < sign * off[place] <= reach]
        if len(near) >= 2:
            return near
    return []
