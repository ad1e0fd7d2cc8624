"""Everything the page shows at once, as equations: no hidden number can be worked out, nor known to be under 5."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from scipy.optimize import linprog

from backtolife.reporting.analysis.service.breakdown import Rounded
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.figures.by_group import count_of
from backtolife.reporting.figures.evidence import Evidence, evidence
from backtolife.reporting.figures.scope import members_of
from backtolife.reporting.figures.walks import walks
from backtolife.reporting.suppression import SMALLEST_SHOWN
from tests.reporting.conftest import Simulated
from tests.reporting.growing import reports_over_time
from tests.support.reporting.evidence import SERVICE

LARGE = 1000


@dataclass
class Onlooker:
    """Somebody who writes down every number of the page and what it is the sum of."""

    names: dict[object, int] = field(default_factory=dict)
    equal: list[tuple[dict[int, float], float]] = field(default_factory=list)
    at_most: list[dict[int, float]] = field(default_factory=list)
    hidden: list[object] = field(default_factory=list)
    between: list[tuple[int, int, int]] = field(default_factory=list)

    def number(self, name: object, shown: int | None) -> None:
        place = self.names.setdefault(name, len(self.names))
        if shown is None:
            self.hidden.append(name)
        else:
            self.equal.append(({place: 1.0}, float(shown)))

    def rounded(self, name: object, cell: Rounded) -> None:
        """A number of which only the nearest 5 is told, or that it is under 5, or nothing."""
        place = self.names.setdefault(name, len(self.names))
        if cell.count is None and not cell.under_5:
            return
        low, high = (0, 4) if cell.count is None else (max(cell.count - 2, 5), cell.count + 2)
        self.between.append((place, low, high))

    def adds_up(self, parts: list[object], whole: object) -> None:
        row = {self.names[each]: 1.0 for each in parts}
        row[self.names[whole]] = row.get(self.names[whole], 0.0) - 1.0
        self.equal.append((row, 0.0))

    def falls(self, after: object, before: object) -> None:
        self.at_most.append({self.names[after]: 1.0, self.names[before]: -1.0})

    def range_of(self, name: object) -> tuple[float, float]:
        left = np.zeros((len(self.equal), len(self.names)))
        right = np.array([total for _, total in self.equal])
        below = np.zeros((len(self.at_most), len(self.names)))
        for table, rows in ((left, [row for row, _ in self.equal]), (below, self.at_most)):
            for number, row in enumerate(rows):
                for place, factor in row.items():
                    table[number, place] = factor
        bounds: list[tuple[int, int]] = [(0, LARGE)] * len(self.names)
        for place, low, high in self.between:
            bounds[place] = (low, high)
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(self.names))
            goal[self.names[name]] = sign
            zeros = np.zeros(len(self.at_most))
            found = linprog(goal, A_ub=below, b_ub=zeros, A_eq=left, b_eq=right, bounds=bounds, method="highs")
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        return ends[0], ends[1]


def looked_at(found: Evidence) -> Onlooker:
    """Every count of the page: funnel, groups, quarters and every trait, with what they have in common."""
    seen = Onlooker()
    table = found.parts
    for step in range(len(table.columns)):
        total = ("all", step)
        seen.number(total, table.all.cells[step])
        for row in (*table.groups, *table.quarters):
            seen.number((row.id, step), row.cells[step])
            if 0 < step < 4:
                seen.falls((row.id, step), (row.id, step - 1))
            elif step == 4:
                seen.falls((row.id, 4), (row.id, 1))
                seen.falls((row.id, 3), (row.id, 4))
        inside: dict[str, list[object]] = {}
        for group in found.groups:
            inside.setdefault(group.quarter, []).append((group.id, step))
        for quarter, groups in inside.items():
            seen.adds_up(groups, (quarter, step))
        seen.adds_up([(quarter, step) for quarter in inside], total)
    if found.computed is None:
        return seen
    for each in found.computed.fairness:
        for step in range(4):
            names: list[object] = [(each.trait.id, row.name, step) for row in each.table.rows]
            for name, row in zip(names, each.table.rows, strict=True):
                seen.rounded(name, row.cells[step])
                if step:
                    seen.falls(name, (each.trait.id, row.name, step - 1))
            seen.adds_up(names, ("all", step))
    return seen


def truth(data: Data, found: Evidence) -> Iterator[str]:
    """What is wrong with a page: a hidden number that can be worked out, or that must be under 5."""
    seen = looked_at(found)
    for name in dict.fromkeys(seen.hidden):
        low, high = seen.range_of(name)
        if found.parts.all.cells[name[-1]] is None:  # type: ignore[index]
            continue  # The whole service has fewer than 5: everyone can see that.
        if high - low < 0.5:
            yield f"{name} can be worked out: {low:.0f}"
        elif high < SMALLEST_SHOWN:
            yield f"{name} is known to be under 5"

    for trait in found.computed.fairness if found.computed else ():
        if len(trait.table.rows) == 1:
            continue  # It is everyone.
        for row in trait.table.rows:
            for step in range(4):
                low, high = seen.range_of((trait.trait.id, row.name, step))
                if high < SMALLEST_SHOWN and high - low < 0.5 and high > 0.5:
                    yield f"{row.name} at step {step} is exactly {low:.0f}"


def looked_at_over_time(reports: Sequence[Evidence]) -> Onlooker:
    """The same of several reports, one after the other. A group's numbers stay as they are; sums and traits grow."""
    seen = Onlooker()
    for time, found in enumerate(reports):
        for row in found.parts.groups:
            for step, cell in enumerate(row.cells):
                seen.number((row.id, step), cell)
                if step:
                    seen.falls((row.id, step), (row.id, 1 if step == 4 else step - 1))
            seen.falls((row.id, 3), (row.id, 4))
        for step in range(5):
            seen.number((time, "all", step), found.parts.all.cells[step])
            seen.adds_up([(group.id, step) for group in found.groups], (time, "all", step))
            for quarter in found.parts.quarters:
                seen.number((time, quarter.id, step), quarter.cells[step])
                inside = [(group.id, step) for group in found.groups if group.quarter == quarter.id]
                seen.adds_up(list(inside), (time, quarter.id, step))
    return seen


