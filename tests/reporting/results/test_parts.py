"""No number that is hidden comes back from groups, quarters and the whole, whatever one adds up."""

import random

import pytest
from scipy.optimize import linprog

from backtolife.reporting.figures.parts import Column, column
from backtolife.reporting.suppression import SMALLEST_SHOWN


def possible(counts: dict[str, int], quarter: dict[str, str], shown: Column, group: str) -> tuple[float, float]:
    """The least and the most an onlooker can give the group, from everything shown at once."""
    names = list(counts)
    rows, totals = [], []
    for name in names:
        if shown.groups[name] is not None:
            rows.append([float(each == name) for each in names])
            totals.append(shown.groups[name])
    for name, total in shown.quarters.items():
        if total is not None:
            rows.append([float(quarter[each] == name) for each in names])
            totals.append(total)
    if shown.total is not None:
        rows.append([1.0] * len(names))
        totals.append(shown.total)
    ends = []
    for sign in (1, -1):
        goal = [sign * float(each == group) for each in names]
        found = linprog(goal, A_eq=rows or None, b_eq=totals or None, bounds=(0, 1000), method="highs")
        assert found.status == 0
        ends.append(sign * found.fun)
    return ends[0], ends[1]


@pytest.mark.parametrize("seed", range(60))
def test_a_hidden_group_can_be_neither_worked_out_nor_known_to_be_small(seed: int) -> None:
    dice = random.Random(seed)
    names = [f"g{place}" for place in range(dice.randint(1, 9))]
    counts = {name: dice.choice((0, 1, 2, 3, 4, 5, 6, 9, 11, 12)) for name in names}
    quarter = {name: f"q{dice.randint(1, 3)}" for name in names}
    shown = column(counts, quarter, {name for name in names if dice.random() < 0.1} if len(names) > 3 else ())
    total = sum(counts.values())
    for name in names:
        assert counts[name] >= SMALLEST_SHOWN or shown.groups[name] is None
        if shown.groups[name] is None and total >= SMALLEST_SHOWN:
            low, high = possible(counts, quarter, shown, name)
            assert high - low > 0.5, (counts, quarter, shown, name)
            assert high >= SMALLEST_SHOWN, (counts, quarter, shown, name)


@pytest.mark.parametrize("seed", range(60))
def test_a_hidden_quarter_can_be_neither_worked_out_nor_known_to_be_small(seed: int) -> None:
    dice = random.Random(1000 + seed)
    counts = {f"g{place}": dice.choice((0, 2, 3, 5, 8, 12)) for place in range(dice.randint(2, 8))}
    quarter = {name: f"q{dice.randint(1, 4)}" for name in counts}
    shown = column(counts, quarter)
    for name, total in shown.quarters.items():
        inside = [each for each in counts if quarter[each] == name]
        if total is None and sum(counts.values()) >= SMALLEST_SHOWN:
            assert any(shown.groups[each] is None for each in inside), "a hidden quarter could be added up"


def test_what_need_not_be_hidden_is_shown() -> None:
    shown = column({"a": 12, "b": 11, "c": 9}, {"a": "1", "b": "1", "c": "2"})
    assert (dict(shown.groups), dict(shown.quarters), shown.total) == (
        {"a": 12, "b": 11, "c": 9},
        {"1": 23, "2": 9},
        32,
    )


def test_the_smallest_neighbour_goes_with_a_small_group() -> None:
    shown = column({"a": 3, "b": 11, "c": 9, "d": 12}, dict.fromkeys("abcd", "1"))
    assert shown.hidden == {"a", "c"}
    assert shown.total == 35
