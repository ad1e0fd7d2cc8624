"""Which numbers of groups, quarters and all are hidden, so that no sum gives a small one away."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tests.reporting.recompute.words import covered, too_plain


@dataclass(frozen=True)
class Column:
    """The names of the groups and quarters whose number is hidden, and whether that of all is."""

    groups: frozenset[str]
    quarters: frozenset[str]
    all: bool


def column(counts: Mapping[str, int], quarters: Mapping[str, list[str]], also: Collection[str]) -> Column:
    """Of the number of each group, given the groups of each quarter. Those in `also` are hidden anyhow."""
    hidden, closed = set[str](), set[str]()
    for name, groups in quarters.items():
        places = covered([counts[group] for group in groups], [groups.index(each) for each in groups if each in also])
        hidden |= {groups[place] for place in places}
        if gives_away([counts[group] for group in groups], places):
            closed.add(name)
    names = list(quarters)
    sums = [sum(counts[group] for group in quarters[name]) for name in names]
    above = covered(sums, [names.index(name) for name in closed])
    for place in above:
        hidden |= shade(quarters[names[place]], counts, hidden)
    return Column(frozenset(hidden), frozenset(names[place] for place in above), gives_away(sums, above))


def gives_away(counts: list[int], places: Collection[int]) -> bool:
    """Whether the total must be hidden too."""
    return sum(counts) < 5 or (len(places) > 0 and too_plain([counts[place] for place in places]))


def shade(groups: list[str], counts: Mapping[str, int], hidden: Collection[str]) -> set[str]:
    """The smallest groups of a hidden quarter that must go with those hidden already."""
    own = {group for group in groups if group in hidden}
    for group in sorted((each for each in groups if each not in own), key=lambda each: counts[each]):
        if own and not (too_plain([counts[each] for each in own]) and len(groups) > 1):
            break
        own.add(group)
    return own
