"""Whether one group or service differs from all by more than its size explains."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, basis
from backtolife.reporting.analysis.basics.distributions import binomial_at_most, poisson_at_least, poisson_at_most

LEVELS = (0.95, 0.998)
"""About two and three standard deviations."""
Place = Literal["inside", "low", "high"]
SHARE_HOW = (
    "Each share beside the share of all together. The limits are exact binomial ones, 95% and 99.8%, smoothed between "
    "whole counts (Spiegelhalter 2005): a point outside has 2.5% or 0.1% or less to be that low, or that high, by "
    "chance."
)
RATE_HOW = SHARE_HOW.replace("share", "rate").replace("binomial", "Poisson")


@dataclass(frozen=True, slots=True)
class Unit:
    """One group or service: `count` of `of` people for a share; per `of` (any exposure above 0) for a rate."""

    name: str
    count: int
    of: float


@dataclass(frozen=True, slots=True)
class Whole:
    """All together, also where some may not be shown: `count` of `of` people in so many `units`."""

    count: int
    of: float
    units: int


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """`value` is count over of; `limits` in the order of LEVELS, `places` where the value lies for each."""

    name: str
    count: int
    of: float
    value: float
    limits: tuple[Interval, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The limits at one size, for drawing."""

    of: float
    limits: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """`centre` is all together; None where there is nobody. `lines` runs from the smallest to the largest unit."""

    basis: Basis
    centre: float | None
    points: tuple[FunnelPoint, ...]
    lines: tuple[Line, ...]


def share_funnel(units: Sequence[Unit], *, about: About, whole: Whole | None = None) -> Funnel:
    """Shares between units. Raises Invalid unless 0 ≤ count ≤ of, all whole. Units of nobody are left out.

    `whole` is needed where `units` are not all there are: those left out for their small numbers are no chance choice.
    """
    for unit in units:
        if unit.of != int(unit.of) or not 0 <= unit.count <= unit.of:
            raise Invalid(f"“{unit.name}”: a part cannot be below 0 or above the whole.")
    return drawn(units, share_limits, SHARE_HOW, about, whole or together(units), in_people=True)


def rate_funnel(units: Sequence[Unit], *, about: About) -> Funnel:
    """Rates between units, such as tasks per 100 hours. Raises Invalid for a count or an exposure below 0."""
    for unit in units:
        if unit.count < 0 or unit.of < 0:
            raise Invalid(f"“{unit.name}”: neither a count nor what it is counted over can be below 0.")
    return drawn(units, rate_limits, RATE_HOW, about, together(units), in_people=False)


def together(units: Sequence[Unit]) -> Whole:
    return Whole(sum(unit.count for unit in units), sum(unit.of for unit in units), len(units))


def drawn(
    units: Sequence[Unit],
    limits: Callable[[float, float, float], Interval],
    how: str,
    about: About,
    whole: Whole,
    *,
    in_people: bool,
) -> Funnel:
    kept = [unit for unit in units if unit.of > 0]
    held = basis(about, len(kept), whole.units, how)
    if not kept:
        return Funnel(held, None, (), ())
    centre = whole.count / whole.of
    low, high = min(unit.of for unit in kept), max(unit.of for unit in kept)
    sizes = [low + (high - low) * step / 60 for step in range(61)]
    sizes = sorted({float(round(size)) for size in sizes}) if in_people else sizes

    @cache
    def all_limits(of: float) -> tuple[Interval, ...]:
        return tuple(limits(of, centre, level) for level in LEVELS)

    return Funnel(
        basis=held,
        centre=centre,
        points=tuple(point_of(unit, all_limits(unit.of)) for unit in kept),
        lines=tuple(Line(size, all_limits(size)) for size in sizes),
    )


def point_of(unit: Unit, limits: tuple[Interval, ...]) -> FunnelPoint:
    value = unit.count / unit.of
    places = tuple(place_of(value, limit) for limit in limits)
    return FunnelPoint(unit.name, unit.count, unit.of, value, limits, places)


def place_of(value: float, limit: Interval) -> Place:
    # A count that lies on its limit is inside, whatever the last binary digit says.
    if value < limit.low - 1e-12:
        return "low"
    return "high" if value > limit.high + 1e-12 else "inside"


def share_limits(of: float, centre: float, level: float) -> Interval:
    """Limits of a share at one size: what fails is counted for the upper one, so that both are equally strict."""
    n = int(of)
    low = lowest(lambda count: binomial_at_most(count, n, centre), n, (1 - level) / 2)
    high = n - lowest(lambda count: binomial_at_most(count, n, 1 - centre), n, (1 - level) / 2)
    return Interval(low / n, high / n, level)


def rate_limits(of: float, centre: float, level: float) -> Interval:
    """Limits of a rate at one exposure."""
    tail, expected = (1 - level) / 2, of * centre
    most = int(expected + 10 * (expected + 1) ** 0.5 + 20)
    low = lowest(lambda count: poisson_at_most(count, expected), most, tail)
    high = most - lowest(lambda count: poisson_at_least(most - count, expected), most, tail)
    return Interval(low / of, high / of, level)


def lowest(at_most: Callable[[int], float], most: int, tail: float) -> float:
    """The smoothed count below which chances are `tail` or less: from the first whole count above it, part way back."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if at_most(middle) > tail else (middle + 1, high)
    below = at_most(low - 1)
    part = (at_most(low) - tail) / (at_most(low) - below)
    return max(low - part, 0.0)
