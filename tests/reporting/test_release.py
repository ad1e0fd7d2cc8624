"""Two releases of a table never differ by 1 to 4 people, and nobody waits for ever."""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from backtolife.reporting.people_counted import Release, released, stands_apart

Table = list[list[int]]
COUNT = st.integers(0, 9) | st.sampled_from([0, 1, 5])
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


def parts_of(shape: list[int]) -> st.SearchStrategy[list[Table]]:
    """The numbers of some groups, in the order in which they ended: rows of the same lengths."""
    return st.lists(st.tuples(*(st.lists(COUNT, min_size=n, max_size=n) for n in shape)).map(list), max_size=12)


PARTS = SHAPES.flatmap(parts_of)


def summed(tables: Sequence[Table]) -> Table:
    return [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]


def release_of(parts: list[Table]) -> Release[Table]:
    return released([[each] for each in parts], summed)


def harmless(count: int) -> bool:
    return count == 0 or count >= 5


@given(PARTS)
def test_no_number_of_two_releases_and_nothing_left_over_differs_by_one_to_four(parts: list[Table]) -> None:
    releases = [release_of(parts[:end]) for end in range(len(parts) + 1)]
    for before, after in combinations([each for each in releases if each.batches], 2):
        assert after.parts[: len(before.parts)] == before.parts
        grown = zip(summed(before.parts), summed(after.parts), strict=True)
        for row, (ones, twos) in enumerate(grown):
            both = before.told[row] & after.told[row]
            differ = [two - one for one, two in zip(ones, twos, strict=True)]
            assert all(harmless(differ[cell]) for cell in both)
            assert harmless(sum(count for cell, count in enumerate(differ) if cell not in both))


@given(PARTS)
def test_one_release_tells_no_small_number_and_gives_none_away(parts: list[Table]) -> None:
    found = release_of(parts)
    for row, counts in enumerate(summed(found.parts)):
        hidden = [count for cell, count in enumerate(counts) if not found.tells(row, cell)]
        assert all(count >= 5 for cell, count in enumerate(counts) if found.tells(row, cell))
        if hidden and len(hidden) < len(counts):
            assert len(hidden) > 1
            assert sum(hidden) >= 5


@given(SHAPES.flatmap(lambda shape: st.tuples(parts_of(shape), st.just([[5] * n for n in shape]))))
def test_everybody_is_counted_once_five_more_are_there_for_each_number(found: tuple[list[Table], Table]) -> None:
    parts, five_more = found
    assert len(release_of([*parts, five_more]).parts) == len(parts) + 1


def test_a_group_of_few_waits_for_the_next_one() -> None:
    groups = [[[12]], [[2]], [[4]], [[11]]]
    counted = [sum(part[0][0] for part in release_of(groups[:end]).parts) for end in (1, 2, 3, 4)]
    assert counted == [12, 12, 18, 29]


def test_a_small_number_is_hidden_first_behind_the_last_of_its_row_and_then_behind_the_smallest() -> None:
    assert release_of([[[20, 3, 30]]]).told == (frozenset({0}),)
    assert release_of([[[20, 8, 2]]]).told == (frozenset({0}),)
    assert release_of([[[20, 3, 2]]]).told == (frozenset({0}),)


def test_a_number_that_was_told_stays_told_until_five_more_are_there() -> None:
    groups = [[[20, 8]], [[9, 1]], [[9, 3]], [[9, 1]]]
    counted = [len(release_of(groups[:end]).batches) for end in (1, 2, 3, 4)]
    assert counted == [1, 1, 1, 2]


def test_nothing_is_told_where_nothing_is_released() -> None:
    nothing = release_of([[[2]], [[2]]])
    assert (nothing.parts, nothing.tells(0)) == ([], False)


def test_a_number_stands_beside_another_where_nobody_or_five_are_in_one_of_them_alone() -> None:
    assert [stands_apart(each) for each in ([], [0, 0], [3], [3, 2], [5, 3], [5, 3, 2], [5, 0])] == [
        True, True, False, True, False, True, True,
    ]  # fmt: skip
