"""Who took each step, by equality group, with small numbers hidden so that nobody can work them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basis import About, Basis, basis
from backtolife.reporting.analysis.proportion import HOW as SHARE_HOW
from backtolife.reporting.analysis.proportion import Share, share
from backtolife.reporting.analysis.protection import Cell, hidden_cells

HOW = (
    "Each person is counted at every step they reached, in the group they gave. Hidden is a number under 5, one that "
    "would show that fewer than 5 were lost at a step, and as many others as it takes that neither can be worked out "
    "from the numbers shown."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`count` None is hidden. `of_before`, the share of the step before, only where both are shown."""

    count: int | None
    of_before: Share | None


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One characteristic, such as sex or ethnic group. The steps are the columns; `everyone` is the last row."""

    basis: Basis
    steps: tuple[str, ...]
    rows: tuple[Row, ...]
    everyone: Row


def breakdown(steps: Sequence[str], groups: Mapping[str, Sequence[int]], *, about: About) -> Breakdown:
    """How many of each group reached each of `steps`, which may only fall from left to right.

    Everyone must be in one group only ("not said" is one). Raises Invalid otherwise, as far as numbers show it.
    """
    if not groups or not steps or any(len(counts) != len(steps) for counts in groups.values()):
        raise Invalid("Give each group one number for each step.")
    table = [list(counts) for counts in groups.values()]
    if any(min(counts) < 0 or sorted(counts, reverse=True) != counts for counts in table):
        raise Invalid("In each group a step must have no more people than the one before it.")
    hidden = hidden_cells(table)
    totals = [sum(column) for column in zip(*table, strict=True)]
    rows = [row_of(name, counts, place, hidden) for place, (name, counts) in enumerate(zip(groups, table, strict=True))]
    return Breakdown(
        basis=basis(about, totals[-1], totals[0], f"{HOW} {SHARE_HOW}"),
        steps=tuple(steps),
        rows=tuple(rows),
        everyone=row_of("Everyone", totals, len(table), hidden),
    )


def row_of(name: str, counts: Sequence[int], place: int, hidden: frozenset[Cell]) -> Row:
    cells = []
    for step, count in enumerate(counts):
        covered = (place, step) in hidden
        both = step > 0 and not covered and (place, step - 1) not in hidden
        cells.append(Shown(None if covered else count, share(count, counts[step - 1]) if both else None))
    return Row(name, tuple(cells))
