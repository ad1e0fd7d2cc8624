"""What is left of a change if those who stopped answering did worse than the model supposes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import Basis, Interval
from backtolife.reporting.analysis.basics.distributions import t_quantile
from backtolife.reporting.analysis.change.mixed import MixedStep

HOW = (
    "Those without a score are taken to have improved by δ points less than the mixed model supposes; δ times their "
    "share is taken off the improvement. The tipping point is the smallest δ at which the 95% interval reaches "
    "{threshold:g}."
)
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The improvement if the missing did `delta` points worse than supposed."""

    delta: float
    improvement: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """`tipping` is in points; 0 where the unadjusted interval already reaches the threshold, None where nobody is
    missing, so that no δ changes anything.
    """

    basis: Basis
    rows: tuple[Adjusted, ...]
    threshold: float
    tipping: float | None


def delta_adjusted(step: MixedStep, deltas: Sequence[float], *, threshold: float = 0.0) -> Sensitivity:
    """The change `step` under each of `deltas` (points of the instrument, 0 or more). Raises Invalid below 0."""
    if any(delta < 0 for delta in deltas):
        raise Invalid("δ says how much worse the missing did: 0 or more.")
    how = f"{step.basis.how} {HOW.format(threshold=threshold)}"
    held = replace(step.basis, how=how)
    return Sensitivity(held, tuple(adjusted(step, delta) for delta in deltas), threshold, tipping(step, threshold))


def adjusted(step: MixedStep, delta: float) -> Adjusted:
    """The share missing is itself an estimate, which widens the interval as δ grows."""
    absent = step.missing / step.started
    centre = step.improvement - delta * absent
    error = math.sqrt(step.se**2 + delta**2 * absent * (1 - absent) / step.started)
    reach = t_quantile(0.975, step.freedom) * error
    return Adjusted(delta, centre, Interval(centre - reach, centre + reach))


def tipping(step: MixedStep, threshold: float) -> float | None:
    if adjusted(step, 0).interval.low <= threshold:
        return 0.0
    if not step.missing:
        return None
    low, high = 0.0, (step.improvement - threshold) * step.started / step.missing
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if adjusted(step, middle).interval.low > threshold else (low, middle)
    return high
