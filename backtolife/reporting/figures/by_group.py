"""Group by group: what each reached, whether any differs by more than its size explains, and how it goes over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.funnel import Funnel, Unit, Whole, share_funnel
from backtolife.reporting.analysis.xmr import XmR, xmr
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.parts import Column, column
from backtolife.reporting.figures.scope import about, members_of, quarter_words
from backtolife.reporting.figures.steps import FAIR, Walk, counts_of, mean_gain, walks

COLUMNS = (*FAIR, "Both scores")
HOW = (
    "Counted in people. Hidden is a number under 5, and as many others as it takes that it cannot be worked out from "
    "groups, quarters and the whole. The mean change is of everyone who came to a session and gave both scores."
)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One group or quarter. `gain` is the mean improvement where the number behind it is shown."""

    id: str
    name: str
    cells: tuple[int | None, ...]
    gain: float | None


@dataclass(frozen=True, slots=True)
class Parts:
    """The same numbers by group, by quarter and for all."""

    columns: tuple[str, ...]
    groups: tuple[PartRow, ...]
    quarters: tuple[PartRow, ...]
    all: PartRow
    how: str = HOW


def parts(data: Data, groups: Sequence[Group], measure: Measure | None) -> Parts:
    """The numbers of all ended groups of the service. A report on a part of it shows rows of this, never its own."""
    people: dict[str, list[Walk]] = {group.id: [] for group in groups}
    for walk in walks(members_of(data, groups), measure):
        people[walk.member.group].append(walk)
    quarter = {group.id: group.quarter for group in groups}
    columns: list[Column] = []
    counted = {key: count_of(each) for key, each in people.items()}
    for place in range(len(COLUMNS)):
        forced = columns[-1].hidden if columns else frozenset()
        columns.append(column({key: counts[place] for key, counts in counted.items()}, quarter, forced))
    by_quarter: dict[str, list[Walk]] = {}
    for group in groups:
        by_quarter.setdefault(group.quarter, []).extend(people[group.id])
    everyone = [walk for each in people.values() for walk in each]
    return Parts(
        columns=COLUMNS,
        groups=tuple(
            row(group.id, group.name, [each.groups[group.id] for each in columns], people[group.id], measure)
            for group in groups
        ),
        quarters=tuple(
            row(name, quarter_words(name), [each.quarters[name] for each in columns], held, measure)
            for name, held in by_quarter.items()
        ),
        all=row("", "All groups", [each.total for each in columns], everyone, measure),
    )


def count_of(people: Sequence[Walk]) -> list[int]:
    """What stands in COLUMNS."""
    return [*counts_of(people), sum(walk.paired for walk in people if walk.member.sessions > 0)]


def row(key: str, name: str, cells: Sequence[int | None], people: Sequence[Walk], measure: Measure | None) -> PartRow:
    seen = measure is not None and cells[-1] is not None
    return PartRow(key, name, tuple(cells), mean_gain(people, measure) if seen and measure is not None else None)


def between(found: Parts, groups: Sequence[Group]) -> Funnel:
    """Completion of those who came to a session, group by group, as far as both numbers are shown.

    Groups are hidden because few completed, so all together is everyone: the share of the shown ones is too high.
    """
    units = [
        Unit(each.name, each.cells[2], each.cells[1])
        for each in found.groups
        if each.cells[1] and each.cells[2] is not None
    ]
    came, stayed = found.all.cells[1], found.all.cells[2]
    whole = Whole(stayed, came, len(found.groups)) if came and stayed is not None else None
    said = about(groups, "Nine sessions", "Everyone who came to a session, where shown")
    return share_funnel(units, about=said, whole=whole)


def over_time(found: Parts, groups: Sequence[Group]) -> tuple[XmR, XmR]:
    """Completion in per cent and the mean change of the leading measure, one point a group in the order they began."""
    shares = [
        100 * each.cells[2] / each.cells[1] if each.cells[1] and each.cells[2] is not None else None
        for each in found.groups
    ]
    names = [each.name for each in found.groups]
    said = about(groups, "One point a group, in the order they began", "Everyone who came to a session, where shown")
    return xmr(names, shares, about=said), xmr(names, [each.gain for each in found.groups], about=said)
