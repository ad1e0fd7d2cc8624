"""How many got better and worse by a published size of change, as far as that may be told."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from backtolife.reporting.analysis.basics.basis import Pair
from backtolife.reporting.analysis.change.meaningful import (
    ChangeShares,
    Direction,
    Kind,
    Ways,
    counted,
    directions,
    limits_of,
    tallied,
)
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.scope import starters
from backtolife.reporting.people_counted import Counts, Release, released, stands_apart


@dataclass(frozen=True, slots=True)
class Shares:
    """How many got better, worse or neither, by one size of change; a count of None is hidden."""

    found: ChangeShares
    improved: int | None
    worse: int | None
    unclear: int | None


@dataclass(frozen=True)
class Went:
    """The pairs of scores in each group from the start to the end, and which way each pair went."""

    groups: Mapping[str, Counter[Pair]]
    ways: Mapping[Pair, Ways]

    def pairs(self, groups: Sequence[Group]) -> Iterator[tuple[Pair, int]]:
        return chain.from_iterable(self.groups[group.id].items() for group in groups)

    def by(self, kind: Kind, groups: Sequence[Group]) -> Counter[Direction | None]:
        return tallied(self.pairs(groups), self.ways, kind)

    def counts(self, kind: Kind, groups: Sequence[Group]) -> Counts:
        """Better, worse and neither; and, apart from these, those who cannot be put against the size of change."""
        times = self.by(kind, groups)
        return [[times[each] for each in ("improved", "worse", "no_clear_change")], [times[None]]]

    def apart(self, one: Kind, other: Kind, way: Direction, groups: Sequence[Group]) -> int:
        """How many went that way by one of two sizes alone."""
        ways = self.ways
        return sum(n for pair, n in self.pairs(groups) if (ways[pair][one] == way) != (ways[pair][other] == way))


def shares_of(batches: Batches, measure: Measure, window: str, population: str) -> tuple[Shares, ...]:
    """By each size of change there is; none on in-house wording, which has no published one."""
    if measure.wording.in_house:
        return ()
    every = batches.both(measure)
    went = went_in(batches.data, measure, every.parts)
    found: list[Shares] = []
    for kind, limit in limits_of(measure.instrument).items():
        release = released(every.batches, partial(went.counts, kind))
        said = batches.about(release.parts, window, population)
        people = len(starters(batches.data, release.parts))
        held = counted(kind, limit, went.by(kind, release.parts), (said, people))
        found.append(hidden(held, went, release, [each.found.kind for each in found]))
    return tuple(found)


def went_in(data: Data, measure: Measure, groups: Sequence[Group]) -> Went:
    pairs: dict[str, Counter[Pair]] = {group.id: Counter() for group in groups}
    people = starters(data, groups)
    columns = [measure.column(data, people, each) for each in ("baseline", "end")]
    for place, before, after in zip(people, *columns, strict=True):
        if before is not None and after is not None:
            pairs[data.members[place].group][Pair(before, after)] += 1
    different = {pair for each in pairs.values() for pair in each}
    return Went(pairs, {pair: directions(measure.instrument, pair) for pair in different})


def hidden(found: ChangeShares, went: Went, release: Release[Group], before: Sequence[Kind]) -> Shares:
    """The counts that may be told, and stand apart from those by the sizes of change that are shown `before`."""

    def shown(cell: int, way: Direction, count: int) -> int | None:
        told = release.tells(0, cell) and all(
            stands_apart(went.apart(found.kind, other, way, batch) for batch in release.batches) for other in before
        )
        return count if told else None

    return Shares(
        found,
        improved=shown(0, "improved", found.improved.count),
        worse=shown(1, "worse", found.worse.count),
        unclear=found.unclear.count if release.tells(0, 2) else None,
    )
