"""The attendance table and the call list."""

from datetime import datetime, timedelta

import pytest

from backtolife.sessions.records.marks import Mark, mark, why_call

C, M, N, E = Mark.CAME, Mark.MISSED, Mark.NOT_YET, Mark.LEFT_EARLY
S, W = Mark.COULD_NOT, Mark.CANNOT


@pytest.mark.parametrize(
    ("minutes", "over", "expected"),
    [(90, True, C), (60, True, C), (59, True, E), (0, True, M), (0, False, N), (30, False, N)],
)
def test_a_cell_says_how_long_someone_stayed(minutes: int, over: bool, expected: Mark, now: datetime) -> None:
    ends_at = now - timedelta(minutes=1) if over else now + timedelta(minutes=1)
    assert mark(minutes, ends_at=ends_at, now=now) is expected


@pytest.mark.parametrize(
    ("minutes", "over", "expected"), [(90, True, C), (5, True, E), (0, True, S), (0, False, W), (30, False, N)]
)
def test_who_told_us_that_they_could_not_come_has_not_missed_it(
    minutes: int, over: bool, expected: Mark, now: datetime
) -> None:
    ends_at = now - timedelta(minutes=1) if over else now + timedelta(minutes=1)
    assert mark(minutes, ends_at=ends_at, now=now, said_no=True) is expected


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ([], ""),
        ([C, M, N], ""),
        ([M, N], "Missed the first session."),
        ([C, M, M, N], "Missed 2 sessions in a row."),
        ([M, M, C, N], ""),
        ([E, M, M, M], "Missed 3 sessions in a row."),
        ([S, N], ""),
        ([C, M, S, W], ""),
        ([C, S, S, N], ""),
        ([M, S, M, N], "Missed 2 sessions in a row."),
        ([C, S, M, S, W], "Has not come to 3 sessions in a row."),
    ],
)
def test_who_missed_two_in_a_row_may_need_a_call(marks: list[Mark], reason: str) -> None:
    assert why_call(marks) == reason
