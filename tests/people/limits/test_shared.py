"""Several web processes count together in one Redis; while it is away, each counts for itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import redis
from flask import Flask

from backtolife.people.limits import shared
from backtolife.people.limits.backoff import FREE_TRIES, Backoff
from backtolife.people.limits.shared import NO_WAIT, Shared
from backtolife.people.limits.throttle import Throttle, TooOften
from tests.support.network.redis_server import running_redis
from tests.support.running import free_port

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with running_redis() as url:
        yield url


@pytest.fixture
def counted_together(redis_url: str) -> Iterator[str]:
    """This process shares its counts; no count was there before."""
    redis.Redis.from_url(redis_url).flushall()
    shared.use(redis_url)
    yield redis_url
    shared.use("")


def begin(counts: Shared, key: str = "sam") -> timedelta | None:
    """One try at an account whose waits are hours, so that none is over before the test is."""
    return counts.begin("passwords", key, free=2, wait_after=lambda wrong: wrong * HOUR, forgotten=12 * HOUR)


def test_tries_at_two_processes_are_counted_together(counted_together: str, now: datetime) -> None:
    here, there = Throttle(2, HOUR, "links"), Throttle(2, HOUR, "links")
    here.check("sam", now)
    there.check("sam", now)
    for each in (here, there):
        with pytest.raises(TooOften, match=r"Please wait (60|59) minutes"):
            each.check("sam", now)
        with pytest.raises(TooOften):
            each.refuse("sam", now)
    here.check("somebody else", now)
    Throttle(2, HOUR, "other links").check("sam", now)


def test_a_door_that_takes_nothing_takes_nothing_in_redis_either(counted_together: str, now: datetime) -> None:
    with pytest.raises(TooOften):
        Throttle(0, HOUR, "links").check("sam", now)


def test_wrong_passwords_at_two_processes_are_counted_together(counted_together: str, now: datetime) -> None:
    here, there = Backoff("passwords"), Backoff("passwords")
    for number in range(FREE_TRIES):
        (here if number % 2 else there).begin("sam", now)
    for each in (here, there):
        with pytest.raises(TooOften, match="wrong tries"):
            each.begin("sam", now)
    here.begin("somebody else", now)
    here.clear("sam")
    there.begin("sam", now)


def test_a_wait_lasts_and_is_made_no_longer_by_tries_that_were_refused(counted_together: str) -> None:
    counts = Shared(counted_together)
    assert [begin(counts), begin(counts)] == [NO_WAIT, NO_WAIT]
    waits = [begin(counts) for _ in range(20)]
    assert all(wait is not None and timedelta(minutes=119) < wait <= timedelta(hours=2) for wait in waits)


def test_a_try_that_nobody_looked_at_is_no_try(counted_together: str) -> None:
    counts = Shared(counted_together)
    for _ in range(6):
        assert begin(counts) == NO_WAIT
        counts.take_back("passwords", "sam")
    assert [begin(counts), begin(counts)] == [NO_WAIT, NO_WAIT]


def test_redis_sees_no_address_of_anybody(counted_together: str, now: datetime) -> None:
    Throttle(2, HOUR, "links").check("sam@example.org", now)
    Backoff("passwords").begin("sam@example.org", now)
    names = [name.decode() for name in redis.Redis.from_url(counted_together).scan_iter()]
    assert len(names) == 2
    assert not [name for name in names if "sam" in name]


def test_while_redis_is_away_each_process_counts_for_itself(now: datetime) -> None:
    shared.use(f"redis://127.0.0.1:{free_port()}/0")
    try:
        links, passwords = Throttle(1, HOUR, "links"), Backoff("passwords")
        links.check("sam", now)
        with pytest.raises(TooOften):
            links.check("sam", now)
        for _ in range(FREE_TRIES):
            passwords.begin("sam", now)
        with pytest.raises(TooOften):
            passwords.begin("sam", now)
        passwords.clear("sam")
        passwords.begin("sam", now)
    finally:
        shared.use("")


def test_a_site_without_redis_shares_nothing(app: Flask) -> None:
    assert app.name
    assert shared.chosen() is None
