"""Small numbers are hidden, and an onlooker who tries every table there could be learns none of them."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.reporting.analysis.breakdown import breakdown
from backtolife.reporting.analysis.protection import Cell, arcs_of, hidden_cells
from backtolife.reporting.analysis.recoverable import possible
from backtolife.reporting.suppression import SMALLEST_SHOWN, suppress
from tests.reporting.analysis.people import ABOUT

Table = tuple[tuple[int, ...], ...]


def rows_up_to(top: int, steps: int) -> list[tuple[int, ...]]:
    return [row for row in product(range(top + 1), repeat=steps) if list(row) == sorted(row, reverse=True)]


def seen(table: Table, hidden: frozenset[Cell]) -> tuple[int | None, ...]:
    """What an onlooker sees, everyone's row last."""
    whole = [*table, tuple(map(sum, zip(*table, strict=True)))]
    return tuple(
        None if (row, step) in hidden else count
        for row, counts in enumerate(whole)
        for step, count in enumerate(counts)
    )


def numbers(table: Table) -> dict[tuple[str, int, int], int]:
    """Every number of a group that somebody could want: who reached a step, and who was lost before it."""
    found = {}
    for row, counts in enumerate(table):
        for step, count in enumerate(counts):
            found["reached", row, step] = count
            if step:
                found["lost", row, step] = counts[step - 1] - count
    return found


def consistent(table: Table, hidden: frozenset[Cell], top: int) -> list[Table]:
    """Every table with the same shown numbers, up to `top` in a cell."""
    sight = seen(table, hidden)
    return [
        other for other in product(rows_up_to(top, len(table[0])), repeat=len(table)) if seen(other, hidden) == sight
    ]


@pytest.mark.parametrize(
    "table", [((9, 7), (6, 2)), ((8, 3), (7, 7)), ((5, 5), (6, 5)), ((3, 1), (9, 6)), ((9, 9), (9, 9))]
)
def test_what_can_be_worked_out_is_what_every_possible_table_allows(table: Table) -> None:
    hidden = hidden_cells(table)
    others = consistent(table, hidden, sum(counts[0] for counts in table))
    arcs = arcs_of(table, hidden)
    for name in numbers(table):
        values = [numbers(other)[name] for other in others]
        found = possible(arcs, name)
        assert (found.low, found.high) == (min(values), max(values))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(rows_up_to(3, 3)), min_size=2, max_size=2),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2))),
)
def test_the_flow_finds_the_exact_range_whatever_is_hidden(rows: list[tuple[int, ...]], cells: set[Cell]) -> None:
    table, top = tuple(rows), 6
    # Everyone's numbers stay bounded, so that trying every table ends.
    hidden = frozenset(cell for cell in cells if cell[0] < 2)
    others = consistent(table, hidden, top)
    arcs = arcs_of(table, hidden)
    for name in numbers(table):
        values = [numbers(other)[name] for other in others]
        found = possible(arcs, name)
        assert (found.low, found.high) == (min(values), max(values))


def test_no_small_number_can_be_told_by_trying_every_table() -> None:
    """All tables of two groups and two steps: what stays possible is counted, nothing is computed."""
    hidden_of = {table: hidden_cells(table) for table in product(rows_up_to(7, 2), repeat=2)}
    alike: dict[tuple[frozenset[Cell], tuple[int | None, ...]], list[Table]] = defaultdict(list)
    everything = list(product(rows_up_to(14, 2), repeat=2))
    for hidden in set(hidden_of.values()):
        for other in everything:
            alike[hidden, seen(other, hidden)].append(other)
    for table, hidden in hidden_of.items():
        others = [numbers(other) for other in alike[hidden, seen(table, hidden)]]
        all_hidden = hidden | {(row, step) for row in range(2) for step in range(2)}
        arcs = arcs_of(table, all_hidden)
        for name, value in numbers(table).items():
            most = possible(arcs, name)
            if value < SMALLEST_SHOWN and most.high >= SMALLEST_SHOWN:
                assert max(other[name] for other in others) >= SMALLEST_SHOWN, (table, name)
            if (value < SMALLEST_SHOWN or (name[0] == "reached" and name[1:] in hidden)) and most.low < most.high:
                assert len({other[name] for other in others}) > 1, (table, name)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=2, max_size=8))
def test_in_tables_of_any_size_nothing_small_is_shown_or_told(rows: list[list[int]]) -> None:
    table = [sorted(row, reverse=True) for row in rows]
    hidden = hidden_cells(table)
    totals = [sum(column) for column in zip(*table, strict=True)]
    for row, counts in enumerate([*table, totals]):
        assert all(count >= SMALLEST_SHOWN for step, count in enumerate(counts) if (row, step) not in hidden)
    arcs = arcs_of(table, hidden)
    best = arcs_of(table, hidden | {(row, step) for row in range(len(table)) for step in range(4)})
    for name, value in numbers(tuple(map(tuple, table))).items():
        if value < SMALLEST_SHOWN and possible(best, name).high >= SMALLEST_SHOWN:
            assert possible(arcs, name).high >= SMALLEST_SHOWN


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert hidden_cells([[142, 106], [89, 62]]) == frozenset()


def test_a_small_loss_is_hidden_like_a_small_number() -> None:
    # 30 - 28 would show that two of the first group stopped.
    assert {(0, 1), (1, 1)} <= hidden_cells([[30, 28], [40, 30]])


def test_one_column_agrees_with_the_rule_for_columns() -> None:
    """The onlooker's exact range says of `suppress` what it promises: nothing hidden is told or known to be small."""
    for counts in product(range(0, 9), repeat=3):
        shown = suppress(counts)
        cells = frozenset((row, 0) for row, count in enumerate((*shown.cells, shown.total)) if count is None)
        arcs = arcs_of([[count] for count in counts], cells)
        for row, count in enumerate(counts):
            if shown.cells[row] is None and shown.total is not None:
                found = possible(arcs, ("reached", row, 0))
                assert found.low < found.high
                assert found.high >= SMALLEST_SHOWN or count >= SMALLEST_SHOWN


def test_the_breakdown_shows_shares_only_where_both_numbers_are_shown() -> None:
    found = breakdown(
        ("Offered", "Started", "Came to 6 or more"),
        {"Women": (203, 142, 106), "Men": (138, 89, 62), "Not said": (17, 8, 3)},
        about=ABOUT,
    )
    assert [[cell.count for cell in row.cells] for row in found.rows] == [
        [203, 142, 106],
        [138, 89, None],
        [17, 8, None],
    ]
    assert [cell.count for cell in found.everyone.cells] == [358, 239, 171]
    women = found.rows[0].cells[1].of_before
    assert women is not None
    assert women.proportion == pytest.approx(142 / 203)
    assert found.rows[2].cells[2].of_before is None
    assert (found.basis.n, found.basis.of) == (171, 358)


@pytest.mark.parametrize("groups", [{}, {"Men": (3,)}, {"Men": (3, 4)}, {"Men": (-1, -1)}])
def test_steps_that_do_not_fall_are_refused(groups: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(Invalid):
        breakdown(("Offered", "Started"), groups, about=ABOUT)
