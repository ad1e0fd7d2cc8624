"""Groups of people with known truth, drawn with fixed seeds."""

from datetime import date

import numpy as np

from backtolife.reporting.analysis.basics.basis import About
from backtolife.reporting.analysis.comparison.margin import Margin
from backtolife.reporting.analysis.comparison.noninferiority import Person

ABOUT = About("baseline to the end, April 2026 to March 2027", "everyone who started")
FIRST_RESULT = date(2026, 6, 1)
RUNS = 2_000


def margin(points: float = 1.0, sd: float = 5.0, **plan: float) -> Margin:
    """A margin fixed in good time."""
    return Margin(points, sd, date(2026, 3, 3), "Clinical lead", "A fifth of the minimal change", "1", **plan)


def drawn(
    rng: np.random.Generator, n: int, *, gain: float = 2.0, start: float = 12.0, groups: int = 0, icc: float = 0.0
) -> list[Person]:
    """People whose improvement (SD 4, lower scores are better) leans on where they started, in `groups` of one size."""
    before = rng.normal(start, 5.0, n)
    own = np.arange(n) if groups == 0 else np.repeat(np.arange(groups), n // groups)
    shared = rng.normal(0, 4 * icc**0.5, n if groups == 0 else groups)[own]
    rest = rng.normal(0, 4 * (1 - icc) ** 0.5, n)
    after = before - gain - 0.3 * (before - 12.0) - shared - rest
    names = [None if groups == 0 else f"group {place}" for place in own]
    return [Person(*scores) for scores in zip(before.tolist(), after.tolist(), names, strict=True)]
