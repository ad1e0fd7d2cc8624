"""Counts that several web processes share in Redis, by `limits`. Without Redis each process counts for itself.

Redis goes by its own clock. While it is away nobody is locked out: each process counts for itself until it is back.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import structlog

if TYPE_CHECKING:
    from limits import RateLimitItem

T = TypeVar("T")
PATIENCE_SECONDS = 0.5
AWAY_SECONDS = 10.0
"""So long it is not asked again after it did not answer: nobody's page waits for it each time."""
NO_WAIT = timedelta(0)
log = structlog.get_logger(__name__)


class Shared:
    """Counters in one Redis, which sees hashes of the keys: they hold people's addresses. While it is away: None."""

    def __init__(self, url: str) -> None:
        from limits.storage import RedisStorage  # noqa: PLC0415 - only who shares needs it
        from limits.strategies import MovingWindowRateLimiter  # noqa: PLC0415

        self._storage = RedisStorage(
            url,
            key_prefix="backtolife",
            wrap_exceptions=True,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        )
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._ask_after = 0.0

    def wait(self, name: str, key: str, *, most: int, window: timedelta, count: bool) -> timedelta | None:
        """How long to wait before another try, no time when it may be now; `count` counts it then."""
        from limits import RateLimitItemPerSecond  # noqa: PLC0415

        item = RateLimitItemPerSecond(most, int(window.total_seconds()), namespace=name)
        return self._asked(lambda: self._wait(item, hashed(key), count=count))

    def _wait(self, item: "RateLimitItem", key: str, *, count: bool) -> timedelta:
        if item.amount and (self._limiter.hit(item, key) if count else self._limiter.test(item, key)):
            return NO_WAIT
        return timedelta(seconds=max(1.0, self._limiter.get_window_stats(item, key).reset_time - time.time()))

    def begin(
        self, name: str, key: str, *, free: int, wait_after: Callable[[int], timedelta], forgotten: timedelta
    ) -> timedelta | None:
        """Count a try as wrong unless there is a wait. Of tries that come in the same moment one more may be free."""
        wrong_key, wait_key = keys_of(name, key)

        def counted() -> timedelta:
            wrong = self._storage.incr(wrong_key, int(forgotten.total_seconds()))
            seconds = int(wait_after(wrong).total_seconds())
            if wrong < free or self._storage.incr(wait_key, seconds) == 1:
                return NO_WAIT
            if wrong == free:
                return NO_WAIT
            self._storage.incr(wrong_key, seconds, amount=-1)
            return timedelta(seconds=max(1.0, self._storage.get_expiry(wait_key) - time.time()))

        return self._asked(counted)

    def take_back(self, name: str, key: str) -> None:
        """The try was never looked at: it counts no more, and its wait is over."""
        wrong_key, wait_key = keys_of(name, key)

        def undo() -> None:
            if self._storage.get(wrong_key) > 0:
                self._storage.incr(wrong_key, 1, amount=-1)
            self._storage.clear(wait_key)

        self._asked(undo)

    def clear(self, name: str, key: str) -> None:
        def forget() -> None:
            for each in keys_of(name, key):
                self._storage.clear(each)

        self._asked(forget)

    def _asked(self, ask: Callable[[], T]) -> T | None:
        from limits.errors import StorageError  # noqa: PLC0415

        if time.monotonic() < self._ask_after:
            return None
        try:
            return ask()
        except StorageError:
            self._ask_after = time.monotonic() + AWAY_SECONDS
            log.warning("shared_counts_away", seconds=AWAY_SECONDS)
            return None


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def keys_of(name: str, key: str) -> tuple[str, str]:
    return f"{name}/{hashed(key)}/wrong", f"{name}/{hashed(key)}/wait"


class _Chosen:
    shared: Shared | None = None


def use(redis_url: str) -> None:
    """Share counts in this Redis from now on; with an empty address, in none."""
    _Chosen.shared = Shared(redis_url) if redis_url else None


def chosen() -> Shared | None:
    return _Chosen.shared
