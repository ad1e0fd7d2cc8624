"""A cohort meets at the same time by the wall clock, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.programme.cohorts.calendar import meeting_days, reschedule, session_times
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Schedule

WEEKLY = shipped().schedule("weekly")
TWICE = shipped().schedule("twice-weekly")
ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "UTC"]


def test_a_weekly_group_keeps_half_past_six_across_the_spring_change() -> None:
    times = session_times(WEEKLY, first_date=date(2027, 3, 16), weekdays=[1], at=time(18, 30), zone="Europe/London")
    assert [each.starts_at for each in times[:3]] == [
        datetime(2027, 3, 16, 18, 30, tzinfo=UTC),
        datetime(2027, 3, 23, 18, 30, tzinfo=UTC),
        datetime(2027, 3, 30, 17, 30, tzinfo=UTC),
    ]
    assert times[8].local_date == date(2027, 6, 1)
    assert not any(each.moved for each in times)


def test_a_twice_weekly_group_meets_on_both_its_days_and_reviews_four_weeks_later() -> None:
    times = session_times(TWICE, first_date=date(2027, 3, 15), weekdays=[0, 3], at=time(10), zone="Europe/London")
    assert [each.local_date.weekday() for each in times] == [0, 3, 0, 3, 0, 3, 0, 3, 3]
    assert times[8].local_date - times[7].local_date == timedelta(days=28)
    assert times[0].ends_at - times[0].starts_at == timedelta(minutes=90)


def test_a_time_the_clocks_skip_is_moved_on_by_an_hour_and_says_so() -> None:
    times = session_times(WEEKLY, first_date=date(2027, 3, 21), weekdays=[6], at=time(1, 30), zone="Europe/London")
    london = ZoneInfo("Europe/London")
    assert times[1].starts_at.astimezone(london).time() == time(2, 30)
    assert [each.number for each in times if each.moved] == [2]


def test_a_time_that_happens_twice_means_the_first() -> None:
    session = reschedule(3, local_date=date(2027, 10, 31), at=time(1, 30), zone="Europe/London")
    assert session.starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert not session.moved


@given(
    first=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    at=st.times().map(lambda value: value.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    plan=st.sampled_from([WEEKLY, TWICE]),
)
def test_every_session_is_on_its_day_at_its_time_unless_the_clocks_skip_it(
    first: date, at: time, zone: str, plan: Schedule
) -> None:
    times = session_times(plan, first_date=first, weekdays=meeting_days(plan, first), at=at, zone=zone)
    assert len(times) == 9
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(times))
    for each, offset in zip(times, plan.day_offsets, strict=True):
        shown = each.starts_at.astimezone(ZoneInfo(zone))
        assert each.starts_at.tzinfo is UTC
        assert shown.date() == each.local_date
        wanted = datetime.combine(first + timedelta(days=offset), at)
        later = shown.replace(tzinfo=None) - wanted
        assert later == timedelta(0) if not each.moved else timedelta(0) < later <= timedelta(hours=1)


def test_a_first_date_on_another_weekday_is_refused() -> None:
    with pytest.raises(Invalid, match="16 March 2027 is a Tuesday, but the group meets on Monday") as refusal:
        session_times(WEEKLY, first_date=date(2027, 3, 16), weekdays=[0], at=time(9), zone="Europe/London")
    assert refusal.value.field == "first_date"


def test_days_that_do_not_fit_the_schedule_are_refused_with_those_that_do() -> None:
    with pytest.raises(Invalid, match=r"meets on Monday and Thursday\. You chose Monday and Friday"):
        session_times(TWICE, first_date=date(2027, 3, 15), weekdays=[0, 4], at=time(9), zone="Europe/London")


@pytest.mark.parametrize("weekdays", [[], [7], [-1, 0]])
def test_a_day_that_is_no_weekday_is_refused(weekdays: list[int]) -> None:
    with pytest.raises(Invalid, match="Choose the day"):
        session_times(WEEKLY, first_date=date(2027, 3, 15), weekdays=weekdays, at=time(9), zone="Europe/London")


@pytest.mark.parametrize("zone", ["Europe/Londn", "", "../etc/passwd", "Europe", "a\0b"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(Invalid, match="There is no time zone"):
        session_times(WEEKLY, first_date=date(2027, 3, 15), weekdays=[0], at=time(9), zone=zone)


def test_a_time_with_seconds_or_a_zone_of_its_own_is_refused() -> None:
    for at in (time(9, 0, 30), time(9, tzinfo=UTC)):
        with pytest.raises(Invalid, match="by the wall clock"):
            session_times(WEEKLY, first_date=date(2027, 3, 15), weekdays=[0], at=at, zone="Europe/London")


def test_a_first_date_in_another_age_and_an_endless_session_are_refused() -> None:
    with pytest.raises(Invalid, match="between 2000 and 2200"):
        session_times(WEEKLY, first_date=date(9999, 12, 27), weekdays=[0], at=time(9), zone="Europe/London")
    with pytest.raises(Invalid, match="24 hours"):
        session_times(
            WEEKLY, first_date=date(2027, 3, 15), weekdays=[0], at=time(9), zone="Europe/London", minutes=5000
        )
