"""How far people have moved on each measure, in points and in units of spread."""

import math
import statistics
from dataclasses import dataclass

from scipy import optimize, stats

from tests.reporting.recompute.dataset.release import Release, apart, released
from tests.reporting.recompute.dataset.rows import Row, gain_of, started, took
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.robust import around, error_of
from tests.reporting.recompute.words import HIDDEN, Table, percent, reach, shown, wilson

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
    limits: tuple[tuple[str, str, float, str], ...] = ()

    def in_house(self, rows: list[Row]) -> bool:
        instrument = self.scale.rsplit("_", 1)[0]
        return any(row[f"baseline_{instrument}_in_house"] == "yes" for row in rows)

    def name(self, rows: list[Row]) -> str:
        own = ". In our own words" if self.in_house(rows) else ""
        return f"{self.title} {self.short}, {self.lowest} to {self.highest}{own}"


POINTS, PERCENT, ERROR = KINDS
KNOWN = "known from general knowledge, not read in the source."
MEASURES = (
    Measure(
        "rmdq_24_total", "Pain disability", "RMDQ-24", -1, 0, 24,
        (
            (POINTS, "points", 5, f"Source: Ostelo 2008 Spine 33:90; {KNOWN}"),
            (PERCENT, "%", 30, f"Source: Ostelo 2008; Jordan 2006; {KNOWN}"),
            (ERROR, "points", 5.81, "Source: Monteiro 2010 for r; STarT Back trial baseline for SD; uncertain."),
        ),
    ),
    Measure("peg_3_mean", "Pain and what it stops", "PEG", -1, 0, 10),
    Measure("semcd_6_mean", "Confidence", "SEMCD-6", 1, 1, 10),
    Measure("phq_9_total", "Low mood", "PHQ-9", -1, 0, 27, (
            (POINTS, "points", 5, f"Source: Lowe 2004; Kroenke; {KNOWN}"),
            (ERROR, "points", 6, "Source: NHS Talking Therapies manual; read in the source."),
        ),
    ),
    Measure("gad_7_total", "Worry", "GAD-7", -1, 0, 21, (
            (POINTS, "points", 4, f"Source: Toussaint 2020 JAD 265:395; {KNOWN}"),
            (ERROR, "points", 4, "Source: NHS Talking Therapies manual; read in the source."),
        ),
    ),
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
    groups: list[str]
    rows: list[Row]

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
        return around(self.gains, self.groups)

    def cells(self) -> list[str]:
        ones, twos, _ = zip(*self.pairs, strict=True)
        means = f"{shown(statistics.fmean(ones))}, {shown(statistics.fmean(twos))}"
        return [self.people(), means, f"{shown(self.centre)} ({self.interval()})"]

    def effect(self, unit: float, places: int) -> tuple[str, str]:
        """The mean in `unit`s of spread, and its interval by the non-central t distribution."""
        error, freedom = error_of(self.gains, self.groups)
        t = self.centre / error
        low, high = (
            optimize.brentq(lambda at, tail=tail: stats.nct.sf(t, freedom, at) - tail, t - 4 * t, t + 4 * t)
            * error
            / unit
            for tail in (0.025, 0.975)
        )
        return shown(self.centre / unit, places), reach(low, high, places)


def changes(service: Service, milestone: str = "end") -> list[Change]:
    """Every measure that at least 5 of those who came gave at the start and at the milestone, where it is closed."""
    found = [of_rows(measure, service.both(measure.scale, milestone).rows, milestone) for measure in MEASURES]
    return [each for each in found if len(each.pairs) >= 5]


def of_rows(measure: Measure, rows: list[Row], milestone: str = "end") -> Change:
    there = started(rows)
    gains = [(gain_of(row, measure.scale, measure.sign, milestone), row["group"]) for row in there]
    kept = [(gain, group) for gain, group in gains if gain is not None]
    return Change(measure, [gain for gain, _ in kept], len(there), [group for _, group in kept], rows)


def at_the_end(service: Service) -> Table:
    table = [[*HEAD, "Effect size", "Better and worse"]]
    for each in changes(service):
        d, dz = ("{} ({})".format(*each.effect(unit, 2)) for unit in (each.average_spread, each.spread))
        told = shares_of(service, each.measure)
        table.append([each.measure.name(service.every), *each.cells(), f"d {d} dz {dz}", told])
    return table


def shares_of(service: Service, measure: Measure) -> str:
    if measure.in_house(service.every):
        return "Not shown: our own words have no published cut-off"
    return " ".join(
        f"{kind}: {size:g} {unit}{' of the start' if unit == '%' else ''} or more. {source} "
        f"{shares(service, measure, place)}"
        for place, (kind, unit, size, source) in enumerate(measure.limits)
    )


def shares(service: Service, measure: Measure, place: int) -> str:
    """Better and worse in per cent; nothing under 5, and nothing that gives such a number away, be it less the same
    by another size of change.
    """
    release = sized(service, measure, place)
    ((better, worse, unclear), _) = ways_of(measure, place, release.rows)
    n = better + worse + unclear
    told = release.hide(0, [better, worse, unclear])
    for way in (1, -1):
        for other in range(place):
            alone = [
                sum((way_of(measure, place, pair) == way) != (way_of(measure, other, pair) == way) for pair in pairs)
                for pairs in (pairs_of(measure, rows) for rows in release.batches)
            ]
            if not apart(alone):
                told[0 if way == 1 else 1] = None
    one, two = (
        HIDDEN if count is None else f"{percent(count, n)} ({wilson(count, n)}), {count} of {n}" for count in told[:2]
    )
    return f"Better {one}. Worse {two}."


def sized(service: Service, measure: Measure, place: int) -> Release:
    """Those whose change is put against one size of change."""
    return released(service.both(measure.scale).batches, lambda rows: ways_of(measure, place, rows))


def ways_of(measure: Measure, place: int, rows: list[Row]) -> list[list[int]]:
    """Better, worse and neither; and apart from these, who started at 0 where the size is a share of the start."""
    went = [way_of(measure, place, pair) for pair in pairs_of(measure, rows)]
    return [[went.count(1), went.count(-1), went.count(0)], [went.count(None)]]


def way_of(measure: Measure, place: int, pair: tuple[float, float, float]) -> int | None:
    _, unit, size, _ = measure.limits[place]
    before, _, gain = pair
    if unit == "%":
        if not before:
            return None
        gain *= 100 / before
    return 0 if abs(gain) < size else 1 if gain > 0 else -1


def pairs_of(measure: Measure, rows: list[Row]) -> Pairs:
    return of_rows(measure, rows).pairs


def later_on(service: Service) -> Table:
    return [
        [HEAD[0], "Up to", *HEAD[1:]],
        *(
            [each.measure.name(service.every), label, *each.cells()]
            for milestone, label in LATER.items()
            for each in changes(service, milestone)
        ),
    ]


def in_units(service: Service) -> Table:
    """The picture of every measure in units of spread."""
    table = [["What", "Difference", "95% interval"]]
    for each in changes(service):
        own = ", our own words" if each.measure.in_house(service.every) else ""
        name = f"{each.measure.title} ({each.measure.short}{own})"
        table.append([name, *each.effect(each.average_spread, 1)])
    return table


def in_points(service: Service) -> Table:
    """The picture of the leading measure from the end on."""
    moments = {"end": "At the end of session 8", **LATER}
    leading = [
        (label, each)
        for milestone, label in moments.items()
        for each in changes(service, milestone)
        if each.measure == MEASURES[0]
    ]
    return [
        ["What", "Difference", "95% interval"],
        *([label, shown(each.centre), each.interval()] for label, each in leading),
    ]


def of_completers(service: Service) -> list[Change]:
    """Those who completed, in batches with as many others: they could be worked out."""
    stayed = [
        (measure, [row for row in service.completers(measure.scale).rows if took(row)["stayed"]])
        for measure in MEASURES
    ]
    return [each for measure, rows in stayed if len((each := of_rows(measure, rows)).pairs) >= 5]


def completers(service: Service) -> Table:
    return [HEAD, *([each.measure.name(service.every), *each.cells()] for each in of_completers(service))]
