"""Remote beside the service's own face-to-face groups, by statsmodels' least squares."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import statsmodels.api as statsmodels
from scipy import stats

from tests.reporting.recompute.dataset.rows import LEADING, Row, gain_of, started, took
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.words import HIDDEN, Table, number, percent, reach, shown, wilson

LABEL = "Pain disability: At the end of session 8"
NOTICED = 5
SD, ICC, SIZE, REACH = 5.0, 0.05, 10, 1.959963985 + 1.281551566
"""What the margin was planned with, and the two normal values of a one-sided 2.5 % and a power of 90 %."""
RESPONDERS = f"Who got better and worse by {NOTICED} points or more: Pain disability, At the end of session 8"
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
    look: list[Row]
    """The rows of the groups that were there when the planned number was reached."""
    later: int
    missing: int

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
        said = [
            f"Remote {len(self.remote)}, face to face {len(self.clinic)}. Margin {self.points:g}, version 1, set on ",
            f"Difference {shown(difference)} ({reach(low, high)}). {verdict}",
            f"above minus the margin of {self.points:g}, fixed on ",
        ]
        if self.later:
            said.append(f"{few(self.later)} people came after the planned number was reached.")
        if self.points > NOTICED / 2:
            said.append(f"more than half of the change one person would notice ({NOTICED} points).")
        if low > -self.points and self.missing:
            tipping = (low + self.points) / (self.missing / (len(self.remote) + self.missing))
            said.append(f"{few(self.missing)} gave no score. “No worse” holds unless they did {shown(tipping)} points")
        kept = self.of_completers()
        if len(kept.remote) >= 5 and not 0 < len(self.remote) - len(kept.remote) < 5:
            difference, low, high = kept.found
            told = f"difference {shown(difference)} ({reach(low, high)})."
            said.append(f"Only those who completed ({len(kept.remote)}): {told}")
        return said

    def of_completers(self) -> "Comparison":
        return replace(self, remote=pairs_of([row for row in self.look if took(row)["stayed"]]))

    def responders(self) -> Table:
        """Who got better and worse by the change one person would notice."""
        table = [["Side", "People", "Better, % (95% interval)", "Worse, % (95% interval)"]]
        for name, side in (("Remote", self.remote), ("Face to face", self.clinic)):
            counts = [sum(sign * gain >= NOTICED for _, gain, _ in side) for sign in (1, -1)]
            n = len(side)
            cells = [f"{percent(each, n)} ({wilson(each, n)}), {each}" if each >= 5 else HIDDEN for each in counts]
            table.append([name, str(n), *cells])
        return table

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


def compared(service: Service, clinic: list[Row], points: float) -> Comparison:
    """`clinic` are the rows of the file that the service has brought. All groups began after the margin was fixed."""
    asked = [row for row in clinic if (row["measure"], row["milestone"]) == ("rmdq-24", "end")]
    scores = [(number(row["start"]), number(row["score"]), row["group"] or row["person"]) for row in asked]
    both = [(one, one - two, group) for one, two, group in scores if one is not None and two is not None]
    required = math.ceil(2 * (SD * REACH / points) ** 2 * (1 + (SIZE - 1) * ICC))
    needed = math.ceil(1 / (2 / required - 1 / len(both)) - 1e-9)
    judged = service.both(LEADING)
    look: list[Row] = []
    for rows in judged.batches:
        if len(pairs_of(look)) < needed:
            look += rows
    there, remote = started(look), pairs_of(look)
    later, missing = len(started(judged.rows)) - len(there), len(there) - len(remote)
    return Comparison(remote, both, len(there) + len(asked), points, look, later, missing)


def pairs_of(rows: list[Row]) -> Pairs:
    gains = ((gain_of(row, LEADING, -1), row["group"]) for row in started(rows))
    return [(gain[0], gain[2], group) for gain, group in gains if gain is not None]


def few(count: int) -> str:
    return str(count) if count >= 5 else HIDDEN


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
