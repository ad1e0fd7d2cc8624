"""Numbers of groups within quarters within a service, hidden so that no sum gives a small one away.

A group's numbers are shown on the service's page, on its quarter's report and on its own: everywhere the same ones.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from backtolife.reporting.suppression import SMALLEST_SHOWN, suppress, too_plain


@dataclass(frozen=True, slots=True)
class Column:
    """One number of every group, of every quarter, and of all, as far as they may be shown: None is hidden."""

    groups: Mapping[str, int | None]
    quarters: Mapping[str, int | None]
    total: int | None
    sum: int
    """The total whether or not it may be shown."""

    @property
    def hidden(self) -> frozenset[str]:
        return frozenset(name for name, count in self.groups.items() if count is None)


def column(counts: Mapping[str, int], quarter: Mapping[str, str], forced: Collection[str] = ()) -> Column:
    """What may be shown of `counts` (by group), given each group's `quarter`. Groups in `forced` are hidden anyhow."""
    inside: dict[str, list[str]] = {}
    for group in counts:
        inside.setdefault(quarter[group], []).append(group)
    hidden: set[str] = set()
    closed: set[str] = set()
    for name, groups in inside.items():
        shown = suppress([counts[group] for group in groups], {groups.index(each) for each in groups if each in forced})
        hidden |= {group for group, cell in zip(groups, shown.cells, strict=True) if cell is None}
        if shown.total is None:
            closed.add(name)
    names = list(inside)
    sums = [sum(counts[group] for group in inside[name]) for name in names]
    above = suppress(sums, {names.index(name) for name in closed})
    covered = {name for name, cell in zip(names, above.cells, strict=True) if cell is None}
    for name in covered:
        hidden |= enough_to_cover(inside[name], counts, hidden)
    return Column(
        groups={group: None if group in hidden else count for group, count in counts.items()},
        quarters={name: None if name in covered else total for name, total in zip(names, sums, strict=True)},
        total=above.total,
        sum=sum(sums),
    )


def together(batches: Iterable[Column]) -> Column:
    """The columns of batches as one. A quarter is hidden where a batch hides its part of it.

    The total is shown from 5 on: batches are made so that it never grows by 1 to 4.
    """
    groups: dict[str, int | None] = {}
    quarters: dict[str, int | None] = {}
    total = 0
    for each in batches:
        groups.update(each.groups)
        for name, count in each.quarters.items():
            before = quarters.get(name, 0)
            quarters[name] = None if before is None or count is None else before + count
        total += each.sum
    return Column(groups, quarters, total if total >= SMALLEST_SHOWN else None, total)


def enough_to_cover(groups: Sequence[str], counts: Mapping[str, int], hidden: Collection[str]) -> set[str]:
    """The smallest groups that must be hidden with `hidden` so that a hidden quarter cannot be added up again."""
    own = {group for group in groups if group in hidden}
    for group in sorted((each for each in groups if each not in own), key=lambda each: (counts[each], each)):
        if own and not (too_plain([counts[each] for each in own]) and len(groups) > 1):
            break
        own.add(group)
    return own
