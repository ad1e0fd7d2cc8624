"""Change in units of spread, so that instruments can be set beside each other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, Value, basis
from backtolife.reporting.analysis.basics.distributions import noncentrality
from backtolife.reporting.analysis.change.paired import PairedChange, paired_change

HOW = (
    "dz is the mean improvement divided by the spread of the changes; d_av divides it by the average spread "
    "before and after (the root of the mean variance). Both 95% intervals come from the non-central t "
    "distribution (for d_av as Algina and Keselman 2003), counted by group as that of the mean is. Not corrected for "
    "small numbers."
)


@dataclass(frozen=True, slots=True)
class StandardisedEffect:
    """`dz` and `d_av`, above 0 where people got better; None below two pairs or where nothing varies."""

    basis: Basis
    dz: float | None
    dz_interval: Interval | None
    d_av: float | None
    d_av_interval: Interval | None


def standardised(
    before: Sequence[Value], after: Sequence[Value], *, higher_is_better: bool, about: About
) -> StandardisedEffect:
    """The standardised change from `before` to `after`. Raises Invalid for uneven input."""
    return effect_of(paired_change(before, after, higher_is_better=higher_is_better, about=about), about=about)


def effect_of(change: PairedChange, *, about: About) -> StandardisedEffect:
    """The same from a change that is known."""
    held = basis(about, change.basis.n, change.basis.of, HOW)
    if not change.sd_change or change.improvement is None or not change.se or change.freedom is None:
        return StandardisedEffect(held, None, None, None, None)
    dz = change.improvement / change.sd_change
    reach, unit = noncentral(change.improvement / change.se, change.freedom), change.se / change.sd_change
    ratio = change.sd_change / average_spread(change)
    return StandardisedEffect(
        basis=held,
        dz=dz,
        dz_interval=scaled(reach, unit),
        d_av=dz * ratio,
        d_av_interval=scaled(reach, ratio * unit),
    )


def average_spread(change: PairedChange) -> float:
    """The root of the mean of the two variances; above 0 wherever the changes vary."""
    return math.sqrt(((change.sd_before or 0) ** 2 + (change.sd_after or 0) ** 2) / 2)


def noncentral(statistic: float, freedom: float) -> Interval:
    """The non-centralities that leave `statistic` with 2.5 % on either side."""
    return Interval(noncentrality(statistic, freedom, 0.975), noncentrality(statistic, freedom, 0.025))


def scaled(interval: Interval, factor: float) -> Interval:
    return Interval(interval.low * factor, interval.high * factor, interval.level)
