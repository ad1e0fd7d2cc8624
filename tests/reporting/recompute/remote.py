"""Remote beside the service's own face-to-face groups, by statsmodels' least squares."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import statsmodels.api as statsmodels
from scipy import stats

from tests.reporting.recompute.rows import LEADING, Row, gain_of, started
from tests.reporting.recompute.words import Table, number, reach, shown

LABEL = "Pain disability: At the end of session 8"
TITLE = "Remote less face to face: Pain disability, At the end of session 8"
Pairs = list[tuple[float, float, str]]
"""Start, improvement and group."""


@dataclass(frozen=True)
class Comparison:
    """The leading measure at the end: those of each side with both scores, among so many, and the margin."""

    remote: Pairs
    clinic: Pairs
    of: int
    points: float

    @property
    def people(self) -> str:
        return f"{len(self.remote) + len(self.clinic)} of {self.of}"

    @cached_property
    def found(self) -> tuple[float, float, float]:
        """The difference at the same start, with its 95% interval that counts groups."""
        sides = (self.remote, self.clinic)
        rows = [(1.0, float(side is self.remote), start) for side in sides for start, _, _ in side]
        fit = statsmodels.OLS([gain for side in sides for _, gain, _ in side], rows).fit()
        groups = [gathered(side, left) for side, left in zip(sides, self.split(fit.resid), strict=True)]
        alike = intraclass(groups)
        loss = (len(rows) - 2) / (len(rows) - 3)
        variances = [
            loss * (1 + (weighted(side) - 1) * alike) * np.var(np.concatenate(side), ddof=1) / sum(map(len, side))
            for side in groups
        ]
        apart = np.mean([start for start, _, _ in self.remote]) - np.mean([start for start, _, _ in self.clinic])
        error = math.sqrt(sum(variances) + (apart * fit.bse[2]) ** 2)
        freedom = sum(variances) ** 2 / sum(
            each**2 / (len(side) - 1) for each, side in zip(variances, groups, strict=True)
        )
        half, difference = stats.t.ppf(0.975, freedom) * error, fit.params[1]
        return difference, difference - half, difference + half

    def split(self, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return left[: len(self.remote)], left[len(self.remote) :]

    def lines(self) -> list[str]:
        difference, low, high = self.found
        verdict = "The line crosses the margin, so remote could be worse."
        if low > -self.points:
            verdict = "The line stays right of the margin."
        elif high < -self.points:
            verdict = "The whole line lies beyond the margin."
        return [
            f"Remote {len(self.remote)}, face to face {len(self.clinic)}. Margin {self.points:g}, version 1, set on ",
            f"Difference {shown(difference)} ({reach(low, high)}). {verdict}",
            f"above minus the margin of {self.points:g}, fixed on ",
        ]

    def table(self) -> Table:
        difference, low, high = self.found
        return [["What", "Difference", "95% interval"], [LABEL, shown(difference), reach(low, high)]]

    def told(self) -> str:
        """What those hear who cannot see the picture."""
        what, difference, interval = self.table()[1]
        return f"{what}: {difference}, 95% interval {interval}. The margin is {shown(-self.points)}."

    def written(self) -> list[str]:
        """What is written into it."""
        return [f"Margin {shown(-self.points)}"]


def compared(rows: list[Row], clinic: list[Row], points: float) -> Comparison:
    """`clinic` are the rows of the file that the service has brought."""
    there = started(rows)
    remote = [(gain[0], gain[2], row["group"]) for row in there if (gain := gain_of(row, LEADING, -1)) is not None]
    asked = [row for row in clinic if (row["measure"], row["milestone"]) == ("rmdq-24", "end")]
    scores = [(number(row["start"]), number(row["score"]), row["group"] or row["person"]) for row in asked]
    both = [(one, one - two, group) for one, two, group in scores if one is not None and two is not None]
    return Comparison(remote, both, len(there) + len(asked), points)


def gathered(side: Pairs, left: np.ndarray) -> list[np.ndarray]:
    """What is left of each person's improvement, group by group."""
    names = [group for _, _, group in side]
    return [left[[each == name for each in names]] for name in dict.fromkeys(names)]


def intraclass(sides: list[list[np.ndarray]]) -> float:
    """How alike people in a group are, by analysis of variance over both sides; below 0 counts as 0."""
    flat = [group for side in sides for group in side]
    people, freedom = sum(map(len, flat)), len(flat) - len(sides)
    between = sum(len(group) * group.mean() ** 2 for group in flat) / freedom
    within = sum(((group - group.mean()) ** 2).sum() for group in flat) / (people - len(flat))
    size = (people - sum(weighted(side) for side in sides)) / freedom
    return float(max((between - within) / (between + (size - 1) * within), 0.0))


def weighted(groups: Iterable[np.ndarray]) -> float:
    """The mean size of a group, each weighted by its own."""
    sizes = [len(group) for group in groups]
    return sum(size**2 for size in sizes) / sum(sizes)
