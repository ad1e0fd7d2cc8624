"""Who started and who stayed, by equality group, says something of a small service and nothing of one person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.reporting.analysis.service.breakdown import breakdown, rounded
from tests.reporting.analysis.people import ABOUT

STEPS = ("Offered a place", "Came to a session", "Completed", "Measured")
FALLING = st.lists(st.integers(0, 60), min_size=4, max_size=4).map(lambda counts: sorted(counts, reverse=True))


def test_seventy_people_get_an_answer() -> None:
    table = breakdown(STEPS, {"Female": [44, 40, 33, 28], "Male": [26, 22, 16, 13]}, about=ABOUT)
    assert [[cell.count for cell in row.cells] for row in (*table.rows, table.everyone)] == [
        [45, 40, 35, 30],
        [25, 20, 15, 15],
        [70, 60, 50, 40],
    ]
    assert [cell.percent for cell in table.rows[0].cells] == [None, 90, 90, 85]


def test_under_5_is_all_that_is_said_of_a_few() -> None:
    (row,) = breakdown(STEPS, {"Another": [7, 4, 1, 0]}, about=ABOUT).rows
    assert [cell.count for cell in row.cells] == [5, None, None, None]
    assert [cell.percent for cell in row.cells] == [None, None, None, None]


@given(st.integers(0, 200))
def test_a_number_that_is_shown_could_be_three_or_more(count: int) -> None:
    fitting = [each for each in range(210) if rounded(each) == rounded(count)]
    assert count in fitting
    assert len(fitting) >= 3
    assert fitting[-1] - fitting[0] <= 4


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_no_number_under_5_can_be_worked_out_from_the_true_total(column: list[int]) -> None:
    """By trying every column there could be behind what is shown."""
    rows = breakdown(("Came",), {str(place): [count] for place, count in enumerate(column)}, about=ABOUT).rows
    cells = [row.cells[0] for row in rows]
    reaches = [
        range(5) if cell.under_5
        else range(sum(column) + 1) if cell.count is None
        else range(max(cell.count - 2, 5), cell.count + 3)
        for cell in cells
    ]  # fmt: skip
    for place, count in enumerate(column):
        if 0 < count < 5 and len(column) > 1:
            others = [reach for other, reach in enumerate(reaches) if other != place]
            least, most = sum(each[0] for each in others), sum(each[-1] for each in others)
            possible = [each for each in reaches[place] if least <= sum(column) - each <= most]
            assert len(possible) > 1


@given(st.lists(FALLING, min_size=1, max_size=5))
def test_shares_stay_between_0_and_100(groups: list[list[int]]) -> None:
    table = breakdown(STEPS, {f"Group {place}": counts for place, counts in enumerate(groups)}, about=ABOUT)
    shares = [cell.percent for row in (*table.rows, table.everyone) for cell in row.cells]
    assert all(share is None or (0 <= share <= 100 and share % 5 == 0) for share in shares)


@pytest.mark.parametrize("groups", [{}, {"A": [1, 2, 0, 0]}, {"A": [3, 2, 1]}, {"A": [2, 1, 0, -1]}])
def test_what_is_no_table_of_steps_is_refused(groups: dict[str, list[int]]) -> None:
    with pytest.raises(Invalid):
        breakdown(STEPS, groups, about=ABOUT)
