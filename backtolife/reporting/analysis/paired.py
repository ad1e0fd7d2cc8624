"""How far a group has moved between two milestones."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basis import About, Basis, Interval, Pair, Value, basis, gain, pairs_of
from backtolife.reporting.analysis.counted import correlation, mean, sides, spread
from backtolife.reporting.analysis.distributions import t_quantile

HOW = (
    "Each person's own change, averaged over those with both scores. The 95% interval is Student's t "
    "for the mean of paired differences; it takes people as independent of each other, whatever group they were in."
)


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The mean change of those with both scores; `improvement` is above 0 where people got better.

    Means are None without a pair, spreads and the interval below two pairs, `correlation` also where nothing varies.
    """

    basis: Basis
    mean_before: float | None
    mean_after: float | None
    sd_before: float | None
    sd_after: float | None
    improvement: float | None
    sd_change: float | None
    se: float | None
    interval: Interval | None
    correlation: float | None


def paired_change(
    before: Sequence[Value], after: Sequence[Value], *, higher_is_better: bool, about: About
) -> PairedChange:
    """The change from `before` to `after`, one place in each per eligible person. Raises Invalid for uneven input."""
    return change_of(pairs_of(before, after), len(before), higher_is_better=higher_is_better, about=about)


def change_of(pairs: Counter[Pair], eligible: int, *, higher_is_better: bool, about: About) -> PairedChange:
    """The same from the pairs there are among `eligible` people."""
    n = pairs.total()
    held = basis(about, n, eligible, HOW)
    if not pairs:
        return PairedChange(held, *[None] * 9)
    ones, twos = sides(pairs)
    gains: Counter[float] = Counter()
    for pair, people in pairs.items():
        gains[gain(pair, higher_is_better)] += people
    centre = mean(gains)
    if n == 1:
        return PairedChange(held, mean(ones), mean(twos), None, None, centre, None, None, None, None)
    apart = spread(gains)
    error = apart / math.sqrt(n)
    return PairedChange(
        basis=held,
        mean_before=mean(ones),
        mean_after=mean(twos),
        sd_before=spread(ones),
        sd_after=spread(twos),
        improvement=centre,
        sd_change=apart,
        se=error,
        interval=around(centre, error, n - 1),
        correlation=correlation(pairs),
    )


def around(centre: float, error: float, freedom: float, level: float = 0.95) -> Interval:
    """The interval `level` wide by Student's t around an estimate with standard error `error`."""
    reach = t_quantile((1 + level) / 2, freedom) * error
    return Interval(centre - reach, centre + reach, level)
