"""Slow down whoever tries too often; never lock anybody out for good."""

import threading
from collections import deque
from datetime import datetime, timedelta

from backtolife.errors import BacktolifeError


class TooOften(BacktolifeError):
    """Too many tries in a short time."""

    status = 429


class Throttle:
    """At most `most` tries for one key within `window`. Kept in memory: there is one web process per address."""

    def __init__(self, most: int, window: timedelta) -> None:
        self.most, self.window = most, window
        self._tries: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def check(self, key: str, now: datetime) -> None:
        """Count one try for `key`. Raises TooOften, saying how long to wait."""
        with self._lock:
            self._forget(now)
            tries = self._tries.setdefault(key, deque())
            if len(tries) >= self.most:
                minutes = max(1, round((tries[0] + self.window - now).total_seconds() / 60))
                unit = "minute" if minutes == 1 else "minutes"
                raise TooOften(f"That is a lot of tries. Please wait {minutes} {unit}, then try again.")
            tries.append(now)

    def _forget(self, now: datetime) -> None:
        for key in list(self._tries):
            tries = self._tries[key]
            while tries and tries[0] + self.window <= now:
                tries.popleft()
            if not tries:
                del self._tries[key]
