"""How far people have moved on each measure: everyone who started first, completers second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basis import Pair, pairs_of
from backtolife.reporting.analysis.effects import StandardisedEffect, effect_of
from backtolife.reporting.analysis.meaningful import ChangeShares, meaningful_of
from backtolife.reporting.analysis.paired import PairedChange, change_of
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.measures import Measure, closed_at, measures_of
from backtolife.reporting.figures.scope import about, completed, starters
from backtolife.reporting.suppression import SMALLEST_SHOWN, too_plain

STARTED = "Everyone who came to a session"
COMPLETED = "Everyone who came to 6 sessions or more"


@dataclass(frozen=True, slots=True)
class Shares:
    """How many got better, worse or neither, by one size of change; a count of None is hidden."""

    found: ChangeShares
    improved: int | None
    worse: int | None
    unclear: int | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One measure from the start to one milestone.

    `shares` are empty on in-house wording, which has no published size of change, for completers, and where they are
    not asked for: the page shows them at the end only.
    """

    measure: Measure
    milestone: str
    label: str
    change: PairedChange
    effect: StandardisedEffect
    shares: tuple[Shares, ...]


def changes(
    data: Data, groups: Sequence[Group], milestone: str, *, completers: bool = False, shares: bool = True
) -> list[ChangeRow]:
    """Every measure with enough people at `milestone`, over groups whose questions there are closed.

    Completers are left out where those who are not completers are so few that they could be worked out.
    """
    there = closed_at(groups, milestone)
    people = starters(data, there)
    kept = [place for place in people if completed(data.members[place])] if completers else people
    found = []
    for measure in measures_of(data):
        pairs = paired(data, measure, kept, milestone)
        n = pairs.total()
        if n < SMALLEST_SHOWN or (completers and tells_of_others(n, paired(data, measure, people, milestone).total())):
            continue
        found.append(row(data, there, measure, milestone, (pairs, len(kept)), completers=completers, shares=shares))
    return found


def paired(data: Data, measure: Measure, people: Sequence[int], milestone: str) -> Counter[Pair]:
    """The pairs of scores at the start and the milestone."""
    return pairs_of(measure.column(data, people, "baseline"), measure.column(data, people, milestone))


def tells_of_others(completers: int, everyone: int) -> bool:
    """Whether those who did not complete are 1 to 4: everyone less the completers would be their figure."""
    return 0 < everyone - completers < SMALLEST_SHOWN


def row(
    data: Data,
    groups: Sequence[Group],
    measure: Measure,
    milestone: str,
    counts: tuple[Counter[Pair], int],
    *,
    completers: bool,
    shares: bool,
) -> ChangeRow:
    label = data.milestones.get(milestone, milestone)
    said = about(groups, f"From before the start to “{label}”", COMPLETED if completers else STARTED)
    counted: tuple[Shares, ...] = ()
    if shares and not completers and not measure.wording.in_house:
        held = meaningful_of(measure.instrument, *counts, in_house=measure.wording.in_house, about=said)
        counted = tuple(
            hidden(each) for each in (held.minimal, held.minimal_percent, held.reliable) if each is not None
        )
    change = change_of(*counts, higher_is_better=measure.better_up, about=said)
    return ChangeRow(measure, milestone, label, change, effect_of(change, about=said), counted)


def hidden(found: ChangeShares) -> Shares:
    """The three counts, of which the total is always shown. What must go with a small number is first the unclear."""
    counts = {"unclear": found.unclear.count, "worse": found.worse.count, "improved": found.improved.count}
    covered = {name for name, count in counts.items() if count < SMALLEST_SHOWN}
    for name in counts:
        if covered and too_plain([counts[each] for each in covered]):
            covered.add(name)
    cells = {name: None if name in covered else count for name, count in counts.items()}
    return Shares(found, **cells)
