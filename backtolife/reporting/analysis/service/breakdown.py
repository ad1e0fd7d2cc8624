"""Who took each step, by equality group, in rounded numbers from which nobody can be known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import About, Basis, basis
from backtolife.reporting.suppression import SMALLEST_SHOWN

STEP = 5
"""Numbers are shown to the nearest so many."""
HOW = (
    "Each person is counted at every step they reached, in the group they gave. Numbers are rounded to the nearest 5, "
    "and shares are worked out from the rounded numbers and rounded too, so that nobody can be identified from them, "
    "nor from two reports that differ by a few people. “Under 5” stands for 0 to 4."
)


@dataclass(frozen=True, slots=True)
class Rounded:
    """`count` is to the nearest 5. Where it is None the number is `under_5`, or else not shown at all: with the true
    total it would give a smaller one away. `percent`, to the nearest 5, is the share of the step before, where both
    are shown.
    """

    count: int | None
    under_5: bool
    percent: int | None


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: tuple[Rounded, ...]


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
    totals = [sum(column) for column in zip(*table, strict=True)]
    shown = zip(groups.items(), left_out(table), strict=True)
    return Breakdown(
        basis=basis(about, totals[-1], totals[0], HOW),
        steps=tuple(steps),
        rows=tuple(row_of(name, counts, out) for (name, counts), out in shown),
        everyone=row_of("Everyone", totals, [False] * len(totals)),
    )


def rounded(count: int) -> int | None:
    """To the nearest 5; None below 5."""
    return None if count < SMALLEST_SHOWN else nearest(count)


def nearest(count: int) -> int:
    """To the nearest 5."""
    return STEP * ((count + STEP // 2) // STEP)


def row_of(name: str, counts: Sequence[int], left_out: Sequence[bool]) -> Row:
    shown = [None if out else rounded(count) for count, out in zip(counts, left_out, strict=True)]
    cells = []
    for place, each in enumerate(shown):
        before = shown[place - 1] if place else None
        cells.append(Rounded(each, not left_out[place] and counts[place] < SMALLEST_SHOWN, share_of(each, before)))
    return Row(name, tuple(cells))


def left_out(table: Sequence[Sequence[int]]) -> list[list[bool]]:
    """Which cells are not shown at all: the largest of a column while its true total, which the page shows elsewhere,
    pins down a number under 5 in it. One row alone is everyone, and no secret.
    """
    out = [[False] * len(row) for row in table]
    while len(table) > 1 and (told := first_told(table, out)) is not None:
        step = told[1]
        shown = [row for row in range(len(table)) if not out[row][step] and table[row][step] >= SMALLEST_SHOWN]
        more = [row for row in range(len(table)) if not out[row][step] and table[row][step] > 0]
        if not shown and not more:
            break
        out[max(shown or more, key=lambda row: table[row][step])][step] = True
    return out


def first_told(table: Sequence[Sequence[int]], out: Sequence[Sequence[bool]]) -> tuple[int, int] | None:
    """The first number from 1 to 4, as row and step, of which a reader could tell the value."""
    low, high = reaches(table, out)
    for row, counts in enumerate(table):
        for step, count in enumerate(counts):
            if 0 < count < SMALLEST_SHOWN and low[row][step] == high[row][step]:
                return row, step
    return None


def reaches(table: Sequence[Sequence[int]], out: Sequence[Sequence[bool]]) -> tuple[list[list[int]], list[list[int]]]:
    """The least and the most each number can be: by how it is shown, by the totals, and because steps only fall."""
    totals = [sum(column) for column in zip(*table, strict=True)]
    ends = [
        [(0, total) if left else reach_of(count) for count, left, total in zip(row, lefts, totals, strict=True)]
        for row, lefts in zip(table, out, strict=True)
    ]
    low, high = [[one for one, _ in row] for row in ends], [[two for _, two in row] for row in ends]
    for _ in range(len(table) * len(totals)):
        for row in range(len(table)):
            for step in range(len(totals)):
                others = [other for other in range(len(table)) if other != row]
                before = high[row][step - 1] if step else totals[0]
                after = low[row][step + 1] if step + 1 < len(totals) else 0
                most = totals[step] - sum(low[other][step] for other in others)
                least = totals[step] - sum(high[other][step] for other in others)
                high[row][step] = min(high[row][step], most, before)
                low[row][step] = max(low[row][step], least, after)
    return low, high


def reach_of(count: int) -> tuple[int, int]:
    """The least and the most a count can be, told as it is shown."""
    shown = rounded(count)
    return (0, SMALLEST_SHOWN - 1) if shown is None else (max(shown - STEP // 2, SMALLEST_SHOWN), shown + STEP // 2)


def share_of(count: int | None, before: int | None) -> int | None:
    """Per cent to the nearest 5, halves up."""
    if count is None or before is None:
        return None
    return STEP * ((2 * 100 * count + STEP * before) // (2 * STEP * before))
