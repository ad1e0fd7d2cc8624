"""When a reminder is due."""

from datetime import UTC, datetime, timedelta

import pytest

from backtolife.reminders.rules import reminders_due

LONDON = "Europe/London"
START = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "due"),
    [
        (timedelta(hours=25), []),
        (timedelta(hours=24), ["reminder-24h"]),
        (timedelta(hours=4), []),
        (timedelta(minutes=61), []),
        (timedelta(minutes=60), ["reminder-1h"]),
        (timedelta(seconds=1), ["reminder-1h"]),
        (timedelta(0), []),
        (timedelta(hours=-1), []),
    ],
)
def test_a_reminder_goes_out_in_its_window_only(left: timedelta, due: list[str]) -> None:
    assert reminders_due(START, START - left, LONDON) == due


def test_nothing_goes_out_in_quiet_hours() -> None:
    evening = START.replace(hour=21)
    assert reminders_due(evening, evening - timedelta(hours=24), LONDON) == []
    assert reminders_due(evening, evening - timedelta(hours=12), LONDON) == ["reminder-24h"]


def test_the_last_hour_is_announced_even_in_quiet_hours() -> None:
    evening = START.replace(hour=20, minute=30)
    assert reminders_due(evening, evening - timedelta(minutes=20), LONDON) == ["reminder-1h"]


def test_a_session_that_moves_is_announced_by_its_new_time() -> None:
    moved = START + timedelta(hours=5)
    assert reminders_due(moved, START - timedelta(minutes=30), LONDON) == ["reminder-24h"]
