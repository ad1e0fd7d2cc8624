"""Is the service no worse than the other way by more than the margin?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import fmean

from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, Pair, Value, basis, finite, gain
from backtolife.reporting.analysis.basics.refusals import refuse_in_house
from backtolife.reporting.analysis.change.clustering import DesignEffect, Member, design_effect, intraclass
from backtolife.reporting.analysis.change.paired import around
from backtolife.reporting.analysis.comparison.margin import Margin, check_fixed_before, required_beside

HOW = (
    "Mean improvement of the service less that of the comparison, both with their start taken into account (analysis "
    "of covariance), among those with both scores. No worse if the lower end of the 95% interval (one-sided 97.5%) "
    "lies above minus the margin of {points:g}, fixed on {fixed_on:%d %B %Y} by {fixed_by}. The spread of each side "
    "is its own, widened for people sharing a group; Student's t counts groups, not people. One look at the planned "
    "number is what the error is kept for."
)


class Verdict(StrEnum):
    """What may be said. `WORSE`: the whole interval lies beyond the margin."""

    NO_WORSE = "No worse"
    CANNOT_SAY = "Can’t say yet"
    NOT_ENOUGH = "Not enough data yet"
    WORSE = "Worse"


@dataclass(frozen=True, slots=True)
class Person:
    """One person's two scores, and the group they went through the programme with; None for somebody seen alone."""

    before: Value
    after: Value
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` is above 0 where the service did better.

    Figures are None until both sides have the planned number, so that nobody looks early. `needed` is how many the
    service needs beside the comparison it has; None where the comparison itself is too small for any number.
    """

    basis: Basis
    verdict: Verdict
    margin: Margin
    service_n: int
    reference_n: int
    needed: int | None
    difference: float | None
    se: float | None
    interval: Interval | None
    icc: float | None
    design_effects: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Side:
    """One side's complete pairs with their improvements and groups; `start` and `gained` are the means."""

    pairs: tuple[Pair, ...]
    gains: tuple[float, ...]
    groups: tuple[object, ...]
    start: float
    gained: float

    @property
    def n(self) -> int:
        return len(self.pairs)


@dataclass(frozen=True, slots=True)
class Estimate:
    difference: float
    se: float
    freedom: float
    icc: float | None
    effects: tuple[DesignEffect, DesignEffect]


def compare(
    service: Sequence[Person],
    reference: Sequence[Person],
    *,
    margin: Margin,
    first_result: date,
    higher_is_better: bool,
    in_house: bool,
    about: About,
) -> Comparison:
    """The service against a comparison of which each person's scores are known.

    `first_result` is the day of the first follow-up the margin is to judge; `in_house` whether either side answered
    on in-house wording. Raises MarginTooLate, InHouseWording, and Invalid for a score that is not a number.
    """
    refuse_in_house(in_house)
    check_fixed_before(margin, first_result)
    sides = side_of(service, higher_is_better), side_of(reference, higher_is_better)
    how = HOW.format(points=margin.points, fixed_on=margin.fixed_on, fixed_by=margin.fixed_by)
    held = basis(about, sides[0].n + sides[1].n, len(service) + len(reference), how)
    needed = required_beside(margin.required, sides[1].n)
    if needed is None or sides[0].n < needed or min(len(set(side.groups)) for side in sides) < 2:
        return Comparison(
            held, Verdict.NOT_ENOUGH, margin, sides[0].n, sides[1].n, needed, None, None, None, None, (1.0, 1.0)
        )
    found = estimate(*sides)
    interval = around(found.difference, found.se, found.freedom)
    factors = found.effects[0].factor, found.effects[1].factor
    return Comparison(
        held, verdict_of(interval, margin), margin, sides[0].n, sides[1].n, needed,
        found.difference, found.se, interval, found.icc, factors,
    )  # fmt: skip


def verdict_of(interval: Interval, margin: Margin) -> Verdict:
    """What an interval says once there is enough data."""
    if interval.low > -margin.points:
        return Verdict.NO_WORSE
    return Verdict.WORSE if interval.high < -margin.points else Verdict.CANNOT_SAY


def side_of(people: Sequence[Person], higher_is_better: bool) -> Side:
    """Somebody without a group counts as a group of their own. The means of nobody are 0 and never used."""
    found = [
        (Pair(finite(each.before), finite(each.after)), (place if each.group is None else each.group))
        for place, each in enumerate(people)
        if each.before is not None and each.after is not None
    ]
    pairs = tuple(pair for pair, _ in found)
    gains = tuple(gain(pair, higher_is_better) for pair in pairs)
    starts = [pair.before for pair in pairs]
    means = (fmean(starts), fmean(gains)) if pairs else (0.0, 0.0)
    return Side(pairs, gains, tuple(group for _, group in found), *means)


def estimate(service: Side, reference: Side) -> Estimate:
    """The adjusted difference. Each side's variance is its own, times its design effect; freedom by Satterthwaite."""
    sides = (service, reference)
    spread = sum(sum((pair.before - side.start) ** 2 for pair in side.pairs) for side in sides)
    slope = sum(map(product, sides)) / spread if spread else 0.0
    members = [left_over(side, slope) for side in sides]
    icc = intraclass(members)
    effects = design_effect(members[0], icc), design_effect(members[1], icc)
    people = service.n + reference.n
    loss = (people - 2) / (people - 3)
    variances = [
        loss * effect.factor * sum(each.left**2 for each in side) / (len(side) - 1) / len(side)
        for side, effect in zip(members, effects, strict=True)
    ]
    apart = service.start - reference.start
    total = sum(variances)
    pooled = sum(each.left**2 for side in members for each in side) / (people - 3)
    slope_part = apart**2 / spread * pooled if spread else 0.0
    parts = zip(variances, effects, strict=True)
    freedom = total**2 / sum(part**2 / (effect.units - 1) for part, effect in parts) if total else float(people - 3)
    return Estimate(
        difference=service.gained - reference.gained - slope * apart,
        se=math.sqrt(total + slope_part),
        freedom=freedom,
        icc=icc,
        effects=effects,
    )


def product(side: Side) -> float:
    pairs = zip(side.pairs, side.gains, strict=True)
    return sum((pair.before - side.start) * (gained - side.gained) for pair, gained in pairs)


def left_over(side: Side, slope: float) -> list[Member]:
    start, gained = side.start, side.gained
    rows = zip(side.pairs, side.gains, side.groups, strict=True)
    return [Member(one - gained - slope * (pair.before - start), group) for pair, one, group in rows]
