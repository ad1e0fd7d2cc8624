"""When questionnaires are due for a cohort."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from backtolife.errors import Invalid
from backtolife.outcomes.asking.milestones import (
    Window,
    add_months,
    after_each_session,
    battery,
    window_of,
    windows_of,
)
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import wording
from backtolife.programme.plan.loading import shipped

LONDON = ZoneInfo("Europe/London")
FIRST = date(2026, 10, 5)
WEEKLY = {number: FIRST + timedelta(weeks=number - 1) for number in range(1, 10)}


def window(name: str) -> Window:
    return window_of(shipped().milestone(name), WEEKLY, LONDON)


def test_the_baseline_is_due_a_week_before_the_first_session_and_closes_on_its_day() -> None:
    found = window("baseline")
    assert (found.opens_on, found.due_on, found.closes_on) == (date(2026, 9, 21), date(2026, 9, 28), FIRST)


def test_the_half_way_questions_open_on_the_day_of_session_5() -> None:
    found = window("mid")
    assert (found.opens_on, found.due_on, found.closes_on) == (WEEKLY[5], WEEKLY[5], WEEKLY[5] + timedelta(days=7))


def test_follow_up_is_counted_in_calendar_months_from_session_8() -> None:
    assert WEEKLY[8] == date(2026, 11, 23)
    assert window("month-3").due_on == date(2027, 2, 23)
    assert window("month-12").closes_on == date(2028, 1, 7)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_stop_at_the_end_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_moving_a_session_moves_its_window() -> None:
    moved = WEEKLY | {8: WEEKLY[8] + timedelta(days=2)}
    assert window_of(shipped().milestone("end"), moved, LONDON).due_on == date(2026, 11, 25)


def test_a_session_late_in_the_evening_counts_on_its_day_in_the_cohorts_zone() -> None:
    just_past_midnight = {5: datetime(2026, 6, 1, 23, 30, tzinfo=UTC)}
    assert window_of(shipped().milestone("mid"), just_past_midnight, LONDON).due_on == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 9, 20), "upcoming"),
        (date(2026, 9, 21), "due"),
        (date(2026, 9, 28), "due"),
        (date(2026, 9, 29), "overdue"),
        (date(2026, 10, 5), "overdue"),
        (date(2026, 10, 6), "closed"),
    ],
)
def test_a_window_goes_from_upcoming_to_closed_at_the_right_midnights(today: date, state: str) -> None:
    assert window("baseline").state(today) == state


def test_the_day_changes_at_midnight_in_the_cohorts_zone_not_in_utc() -> None:
    windows = windows_of(shipped().milestones, WEEKLY, LONDON)
    before = due_at(windows, datetime(2026, 9, 20, 22, 59, tzinfo=UTC))
    after = due_at(windows, datetime(2026, 9, 20, 23, 0, tzinfo=UTC))
    assert (before, after) == ([], ["baseline"])


def due_at(windows: Sequence[Window], now: datetime) -> list[str]:
    today = now.astimezone(LONDON).date()
    return [each.milestone.id for each in windows if each.state(today) == "due"]


def test_every_milestone_is_in_exactly_one_state_and_in_order_of_its_due_day() -> None:
    windows = windows_of(shipped().milestones, WEEKLY, LONDON)
    states = [(each.state(date(2026, 12, 1)), each.milestone.id) for each in windows]
    assert states == [
        *(("closed", "baseline"), ("closed", "mid"), ("overdue", "end"), ("overdue", "review")),
        *(("upcoming", "month-3"), ("upcoming", "month-6"), ("upcoming", "month-12")),
    ]


def test_a_cohort_without_the_session_says_which_one_has_no_date() -> None:
    with pytest.raises(Invalid, match="hangs on session 9, which has no date yet"):
        window_of(shipped().milestone("review"), {1: FIRST}, LONDON)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 10, 5, 10, 0)  # noqa: DTZ001
    with pytest.raises(Invalid, match="must have a time zone"):
        window_of(shipped().milestone("baseline"), {1: naive}, LONDON)


def test_without_same_day_cover_the_longer_mood_form_gives_way_to_the_one_without_item_9() -> None:
    programme = shipped()
    end = programme.milestone("end")
    fallback = programme.instrument_fallback
    assert "phq-9" in battery(end, item9_covered=True, fallback=fallback)
    uncovered = battery(end, item9_covered=False, fallback=fallback)
    assert "phq-8" in uncovered
    assert not any(load_instrument(name).alerts for name in uncovered)


def test_the_fallback_never_asks_a_form_twice() -> None:
    end = shipped().milestone("end")
    assert battery(end, item9_covered=False, fallback={"phq-9": "gad-7"}).count("gad-7") == 1


def test_the_group_questions_follow_each_session_for_a_week() -> None:
    milestones = after_each_session(range(1, 10), ["group-experience"], "Three quick questions.")
    found = windows_of(milestones, WEEKLY, LONDON)
    assert [(one.milestone.id, one.due_on) for one in found][:2] == [("session-1", FIRST), ("session-2", WEEKLY[2])]
    assert found[0].closes_on == FIRST + timedelta(days=7)


def test_everything_the_programme_asks_has_an_instrument_and_words() -> None:
    for name in shipped().instrument_ids:
        assert wording(name).instrument_version == load_instrument(name).version


def test_each_milestone_asks_about_disability_confidence_mood_and_satisfaction() -> None:
    for milestone in shipped().milestones:
        domains = {load_instrument(name).domain for name in milestone.instrument_ids}
        assert domains >= {"pain disability", "confidence", "mood", "satisfaction"}
