"""How far people have moved on each measure, in points and in units of spread."""

import math
import statistics
from dataclasses import dataclass

from scipy import optimize, stats

from tests.reporting.recompute.rows import Row, gain_of, sessions, started
from tests.reporting.recompute.words import HIDDEN, Table, percent, reach, shown, too_plain, wilson

KINDS = ("A change one person would notice", "The same, in per cent of the start", "More than the questions' own error")


@dataclass(frozen=True)
class Measure:
    """`sign` is which way is better; `limits` the published sizes of change in the order shown, each with its unit."""

    scale: str
    title: str
    short: str
    sign: int
    lowest: int
    highest: int
    limits: tuple[tuple[str, str, float], ...] = ()

    def in_house(self, rows: list[Row]) -> bool:
        instrument = self.scale.rsplit("_", 1)[0]
        return any(row[f"baseline_{instrument}_in_house"] == "yes" for row in rows)

    def name(self, rows: list[Row]) -> str:
        own = ". In our own words" if self.in_house(rows) else ""
        return f"{self.title} {self.short}, {self.lowest} to {self.highest}{own}"


POINTS, PERCENT, ERROR = KINDS
MEASURES = (
    Measure(
        "rmdq_24_total", "Pain disability", "RMDQ-24", -1, 0, 24,
        ((POINTS, "points", 5), (PERCENT, "%", 30), (ERROR, "points", 5.81)),
    ),
    Measure("peg_3_mean", "Pain and what it stops", "PEG", -1, 0, 10),
    Measure("semcd_6_mean", "Confidence", "SEMCD-6", 1, 1, 10),
    Measure("phq_9_total", "Low mood", "PHQ-9", -1, 0, 27, ((POINTS, "points", 5), (ERROR, "points", 6))),
    Measure("gad_7_total", "Worry", "GAD-7", -1, 0, 21, ((POINTS, "points", 4), (ERROR, "points", 4))),
)  # fmt: skip
LATER = {"month_3": "3 months on", "month_6": "6 months on", "month_12": "12 months on"}
HEAD = ["Measure", "People", "Start, then", "Mean gain (95% interval)"]
Pairs = list[tuple[float, float, float]]


@dataclass(frozen=True)
class Change:
    """One measure from the start to a milestone: before, after and improvement of each, among so many."""

    measure: Measure
    pairs: Pairs
    of: int

    @property
    def gains(self) -> list[float]:
        return [gain for _, _, gain in self.pairs]

    @property
    def centre(self) -> float:
        return statistics.fmean(self.gains)

    @property
    def spread(self) -> float:
        return statistics.stdev(self.gains)

    @property
    def average_spread(self) -> float:
        ones, twos, _ = zip(*self.pairs, strict=True)
        return math.sqrt((statistics.variance(ones) + statistics.variance(twos)) / 2)

    def people(self) -> str:
        return f"{len(self.pairs)} of {self.of}"

    def interval(self) -> str:
        n = len(self.pairs)
        low, high = stats.t.interval(0.95, n - 1, self.centre, self.spread / math.sqrt(n))
        return reach(low, high)

    def cells(self) -> list[str]:
        ones, twos, _ = zip(*self.pairs, strict=True)
        means = f"{shown(statistics.fmean(ones))}, {shown(statistics.fmean(twos))}"
        return [self.people(), means, f"{shown(self.centre)} ({self.interval()})"]

    def effect(self, unit: float, places: int) -> tuple[str, str]:
        """The mean in `unit`s of spread, and its interval by the non-central t distribution."""
        n = len(self.pairs)
        t = self.centre / self.spread * math.sqrt(n)
        low, high = (
            optimize.brentq(lambda at, tail=tail: stats.nct.sf(t, n - 1, at) - tail, t - 10, t + 10)
            / math.sqrt(n)
            * self.spread
            / unit
            for tail in (0.025, 0.975)
        )
        return shown(self.centre / unit, places), reach(low, high, places)


