"""Small numbers are hidden, and nobody can work them out from what is left."""

from itertools import product

import pytest

from backtolife.reporting.suppression import SMALLEST_SHOWN, Shown, suppress


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([8, 9, 12], (8, 9, 12), 29),
        ([3, 9, 12], (None, None, 12), 24),  # the 3 would be 24 - 9 - 12
        ([1, 2, 12, 7], (None, None, 12, None), 22),  # 1 + 2 together are under 5
        ([3, 4, 12], (None, None, 12), 19),
        ([0, 0, 12], (None, None, None), 12),
        ([3], (None,), None),
        ([3, 9], (None, None), 12),
        ([1, 1], (None, None), None),
        ([], (), None),
    ],
)
def test_enough_is_hidden_and_no_more(counts: list[int], cells: tuple[int | None, ...], total: int | None) -> None:
    assert suppress(counts) == Shown(cells, total)


def test_what_is_hidden_never_adds_up_to_something_telling() -> None:
    for counts in product(range(0, 9), repeat=3):
        shown = suppress(counts)
        hidden = [count for count, cell in zip(counts, shown.cells, strict=True) if cell is None]
        assert all(count >= SMALLEST_SHOWN for count in shown.cells if count is not None)
        if hidden and shown.total is not None:
            assert len(hidden) > 1
            assert sum(hidden) >= SMALLEST_SHOWN


def test_a_group_hidden_elsewhere_is_hidden_here_too() -> None:
    assert suppress([8, 9, 12], forced={1}).cells == (None, None, 12)
