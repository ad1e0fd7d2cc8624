"""Which numbers of a table of groups and steps must be hidden."""

from collections.abc import Collection, Mapping, Sequence

from backtolife.reporting.analysis.recoverable import Arc, possible
from backtolife.reporting.suppression import SMALLEST_SHOWN

Cell = tuple[int, int]
"""(row, step); the row after the last group is everyone."""
Table = Sequence[Sequence[int]]
Name = tuple[str, int, int]
"""("reached" or "lost", row, step): lost at a step is who reached the one before and not this one."""
Arcs = Mapping[Name, Arc]


def hidden_cells(table: Table) -> frozenset[Cell]:
    """The cells to hide. Rows are groups, columns steps that may only fall; everyone's row is the sum.

    Protected are all numbers under 5 and all losses under 5 of a group: nobody can tell that they are under 5, nor
    work any hidden number out, unless the row of everyone says so by itself. That row is public but for its own
    numbers under 5.
    """
    everyone = [sum(column) for column in zip(*table, strict=True)]
    rows, steps = range(len(table)), range(len(everyone))
    interior = {(row, step) for row in rows for step in steps}
    fixed = {(len(table), step) for step in steps if everyone[step] < SMALLEST_SHOWN}
    hidden = fixed | {(row, step) for row, step in interior if table[row][step] < SMALLEST_SHOWN}
    best = arcs_of(table, fixed | interior)
    waiting = [name for name in best if name[1] < len(table) and worth_hiding(table, hidden, name)]
    # Hiding more only widens what is possible, so what is protected once stays so.
    for name in waiting:
        while is_weak(arcs_of(table, hidden), best, name):
            cell = next_to_hide(table, hidden, name, interior)
            hidden.add(cell)
            waiting.append(("reached", *cell))
    return frozenset(hidden)


def worth_hiding(table: Table, hidden: Collection[Cell], name: Name) -> bool:
    kind, row, step = name
    if kind == "reached":
        return (row, step) in hidden
    return table[row][step - 1] - table[row][step] < SMALLEST_SHOWN


def is_weak(arcs: Arcs, best: Arcs, name: Name) -> bool:
    """Whether the number can be worked out, or known to be under 5, and hiding every group's numbers would help."""
    found = possible(arcs, name, enough=SMALLEST_SHOWN)
    exact, low = found.low == found.high, found.high < SMALLEST_SHOWN
    if not exact and not low:
        return False
    most = possible(best, name, enough=SMALLEST_SHOWN)
    return (exact and most.low < most.high) or (low and most.high >= SMALLEST_SHOWN)


def next_to_hide(table: Table, hidden: Collection[Cell], name: Name, interior: Collection[Cell]) -> Cell:
    """The smallest shown number at the same step, so that the most is left to read; else nearby, else any."""
    kind, row, step = name
    open_cells = [cell for cell in interior if cell not in hidden]
    if kind == "lost":
        own = [cell for cell in ((row, step), (row, step - 1)) if cell in open_cells]
        if len(own) == 2:
            return own[0]
    near = [cell for cell in open_cells if cell[1] == step] or [cell for cell in open_cells if cell[0] == row]
    return min(near or open_cells, key=lambda cell: (table[cell[0]][cell[1]], cell))


def arcs_of(table: Table, hidden: Collection[Cell]) -> dict[Name, Arc]:
    """The table as a circulation: down each group's steps, and back up everyone's."""
    everyone = [sum(column) for column in zip(*table, strict=True)]
    last = len(everyone) - 1
    arcs: dict[Name, Arc] = {}
    for row, counts in enumerate([*table, everyone]):
        up = row == len(table)
        for step, count in enumerate(counts):
            above = ("all", 0) if step == 0 else ("row", row, step - 1)
            below = ("all", last + 1) if step == last else ("row", row, step)
            start, end = (below, above) if up else (above, below)
            arcs["reached", row, step] = Arc(start, end, count, (row, step) not in hidden)
            if step:
                gone = ("lost", step)
                start, end = (gone, above) if up else (above, gone)
                # Nobody is shown a loss; it follows where both of its numbers are.
                arcs["lost", row, step] = Arc(start, end, counts[step - 1] - count, False)
    return arcs
