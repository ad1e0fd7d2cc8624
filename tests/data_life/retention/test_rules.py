"""When a record has been kept for long enough, from what is known about a person alone."""

from datetime import UTC, date, datetime

import pytest

from backtolife.data_life.retention.rules import Contact, Known, Obstacle, over

LAST = datetime(2018, 6, 1, 9, tzinfo=UTC)
CONTACTS = {Contact.RECORDED: datetime(2017, 1, 1, tzinfo=UTC), Contact.DISCHARGED: LAST}


def test_time_is_over_so_many_years_to_the_minute_after_the_last_contact() -> None:
    known = Known(CONTACTS)
    assert over(known, keep_years=8, now=datetime(2026, 6, 1, 8, 59, tzinfo=UTC)) is None
    found = over(known, keep_years=8, now=datetime(2026, 6, 1, 9, tzinfo=UTC))
    assert found is not None
    assert (found.last_contact, found.last_at, found.over_at.year) == (Contact.DISCHARGED, LAST, 2026)
    assert found.obstacle is None


def test_a_leap_day_counts_to_the_first_of_march() -> None:
    known = Known({Contact.SPOKEN: datetime(2020, 2, 29, 9, tzinfo=UTC)})
    assert over(known, keep_years=1, now=datetime(2021, 2, 28, 12, tzinfo=UTC)) is None
    assert over(known, keep_years=1, now=datetime(2021, 3, 1, 12, tzinfo=UTC)) is not None


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (Known(CONTACTS, held=True), Obstacle.HOLD),
        (Known(CONTACTS, born=frozenset({date(2000, 6, 2)})), Obstacle.CHILD),
        (Known(CONTACTS, born=frozenset({date(1961, 1, 1), date(2001, 1, 1)})), Obstacle.CHILD),
        (Known(CONTACTS, has_place=True), Obstacle.PLACE),
        (Known(CONTACTS, task_open=True), Obstacle.TASK),
        (Known(CONTACTS, born=frozenset({date(2000, 6, 1)})), None),
    ],
    ids=["a hold", "17 on that day", "by one of two records", "a place", "a task", "18 on that day"],
)
def test_what_stands_in_the_way_is_said_and_not_left_out(known: Known, why: Obstacle | None) -> None:
    found = over(known, keep_years=8, now=datetime(2026, 12, 1, tzinfo=UTC))
    assert found is not None
    assert found.obstacle is why
