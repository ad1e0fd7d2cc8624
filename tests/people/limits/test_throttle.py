"""Who tries too often waits; a flood of callers takes no more memory than so much, and frees nobody who has to wait."""

from datetime import datetime, timedelta

import pytest

from backtolife.people.limits import throttle
from backtolife.people.limits.throttle import PASSED_OVER, Throttle, TooOften

WINDOW = timedelta(minutes=5)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Throttle:
    """Two tries, and room for a hundred callers."""
    monkeypatch.setattr(throttle, "MOST_KEPT", 100)
    return Throttle(most=2, window=WINDOW)


def test_it_says_how_long_to_wait_and_lets_go_when_the_oldest_try_is_over(now: datetime) -> None:
    tries = Throttle(most=2, window=WINDOW)
    tries.check("sam", now)
    tries.check("sam", now + timedelta(minutes=1))
    with pytest.raises(TooOften, match="Please wait 3 minutes"):
        tries.check("sam", now + timedelta(minutes=2))
    with pytest.raises(TooOften, match="Please wait 1 second"):
        tries.refuse("sam", now + WINDOW - timedelta(seconds=1))
    tries.check("sam", now + WINDOW)


def test_looking_counts_nothing(now: datetime) -> None:
    tries = Throttle(most=1, window=WINDOW)
    for _ in range(5):
        tries.refuse("sam", now)
    tries.check("sam", now)


def test_a_flood_of_new_callers_is_kept_to_a_bound(small: Throttle, now: datetime) -> None:
    for number in range(1000):
        assert small.allows(f"2001:db8:{number:x}::/64", now)
    assert len(small._tries) == 100


def test_who_has_to_wait_is_not_freed_by_a_flood(small: Throttle, now: datetime) -> None:
    for number in range(PASSED_OVER // 2):
        small.check(f"guess{number}", now)
        small.check(f"guess{number}", now)
    for number in range(1000):
        small.allows(f"2001:db8:{number:x}::/64", now)
    for number in range(PASSED_OVER // 2):
        with pytest.raises(TooOften):
            small.refuse(f"guess{number}", now)
    assert len(small._tries) == 100


def test_even_a_flood_of_callers_who_have_to_wait_is_kept_to_the_bound(small: Throttle, now: datetime) -> None:
    for number in range(500):
        small.check(f"guess{number}", now)
        small.check(f"guess{number}", now)
    assert len(small._tries) == 100


def test_callers_of_a_window_ago_are_forgotten(small: Throttle, now: datetime) -> None:
    for number in range(50):
        small.check(f"caller{number}", now)
    small.check("sam", now + WINDOW)
    assert list(small._tries) == ["sam"]