def changes(rows: list[Row], milestone: str = "end") -> list[Change]:
    """Every measure that at least 5 of those who came gave at the start and at the milestone, where it is closed."""
    there = started(closed(rows, milestone))
    found = []
    for measure in MEASURES:
        pairs = [gain for row in there if (gain := gain_of(row, measure.scale, measure.sign, milestone)) is not None]
        if len(pairs) >= 5:
            found.append(Change(measure, pairs, len(there)))
    return found


def closed(rows: list[Row], milestone: str) -> list[Row]:
    """Those whose group is asked no more at the milestone."""
    return [row for row in rows if milestone.replace("_", "-") in row["closed"].split()]


def at_the_end(rows: list[Row]) -> Table:
    table = [[*HEAD, "In units of spread", "Better and worse"]]
    for each in changes(rows):
        d, dz = ("{} ({})".format(*each.effect(unit, 2)) for unit in (each.average_spread, each.spread))
        table.append([each.measure.name(rows), *each.cells(), f"d {d} dz {dz}", shares_of(each, rows)])
    return table


def shares_of(each: Change, rows: list[Row]) -> str:
    if each.measure.in_house(rows):
        return "Not shown: our own words have no published cut-off"
    return " ".join(
        f"{kind}: {size:g} {unit}{' of the start' if unit == '%' else ''} or more {shares(each.pairs, unit, size)}"
        for kind, unit, size in each.measure.limits
    )


def shares(pairs: Pairs, unit: str, size: float) -> str:
    """Better and worse in per cent; nothing under 5, and nothing that gives such a number away."""
    kept = [pair for pair in pairs if unit == "points" or pair[0]]
    relative = [gain if unit == "points" else 100 * gain / one for one, _, gain in kept]
    counts = {
        "unclear": sum(abs(each) < size for each in relative),
        "worse": sum(each <= -size for each in relative),
        "better": sum(each >= size for each in relative),
    }
    covered = {name for name, count in counts.items() if count < 5}
    for name in counts:
        if covered and too_plain([counts[each] for each in covered]):
            covered.add(name)
    n = len(kept)
    better, worse = (
        HIDDEN if name in covered else f"{percent(counts[name], n)} ({wilson(counts[name], n)}), {counts[name]} of {n}"
        for name in ("better", "worse")
    )
    return f"Better {better}. Worse {worse}."


def later_on(rows: list[Row]) -> Table:
    return [
        [HEAD[0], "Up to", *HEAD[1:]],
        *(
            [each.measure.name(rows), label, *each.cells()]
            for milestone, label in LATER.items()
            for each in changes(rows, milestone)
        ),
    ]


def in_units(rows: list[Row]) -> Table:
    """The picture of every measure in units of spread."""
    table = [["What", "Difference", "95% interval"]]
    for each in changes(rows):
        own = ", our own words" if each.measure.in_house(rows) else ""
        name = f"{each.measure.title} ({each.measure.short}{own})"
        table.append([name, *each.effect(each.average_spread, 1)])
    return table


def in_points(rows: list[Row]) -> Table:
    """The picture of the leading measure from the end on."""
    moments = {"end": "At the end of session 8", **LATER}
    leading = [
        (label, each)
        for milestone, label in moments.items()
        for each in changes(rows, milestone)
        if each.measure == MEASURES[0]
    ]
    return [
        ["What", "Difference", "95% interval"],
        *([label, shown(each.centre), each.interval()] for label, each in leading),
    ]


def of_completers(rows: list[Row]) -> list[Change]:
    """Those who came to 6 or more, where the others are not 1 to 4: they could be worked out."""
    everyone = {each.measure: len(each.pairs) for each in changes(rows)}
    found = changes([row for row in rows if len(sessions(row)) >= 6])
    return [each for each in found if not 0 < everyone[each.measure] - len(each.pairs) < 5]


def completers(rows: list[Row]) -> Table:
    return [HEAD, *([each.measure.name(rows), *each.cells()] for each in of_completers(rows))]
