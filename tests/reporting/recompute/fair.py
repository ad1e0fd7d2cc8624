"""Who starts and who stays, by who people are; what would give a small number away is found by linear programming."""

from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np
from scipy import optimize

from tests.reporting.recompute.rows import Row, led, steps_of, took
from tests.reporting.recompute.words import HIDDEN, NONE, Table, around, percent, shown

HEAD = [
    "Group", "Offered", "Came", "Came, %", "Came to 6 or more", "Stayed, %", "Measured", "Measured, %",
]  # fmt: skip
NOT_SAID = ("not_said", "Not said")
TRAITS = {
    "Age": ("age", {"16_34": "16 to 34", "35_49": "35 to 49", "50_64": "50 to 64", "65_up": "65 or over"}),
    "Sex": ("sex", {"female": "Female", "male": "Male", "another": "I use another word"}),
    "Ethnic group": (
        "ethnic_group",
        {
            "asian": "Asian or Asian British",
            "black": "Black or Black British",
            "mixed": "Mixed or more than one",
            "white": "White",
            "other": "Another ethnic group",
        },
    ),
    "Help with language": (
        "support",
        {"none": "No", "interpreter": "Yes, someone who interprets", "bsl": "Yes, British Sign Language"},
    ),
}
Cell = tuple[int, int]
"""Row and step."""
Number = tuple[str, Cell]
"""How many "reached" a step, or were "lost" just before it."""


def fairness(rows: list[Row]) -> dict[str, Table]:
    return {caption: by_trait(rows, *trait) for caption, trait in TRAITS.items()}


def by_trait(rows: list[Row], key: str, options: dict[str, str]) -> Table:
    told = {name: [row for row in rows if (row[key] or NOT_SAID[0]) == value] for value, name in named(options)}
    counts = {name: steps_of(people) for name, people in told.items() if people}
    secret = Secret(list(counts.values())).hidden()
    lines = {**counts, "Everyone": steps_of(rows)}
    table = [HEAD, *([name, *cells(place, line, secret)] for place, (name, line) in enumerate(lines.items()))]
    if not means_are_safe(rows):
        return table
    means = ("Mean gain (95% interval)", *(mean(line, told.get(line[0], rows)) for line in table[1:]))
    return [[*line, mean] for line, mean in zip(table, means, strict=True)]


def named(options: dict[str, str]) -> list[tuple[str, str]]:
    return [*options.items(), NOT_SAID]


def cells(row: int, counts: list[int], hidden: set[Cell]) -> list[str]:
    """Counts, and from the second on the share of the step before, where both are shown."""
    found = []
    for step, count in enumerate(counts):
        own, before = (row, step) in hidden, (row, step - 1) in hidden
        found.append(HIDDEN if own else str(count))
        if step:
            found.append(HIDDEN if own or before else percent(count, counts[step - 1]))
    return found


def mean(line: list[str], people: list[Row]) -> str:
    """The mean gain of those measured, where their number is shown."""
    gains = [gain for row, gain in led(people) if took(row)["measured"]]
    return NONE if line[6] == HIDDEN else f"{shown(fmean(gains))} ({around(gains)})"


def means_are_safe(rows: list[Row]) -> bool:
    """Whether mean gains may stand in these tables: not where 1 to 4 with both scores are not among those measured."""
    return not 0 < len(led(rows)) - steps_of(rows)[-1] < 5


@dataclass(frozen=True)
class Secret:
    """Groups by steps, each step reached by no more people than the one before. Everyone's row is their sum."""

    table: list[list[int]]

    @property
    def inside(self) -> list[Cell]:
        return [(row, step) for row, counts in enumerate(self.table) for step in range(len(counts))]

    @cached_property
    def small_totals(self) -> set[Cell]:
        totals = (sum(column) for column in zip(*self.table, strict=True))
        return {(len(self.table), step) for step, total in enumerate(totals) if total < 5}

    def hidden(self) -> set[Cell]:
        """Numbers under 5, then the smallest others until no hidden one, and no loss under 5, can be told."""
        hidden = self.small_totals | {cell for cell in self.inside if self.at(cell) < 5}
        guarded: list[Number] = []
        for row, step in self.inside:
            guarded += [("reached", (row, step))] if (row, step) in hidden else []
            guarded += [("lost", (row, step))] if step and self.at((row, step - 1)) - self.at((row, step)) < 5 else []
        for number in guarded:
            while self.told(number, hidden):
                more = self.next(number, hidden)
                hidden.add(more)
                guarded.append(("reached", more))
        return hidden

    def at(self, cell: Cell) -> int:
        return self.table[cell[0]][cell[1]]

    def next(self, number: Number, hidden: set[Cell]) -> Cell:
        """For a loss with both its numbers shown, the later one; else the smallest at that step, then in that row."""
        kind, (row, step) = number
        if kind == "lost" and not hidden & {(row, step), (row, step - 1)}:
            return row, step
        left = [cell for cell in self.inside if cell not in hidden]
        near = [cell for cell in left if cell[1] == step] or [cell for cell in left if cell[0] == row] or left
        return min(near, key=lambda cell: (self.at(cell), cell))

    def told(self, number: Number, hidden: set[Cell]) -> bool:
        """Whether it can be worked out, or known to be under 5, and would not be if all groups' numbers were hidden."""
        low, high = self.range(number, hidden)
        if low < high and high >= 5:
            return False
        least, most = self.range(number, self.small_totals | set(self.inside))
        return (low == high and least < most) or (high < 5 <= most)

    def range(self, number: Number, hidden: set[Cell]) -> tuple[int, int]:
        """The least and the most it can be, given every number that is shown."""
        kind, (row, step) = number
        goal = self.one((row, step)) if kind == "reached" else self.one((row, step - 1)) - self.one((row, step))
        seen = [cell for cell in self.inside if cell not in hidden]
        sums = [step for step in range(len(self.table[0])) if (len(self.table), step) not in hidden]
        same = np.array([*(self.one(cell) for cell in seen), *(self.column(step) for step in sums)])
        whole = np.array(self.table).ravel()
        falling = np.array([self.one((row, step)) - self.one((row, step - 1)) for row, step in self.inside if step])
        ends = [
            optimize.linprog(sign * goal, falling, np.zeros(len(falling)), same, same @ whole, bounds=(0, None))
            for sign in (1, -1)
        ]
        assert all(each.status in (0, 3) for each in ends), [each.message for each in ends]
        low, high = (each.fun if each.status == 0 else -np.inf for each in ends)
        return round(low), 10**9 if high == -np.inf else round(-high)

    def one(self, cell: Cell) -> np.ndarray:
        found = np.zeros((len(self.table), len(self.table[0])))
        found[cell] = 1
        return found.ravel()

    def column(self, step: int) -> np.ndarray:
        found = np.zeros((len(self.table), len(self.table[0])))
        found[:, step] = 1
        return found.ravel()