@pytest.mark.parametrize("seed", range(12))
def test_no_small_number_of_a_group_comes_back_from_all_reports_together(seed: int) -> None:
    dice = random.Random(seed)
    sizes = [dice.choice((3, 5, 7, 9, 12)) for _ in range(dice.randint(3, 7))]
    *_, last = reports_over_time(sizes, seed)
    reports = [evidence(data, SERVICE) for data in reports_over_time(sizes, seed)]
    seen = looked_at_over_time([each for each in reports if each.groups])
    people = {group.id: walks(members_of(last, [group]), reports[-1].measure) for group in last.groups}
    for row in reports[-1].parts.groups:
        for step, true in enumerate(count_of(people[row.id])):
            if 0 < true < SMALLEST_SHOWN:
                low, high = seen.range_of((row.id, step))
                assert high - low > 0.5, f"{row.name} at step {step} is {low:.0f}"
                assert high >= SMALLEST_SHOWN, f"{row.name} at step {step} is under 5"


def test_nothing_of_the_simulated_service_can_be_worked_out(simulated: Simulated) -> None:
    assert list(truth(simulated.data, evidence(simulated.data, SERVICE))) == []


@pytest.mark.parametrize("seed", range(6))
def test_nothing_of_other_services_can_be_worked_out(simulated: Simulated, seed: int) -> None:
    dice = random.Random(seed)
    kept = tuple(member for member in simulated.data.members if dice.random() < dice.choice((0.35, 0.6, 0.9)))
    data = replace(simulated.data, members=kept)
    assert list(truth(data, evidence(data, SERVICE))) == []
