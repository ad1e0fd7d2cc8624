"""Which groups each table counts, so that two reports laid side by side tell of nobody.

All tables add whole batches of groups (`reporting.release`). The first are batches of who was offered a place, said
yes, came and stayed. Every other table joins these to larger ones of its own, so that the same number in two tables
also differs by nobody or by a batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, takewhile
from operator import attrgetter

from backtolife.reporting.analysis.basics.basis import About
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.measures import Measure, leading
from backtolife.reporting.figures.scope import about, completed, ended_groups, members_of, places_of
from backtolife.reporting.figures.walks import Walk, walks
from backtolife.reporting.people_counted import Counts, Release, released

Batch = tuple[Group, ...]
NOBODY = (0, 0)


@dataclass(frozen=True)
class Batches:
    """The batches of one service's tables. `waves` are those that all others are made of."""

    data: Data
    waves: tuple[Batch, ...]
    kept: dict[tuple[str, str], Release[Group]] = field(default_factory=dict)
    """What was worked out before, by measure and milestone; so too `counted_pairs`."""
    counted_pairs: dict[tuple[str, str], dict[str, Sequence[int]]] = field(default_factory=dict)

    @cached_property
    def leading(self) -> Measure | None:
        """The measure whose change is set beside attendance, groups and who people are."""
        return leading(self.data, members_of(self.data, joined(self.waves)))

    @cached_property
    def steps(self) -> Release[Group]:
        """Of who was measured by the leading measure: the groups that the steps and the rows of groups show."""
        measure = self.leading
        if measure is None:
            return released(self.waves, lambda _: [(0,)])
        return released(self.both(measure).batches, lambda groups: [(self.pairs(measure, groups, whole=True),)])

    @cached_property
    def counted(self) -> list[Group]:
        """The groups that the steps show, in the order in which they began."""
        shown = {group.id for group in self.steps.parts}
        return [group for group in self.data.groups if group.id in shown]

    @cached_property
    def walks(self) -> Mapping[str, Sequence[Walk]]:
        """Everybody's way, by group."""
        inside = self.data.inside.items()
        return {group: walks((self.data.members[each] for each in places), self.leading) for group, places in inside}

    def walks_of(self, groups: Iterable[Group]) -> list[Walk]:
        return [walk for group in groups for walk in self.walks.get(group.id, ())]

    def both(self, measure: Measure, milestone: str = "end") -> Release[Group]:
        """Of those who came and gave the measure at the start and at the milestone."""
        found = self.kept.get((measure.key, milestone))
        if found is None:
            found = released(self.closed(milestone), lambda groups: [(self.pairs(measure, groups, milestone),)])
            self.kept[measure.key, milestone] = found
        return found

    def completers(self, measure: Measure) -> Release[Group]:
        """Of those among them who completed, and of the others."""

        def counts(groups: Sequence[Group]) -> Counts:
            stayed = self.pairs(measure, groups, whole=True)
            return [(stayed,), (self.pairs(measure, groups) - stayed,)]

        # Of the leading measure, these are those measured in the steps.
        same = self.leading is not None and measure.key == self.leading.key
        return released((self.steps if same else self.both(measure)).batches, counts)

    def closed(self, milestone: str) -> tuple[Batch, ...]:
        """The first waves all of whose groups are asked no more at the milestone."""
        return tuple(takewhile(lambda wave: all(milestone in group.closed for group in wave), self.waves))

    def pairs(self, measure: Measure, groups: Sequence[Group], milestone: str = "end", *, whole: bool = False) -> int:
        """How many came (`whole`: and completed) and have both scores."""
        counted = self.counted_pairs.get((measure.key, milestone))
        if counted is None:
            counted = self.counted_pairs[measure.key, milestone] = pairs_by_group(self.data, measure, milestone)
        return sum([counted.get(group.id, NOBODY)[whole] for group in groups])

    def about(self, groups: Sequence[Group], window: str, population: str, milestone: str = "end") -> About:
        """The window with the groups it covers, and how many wait that are asked no more."""
        over = sum(milestone in group.closed for group in ended_groups(self.data))
        return about(groups, window, population, over - len(groups))


def batches_of(data: Data) -> Batches:
    """The waves of a service, of groups in the order in which they ended. Those of one day come together."""
    ended = sorted(ended_groups(data), key=attrgetter("ended_on"))
    days = [tuple(groups) for _, groups in groupby(ended, key=attrgetter("ended_on"))]
    return Batches(data, released(days, lambda groups: steps_of(data, groups)).batches)


def steps_of(data: Data, groups: Sequence[Group]) -> Counts:
    people = [data.members[place] for place in places_of(data, groups)]
    came = [each for each in people if each.started]
    return [
        (len(people),),
        (sum(each.said_yes for each in people),),
        (len(came),),
        (sum(map(completed, came)),),
    ]


def pairs_by_group(data: Data, measure: Measure, milestone: str) -> dict[str, Sequence[int]]:
    """By group how many came and have both scores, and how many of these completed."""
    found: dict[str, list[int]] = {}
    before, after = (data.columns.get((measure.key, each), ()) for each in ("baseline", milestone))
    # Where there is no score at all there is no column.
    for place, (one, two) in enumerate(zip(before, after, strict=False)):
        member = data.members[place]
        if one is not None and two is not None and member.started:
            both = found.setdefault(member.group, [0, 0])
            both[0] += 1
            both[1] += completed(member)
    return {**found}


def joined(batches: Sequence[Batch]) -> list[Group]:
    return [group for batch in batches for group in batch]
