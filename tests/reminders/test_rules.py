"""When a reminder is due."""

from datetime import UTC, datetime, timedelta

import pytest

from backtolife.reminders.rules import SESSION_REMINDERS, Window

LONDON = "Europe/London"
START = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


def reminders_due(starts_at: datetime, now: datetime, zone: str) -> list[str]:
    """Which reminders of a session that starts then go at `now`."""
    return [each.template for each in SESSION_REMINDERS if each.window(starts_at).is_open(now, zone)]


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


@pytest.mark.parametrize(
    ("since", "hours", "loud", "goes"),
    [
        ("09:00", 4, None, "09:00"),
        ("21:00", 12, None, "08:00"),
        ("21:00", 2, None, None),
        ("21:00", 2, "21:30", "21:30"),
        ("21:00", 2, "20:00", "21:00"),
        ("06:30", 1, "06:00", "06:30"),
    ],
)
def test_a_message_goes_at_the_first_moment_of_its_window_that_is_not_quiet(
    since: str, hours: int, loud: str | None, goes: str | None
) -> None:
    def at(clock: str) -> datetime:
        return START.replace(hour=int(clock[:2]), minute=int(clock[3:]))

    window = Window(at(since), at(since) + timedelta(hours=hours), at(loud) if loud else None)
    found = window.goes_at(START - timedelta(days=1), LONDON)
    assert (f"{found:%H:%M}" if found else None) == goes
    assert window.waits_for_morning(START - timedelta(days=1), LONDON) is (goes not in (since, None))
    if found is not None:
        assert window.is_open(found, LONDON)
        assert not window.is_open(found - timedelta(seconds=1), LONDON)
        assert window.goes_at(window.until, LONDON) is None
