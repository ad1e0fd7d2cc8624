"""How far a group has moved between two milestones."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, Pair, Value, basis, gain, pairs_of
from backtolife.reporting.analysis.basics.counted import correlation, mean, sides, spread
from backtolife.reporting.analysis.basics.distributions import t_quantile
from backtolife.reporting.analysis.change.cluster_robust import Cluster, clusters_of, robust_mean

HOW = (
    "Each person's own change, averaged over those with both scores. The 95% interval is Student's t "
    "for the mean of paired differences; it takes people as independent of each other, as all were in one group."
)
HOW_GROUPED = (
    "Each person's own change, averaged over those with both scores. People in one group share a programme and are "
    "alike, so the 95% interval counts by group: cluster-robust (CR2) with Satterthwaite's degrees of freedom."
)


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The mean change of those with both scores; `improvement` is above 0 where people got better.

    Means are None without a pair, spreads and the interval below two pairs, `correlation` also where nothing varies.
    `se` and the interval count by group where there are two groups or more; `freedom` are their degrees of freedom.
    """

    basis: Basis
    mean_before: float | None
    mean_after: float | None
    sd_before: float | None
    sd_after: float | None
    improvement: float | None
    sd_change: float | None
    se: float | None
    freedom: float | None
    interval: Interval | None
    correlation: float | None


def paired_change(
    before: Sequence[Value],
    after: Sequence[Value],
    *,
    higher_is_better: bool,
    about: About,
    groups: Sequence[str] = (),
) -> PairedChange:
    """The change from `before` to `after`, one place in each, and in `groups`, per eligible person.

    Raises Invalid for uneven input.
    """
    pairs = pairs_of(before, after)
    clusters = clusters_of(gains_of(before, after, higher_is_better), groups) if groups else ()
    return change_of(pairs, len(before), higher_is_better=higher_is_better, about=about, clusters=clusters)


def gains_of(before: Sequence[Value], after: Sequence[Value], higher_is_better: bool) -> list[Value]:
    """Each person's improvement; None where a score is missing."""
    return [
        None if one is None or two is None else gain(Pair(one, two), higher_is_better)
        for one, two in zip(before, after, strict=True)
    ]


def change_of(
    pairs: Counter[Pair], eligible: int, *, higher_is_better: bool, about: About, clusters: Sequence[Cluster] = ()
) -> PairedChange:
    """The same from the pairs there are among `eligible` people, and the groups these were in."""
    n, robust = pairs.total(), robust_mean(clusters)
    # No spread between the sums of groups says that there are too few of them, not that we are certain.
    robust = robust if robust and robust.se > 0 else None
    held = basis(about, n, eligible, HOW_GROUPED if robust else HOW)
    if not pairs:
        return PairedChange(held, *[None] * 10)
    ones, twos = sides(pairs)
    gains: Counter[float] = Counter()
    for pair, people in pairs.items():
        gains[gain(pair, higher_is_better)] += people
    centre = mean(gains)
    if n == 1:
        return PairedChange(held, mean(ones), mean(twos), None, None, centre, None, None, None, None, None)
    apart = spread(gains)
    error, freedom = (robust.se, robust.freedom) if robust else (apart / math.sqrt(n), float(n - 1))
    return PairedChange(
        basis=held,
        mean_before=mean(ones),
        mean_after=mean(twos),
        sd_before=spread(ones),
        sd_after=spread(twos),
        improvement=centre,
        sd_change=apart,
        se=error,
        freedom=freedom,
        interval=around(centre, error, freedom),
        correlation=correlation(pairs),
    )


def around(centre: float, error: float, freedom: float, level: float = 0.95) -> Interval:
    """The interval `level` wide by Student's t around an estimate with standard error `error`."""
    reach = t_quantile((1 + level) / 2, freedom) * error
    return Interval(centre - reach, centre + reach, level)
