"""Group by group: what each reached, whether any differs by more than its size explains, and how it goes over time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.comparison.funnel import Funnel, Unit, Whole, share_funnel
from backtolife.reporting.analysis.service.xmr import XmR, xmr
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.parts import Column, column, together
from backtolife.reporting.figures.scope import quarter_words
from backtolife.reporting.figures.steps import FAIR
from backtolife.reporting.figures.walks import Walk, counts_of, mean_gain

COLUMNS = (*FAIR, "Both scores")
OF_MEASURE = 3
"""From this column on they hang on the leading measure."""
SHOWN = "Everyone who came to a session, where shown"
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


def parts(batches: Batches) -> Parts:
    """The numbers of all counted groups of the service. A report on a part of it shows rows of this, never its own."""
    groups, measure = batches.counted, batches.leading
    people = {group.id: batches.walks_of([group]) for group in groups}
    columns = columns_of(batches, {key: count_of(each) for key, each in people.items()})
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


def columns_of(batches: Batches, counts: Mapping[str, Sequence[int]]) -> list[Column]:
    """What may be shown of each of COLUMNS, each batch protected by itself.

    What a batch hides stays hidden, so that a later report does not show what an earlier one hid. Who came and stayed
    is protected in waves: these stay as they are when another measure leads.
    """
    shown = {group.id for group in batches.steps.parts}
    waves = [wave for wave in batches.waves if wave[0].id in shown]
    columns: list[Column] = []
    for place in range(len(COLUMNS)):
        forced = columns[-1].hidden if columns else frozenset()
        inside = waves if place < OF_MEASURE else batches.steps.batches
        columns.append(
            together(
                column(
                    {group.id: counts[group.id][place] for group in batch},
                    {group.id: group.quarter for group in batch},
                    forced & {group.id for group in batch},
                )
                for batch in inside
            )
        )
    return columns


def count_of(people: Sequence[Walk]) -> list[int]:
    """What stands in COLUMNS."""
    return [*counts_of(people), sum(walk.paired for walk in people if walk.member.started)]


def row(key: str, name: str, cells: Sequence[int | None], people: Sequence[Walk], measure: Measure | None) -> PartRow:
    seen = measure is not None and cells[-1] is not None
    return PartRow(key, name, tuple(cells), mean_gain(people, measure) if seen and measure is not None else None)


def between(found: Parts, batches: Batches) -> Funnel:
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
    said = batches.about(batches.steps.parts, "Nine sessions", SHOWN)
    return share_funnel(units, about=said, whole=whole)


def over_time(found: Parts, batches: Batches) -> tuple[XmR, XmR]:
    """Completion in per cent and the mean change of the leading measure, one point a group in the order they began."""
    shares = [
        100 * each.cells[2] / each.cells[1] if each.cells[1] and each.cells[2] is not None else None
        for each in found.groups
    ]
    names = [each.name for each in found.groups]
    said = batches.about(batches.steps.parts, "One point a group, in the order they began", SHOWN)
    return xmr(names, shares, about=said), xmr(names, [each.gain for each in found.groups], about=said)
