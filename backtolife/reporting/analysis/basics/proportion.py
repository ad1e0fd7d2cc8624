"""A part of a whole, with what chance alone could have made of it."""

import math
from dataclasses import dataclass

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import Interval
from backtolife.reporting.analysis.basics.distributions import normal_quantile

HOW = "The 95% interval of a share is Wilson's."


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`; `proportion` and its interval run from 0 to 1 and are None of nobody."""

    count: int
    of: int
    proportion: float | None
    interval: Interval | None


def share(count: int, of: int) -> Share:
    """`count` of `of` with Wilson's 95 % interval. Raises Invalid unless 0 ≤ count ≤ of."""
    if not 0 <= count <= of:
        raise Invalid("A part cannot be below 0 or above the whole.")
    if of == 0:
        return Share(count, of, None, None)
    z = normal_quantile(0.975)
    p = count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Share(count, of, p, Interval(max(0.0, middle - reach), min(1.0, middle + reach)))
