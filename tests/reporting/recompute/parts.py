"""Group by group and quarter by quarter: what each reached, its place among the others, and how it goes on."""

from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from scipy import stats

from tests.reporting.recompute.dataset.rows import Row, led, named, steps_of
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.hiding import Column, column
from tests.reporting.recompute.noise import OverTime
from tests.reporting.recompute.words import HIDDEN, NONE, Table, percent, shown

HEAD = ["Group", "Offered a place", "Came to a session", "Completed", "Measured", "Both scores", "Mean change"]
QUARTERS = ("January to March", "April to June", "July to September", "October to December")


@dataclass(frozen=True)
class Parts:
    """The same numbers of every group, of every quarter and of all."""

    service: Service

    @property
    def rows(self) -> list[Row]:
        return self.service.rows

    @cached_property
    def groups(self) -> dict[str, list[Row]]:
        return {name: [row for row in self.rows if row["group"] == name] for name in named(self.rows, "group")}

    @cached_property
    def quarters(self) -> dict[str, list[Row]]:
        return {name: [row for row in self.rows if row["quarter"] == name] for name in named(self.rows, "quarter")}

    @cached_property
    def counts(self) -> dict[str, list[int]]:
        return {name: counts_of(people) for name, people in self.groups.items()}

    @cached_property
    def hidden(self) -> list[Column]:
        """By number; a group hidden in one is hidden in those that follow. Each batch is hidden by itself, so that what
        one report hides no other one shows.
        """
        last = self.rows[-1]["person"]
        waves = [wave for wave in self.service.waves if wave[0]["person"] <= last]
        found: list[Column] = []
        for place in range(5):
            also = found[-1].groups if found else frozenset[str]()
            batches = waves if place < 3 else self.service.steps.batches
            parts = [self.hidden_in(rows, place, also) for rows in batches]
            total = sum(each[place] for each in self.counts.values())
            groups = frozenset[str]().union(*(each.groups for each in parts))
            found.append(Column(groups, frozenset[str]().union(*(each.quarters for each in parts)), total < 5))
        return found

    def hidden_in(self, rows: list[Row], place: int, also: frozenset[str]) -> Column:
        inside = {name: [row for row in rows if row["quarter"] == name] for name in named(rows, "quarter")}
        quarters = {name: named(people, "group") for name, people in inside.items()}
        counts = {name: self.counts[name][place] for name in named(rows, "group")}
        return column(counts, quarters, also)

    def group(self, name: str) -> list[str]:
        return part(name, self.groups[name], [name in each.groups for each in self.hidden])

    def quarter(self, name: str) -> list[str]:
        return part(quarter_words(name), self.quarters[name], [name in each.quarters for each in self.hidden])

    def all(self) -> list[str]:
        return part("All groups", self.rows, [each.all for each in self.hidden])

    def by_group(self, quarter: str = "") -> Table:
        """Every group, or those that began in one quarter."""
        names = named(self.quarters[quarter], "group") if quarter else [*self.groups]
        return [HEAD, *(self.group(name) for name in names)]

    def by_quarter(self) -> Table:
        return [HEAD, *(self.quarter(name) for name in self.quarters), self.all()]

    @cached_property
    def completion(self) -> dict[str, tuple[int, int]]:
        """How many stayed of how many came, by group, where both are shown."""
        _, came, stayed, *_ = self.hidden
        covered = came.groups | stayed.groups
        return {name: (each[2], each[1]) for name, each in self.counts.items() if each[1] and name not in covered}

    @property
    def together(self) -> float:
        """The share of all groups, also those not shown, as long as the numbers of all are."""
        _, came, stayed, *_ = self.hidden
        pairs = [(each[2], each[1]) for each in self.counts.values()]
        if came.all or stayed.all:
            pairs = [*self.completion.values()]
        return sum(stayed for stayed, _ in pairs) / sum(came for _, came in pairs)

    def funnel_plot(self) -> Table:
        table = [["Name", "Count", "Of", "Value", "95% limits", "Place"]]
        for name, (stayed, came) in self.completion.items():
            low, high = lowest(came, self.together) / came, 1 - lowest(came, 1 - self.together) / came
            place = "low" if stayed / came < low - 1e-9 else "high" if stayed / came > high + 1e-9 else "inside"
            limits = f"{shown(100 * low, 0)}% to {shown(100 * high, 0)}%"
            table.append([name, str(stayed), str(came), percent(stayed, came), limits, place])
        return table

    def heading(self) -> str:
        """What stands above the funnel plot."""
        outside = sum(row[-1] != "inside" for row in self.funnel_plot()[1:])
        differ = {0: "None differs", 1: "◆ 1 differs"}.get(outside, f"◆ {outside} differ")
        return f"{differ} by more than {'its size' if outside == 0 else 'size'} explains"

    def told(self) -> str:
        """What those hear who cannot see it."""
        return f"All together {100 * self.together:.0f}%. {self.heading().removeprefix('◆ ')}."

    def completed(self) -> OverTime:
        values = [100 * stayed / came for stayed, came in self.completion.values()]
        return OverTime([*self.completion], values, 0)

    def changed(self) -> OverTime:
        means = {name: mean_of(people) for name, people in self.groups.items() if name not in self.hidden[-1].groups}
        kept = {name: mean for name, mean in means.items() if mean is not None}
        return OverTime([*kept], [*kept.values()], 1)


def counts_of(rows: list[Row]) -> list[int]:
    return [*steps_of(rows), len(led(rows))]


def mean_of(rows: list[Row]) -> float | None:
    gains = [gain for _, gain in led(rows)]
    return fmean(gains) if gains else None


def part(name: str, rows: list[Row], hidden: list[bool]) -> list[str]:
    mean = None if hidden[-1] else mean_of(rows)
    counts = [HIDDEN if secret else str(count) for count, secret in zip(counts_of(rows), hidden, strict=True)]
    return [name, *counts, NONE if mean is None else shown(mean)]


def quarter_words(quarter: str) -> str:
    return f"{QUARTERS[int(quarter[-1]) - 1]} {quarter[:4]}"


def lowest(n: int, share: float) -> float:
    """The exact 95% limit of a count at one size, smoothed between whole counts."""
    count = next(k for k in range(n + 1) if stats.binom.cdf(k, n, share) > 0.025)
    above, below = stats.binom.cdf(count, n, share), stats.binom.cdf(count - 1, n, share)
    return float(max(count - (above - 0.025) / (above - below), 0.0))
