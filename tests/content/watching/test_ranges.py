"""What was watched, whatever order and however often it is told."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.content.watching.ranges import Range, is_watched, merge, resume_ms, share_watched, watched_ms
from backtolife.errors import Invalid

LENGTH = 200
RANGES = st.lists(
    st.tuples(st.integers(0, 250), st.integers(0, 250)).map(lambda pair: Range(min(pair), max(pair))), max_size=12
)


def moments(ranges: list[Range]) -> set[int]:
    return {at for start, end in ranges for at in range(start, min(end, LENGTH))}


@given(RANGES)
def test_merging_keeps_exactly_the_moments_that_were_seen(ranges: list[Range]) -> None:
    assert moments(list(merge(ranges, LENGTH))) == moments(ranges)
    assert watched_ms(ranges, LENGTH) == len(moments(ranges))


@given(RANGES)
def test_merged_ranges_are_in_order_and_apart(ranges: list[Range]) -> None:
    merged = merge(ranges, LENGTH)
    assert all(before.end_ms < after.start_ms for before, after in pairwise(merged))
    assert all(each.start_ms < each.end_ms <= LENGTH for each in merged)


@given(RANGES, RANGES)
def test_reports_may_come_twice_and_in_any_order(first: list[Range], second: list[Range]) -> None:
    once = merge([*first, *second], LENGTH)
    assert merge([*merge(second, LENGTH), *first, *first], LENGTH) == once


@given(RANGES, RANGES)
def test_watching_more_never_lowers_the_share(first: list[Range], second: list[Range]) -> None:
    assert 0 <= share_watched(first, LENGTH) <= share_watched([*first, *second], LENGTH) <= 1


def test_nine_tenths_count_as_watched_and_a_moment_less_does_not() -> None:
    assert is_watched([Range(0, 90_000)], 100_000)
    assert not is_watched([Range(0, 89_999)], 100_000)


def test_seeing_one_part_twice_is_not_seeing_two_parts() -> None:
    assert share_watched([Range(0, 50_000), Range(0, 50_000)], 100_000) == 0.5


def test_a_video_of_no_length_is_not_watched() -> None:
    assert share_watched([Range(0, 10)], 0) == 0


@pytest.mark.parametrize(
    ("stopped", "again"), [(0, 0), (1_500, 0), (60_000, 58_000), (94_999, 92_999), (95_000, 0), (200_000, 0)]
)
def test_we_go_on_a_little_before_where_you_stopped_and_start_again_after_the_end(stopped: int, again: int) -> None:
    assert resume_ms(stopped, 100_000) == again


@pytest.mark.parametrize("bad", [Range(-1, 5), Range(9, 3)])
def test_a_range_that_cannot_be_is_refused(bad: Range) -> None:
    with pytest.raises(Invalid, match="cannot go from"):
        merge([bad], LENGTH)


def test_a_flood_of_ranges_is_refused() -> None:
    with pytest.raises(Invalid, match="more than 1000"):
        merge([Range(at, at + 1) for at in range(1001)], LENGTH)
