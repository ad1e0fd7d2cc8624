"""Who starts and who stays, by who people are; and how those measured fared."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from backtolife.people.details.traits import TRAITS, Trait
from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, basis
from backtolife.reporting.analysis.change.paired import paired_change
from backtolife.reporting.analysis.service.breakdown import Breakdown, breakdown
from backtolife.reporting.dataset.shape import Group
from backtolife.reporting.figures.batches import Batch, Batches
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.steps import FAIR, WINDOW
from backtolife.reporting.figures.walks import Walk, counts_of
from backtolife.reporting.people_counted import Counts, released
from backtolife.reporting.suppression import SMALLEST_SHOWN

NOT_SAID_WORDS = "Not said"
MEANS_HOW = "Mean gains are of those measured, in batches of at least 5 in every row that was shown before."


@dataclass(frozen=True, slots=True)
class MeanOf:
    """The mean improvement of the measured people in one row; None where it may not be told, or no two are there."""

    improvement: float | None = None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Fairness:
    """One trait: who took each step, and how those measured fared."""

    trait: Trait
    table: Breakdown
    means: tuple[MeanOf, ...] = ()
    """In the order of the rows; the last is everyone. Empty where none may be told."""
    measured: Basis | None = None
    """Of how many the means are."""


def fairness(batches: Batches) -> list[Fairness]:
    """Every trait that somebody has told us. Means need the statistics libraries."""
    found = tables(batches)
    if batches.leading is None:
        return found
    measured = {key: [walk for walk in here if walk.flags[-1]] for key, here in batches.walks.items()}
    inside = batches.completers(batches.leading).batches
    return [with_means(each, batches, batches.leading, inside, measured) for each in found]


def tables(batches: Batches) -> list[Fairness]:
    """The same without means."""
    groups = batches.steps.parts
    everyone = batches.walks_of(groups)
    said = batches.about(groups, WINDOW, "Everyone offered a place")
    told = [trait for trait in TRAITS if any(each.member.traits.get(trait.id, "") for each in everyone)]
    return [Fairness(trait, table_of(trait, everyone, said)) for trait in told]


def table_of(trait: Trait, everyone: Sequence[Walk], said: About) -> Breakdown:
    rows = {name: counts_of(people) for name, people in by_answer(trait, everyone).items() if people}
    return breakdown(FAIR, rows, about=said)


def by_answer(trait: Trait, people: Iterable[Walk]) -> dict[str, list[Walk]]:
    """The people by what they said, in words; every answer there can be has a place."""
    found: dict[str, list[Walk]] = {name: [] for name in (*trait.options.values(), NOT_SAID_WORDS)}
    for walk in people:
        found[answer_of(trait, walk)].append(walk)
    return found


def answer_of(trait: Trait, walk: Walk) -> str:
    """What somebody said, in words."""
    return trait.options.get(walk.member.traits.get(trait.id, ""), NOT_SAID_WORDS)


def with_means(
    found: Fairness,
    batches: Batches,
    measure: Measure,
    inside: Sequence[Batch],
    measured: Mapping[str, Sequence[Walk]],
) -> Fairness:
    """With the mean of each row that may be told and of which the count is shown.

    `measured` are those measured, by group, and `inside` the batches of them and of those who did not complete.
    """
    answers = list(by_answer(found.trait, ()))

    def counts(groups: Sequence[Group]) -> Counts:
        given = Counter(answer_of(found.trait, walk) for group in groups for walk in measured.get(group.id, ()))
        return [[given[answer] for answer in answers]]

    release = released(inside, counts)
    everyone = [walk for group in release.parts for walk in measured.get(group.id, ())]
    if len(everyone) < SMALLEST_SHOWN:
        return found
    said = batches.about(release.parts, WINDOW, "Everyone offered a place")
    rows = by_answer(found.trait, everyone)
    told = {answer for cell, answer in enumerate(answers) if release.tells(0, cell)}
    means = [
        mean_of(rows[row.name], measure, said) if row.name in told and row.cells[-1].count is not None else MeanOf()
        for row in found.table.rows
    ]
    offered = len(batches.walks_of(release.parts))
    held = basis(said, len(everyone), offered, MEANS_HOW)
    return replace(found, means=(*means, mean_of(everyone, measure, said)), measured=held)


def mean_of(people: Sequence[Walk], measure: Measure, said: About) -> MeanOf:
    before, after = [each.before for each in people], [each.after for each in people]
    groups = [each.member.group for each in people]
    found = paired_change(before, after, higher_is_better=measure.better_up, about=said, groups=groups)
    return MeanOf(found.improvement, found.interval)
