"""How far a group has moved between two milestones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import correlation, fmean, stdev

from backtolife.reporting.analysis.basis import About, Basis, Interval, Pair, Value, basis, gain, pairs_of
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
    pairs = pairs_of(before, after)
    held = basis(about, len(pairs), len(before), HOW)
    if not pairs:
        return PairedChange(held, *[None] * 9)
    ones, twos = [pair.before for pair in pairs], [pair.after for pair in pairs]
    gains = [gain(pair, higher_is_better) for pair in pairs]
    centre = fmean(gains)
    if len(pairs) == 1:
        return PairedChange(held, ones[0], twos[0], None, None, centre, None, None, None, None)
    spread = stdev(gains)
    error = spread / math.sqrt(len(gains))
    return PairedChange(
        basis=held,
        mean_before=fmean(ones),
        mean_after=fmean(twos),
        sd_before=stdev(ones),
        sd_after=stdev(twos),
        improvement=centre,
        sd_change=spread,
        se=error,
        interval=around(centre, error, len(gains) - 1),
        correlation=correlation_of(pairs),
    )


def around(centre: float, error: float, freedom: float, level: float = 0.95) -> Interval:
    """The interval `level` wide by Student's t around an estimate with standard error `error`."""
    reach = t_quantile((1 + level) / 2, freedom) * error
    return Interval(centre - reach, centre + reach, level)


def correlation_of(pairs: Sequence[Pair]) -> float | None:
    """How the two scores go together, -1 to 1; None where one of them does not vary."""
    ones, twos = [pair.before for pair in pairs], [pair.after for pair in pairs]
    if min(ones) == max(ones) or min(twos) == max(twos):
        return None
    return correlation(ones, twos)
