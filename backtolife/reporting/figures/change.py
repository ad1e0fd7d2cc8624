"""How far people have moved on each measure: everyone who started first, completers second."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basics.basis import About, Pair, pairs_of
from backtolife.reporting.analysis.change.cluster_robust import Cluster, clusters_of
from backtolife.reporting.analysis.change.effects import StandardisedEffect, effect_of
from backtolife.reporting.analysis.change.paired import PairedChange, change_of, gains_of
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.measures import Measure, measures_of
from backtolife.reporting.figures.scope import completed, starters
from backtolife.reporting.figures.shares import Shares, shares_of
from backtolife.reporting.suppression import SMALLEST_SHOWN

STARTED = "Everyone who came to a session"
COMPLETED = "Everyone who completed"


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


def changes(batches: Batches, milestone: str, *, completers: bool = False, shares: bool = True) -> list[ChangeRow]:
    """Every measure with enough people at `milestone`, over groups whose questions there are closed.

    Completers are counted in batches with as many others: everyone less the completers would be the others' figure.
    """
    found = []
    for measure in measures_of(batches.data):
        if batches.pairs(measure, batches.data.groups, milestone) < SMALLEST_SHOWN:
            continue
        groups = (batches.completers(measure) if completers else batches.both(measure, milestone)).parts
        if batches.pairs(measure, groups, milestone, whole=completers) < SMALLEST_SHOWN:
            continue
        label = batches.data.milestones.get(milestone, milestone)
        population = COMPLETED if completers else STARTED
        window = f"From before the start to “{label}”"
        said = batches.about(groups, window, population, milestone)
        change = change_in(batches.data, groups, measure, milestone, said, completers=completers)
        counted = shares_of(batches, measure, window, population) if shares and not completers else ()
        found.append(ChangeRow(measure, milestone, label, change, effect_of(change, about=said), counted))
    return found


def change_in(
    data: Data, groups: Sequence[Group], measure: Measure, milestone: str, said: About, *, completers: bool
) -> PairedChange:
    """The change of those who came, or of the completers among them."""
    people = [each for each in starters(data, groups) if not completers or completed(data.members[each])]
    return change_of(
        paired(data, measure, people, milestone),
        len(people),
        higher_is_better=measure.better_up,
        about=said,
        clusters=clusters(data, measure, people, milestone),
    )


def paired(data: Data, measure: Measure, people: Sequence[int], milestone: str) -> Counter[Pair]:
    """The pairs of scores at the start and the milestone."""
    return pairs_of(measure.column(data, people, "baseline"), measure.column(data, people, milestone))


def clusters(data: Data, measure: Measure, people: Sequence[int], milestone: str) -> list[Cluster]:
    """The groups of those who have both scores."""
    before, after = (measure.column(data, people, each) for each in ("baseline", milestone))
    return clusters_of(gains_of(before, after, measure.better_up), [data.members[place].group for place in people])
