"""A wait that grows with each wrong try at one account, from wherever the tries come; it always passes."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from backtolife.people.limits.shared import NO_WAIT, chosen
from backtolife.people.limits.throttle import TooOften, wait_in_words

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=12)
MOST_KEPT = 50_000


@dataclass
class Tries:
    """How often one key was tried in vain, and when last."""

    wrong: int
    last: datetime


def wait_after(wrong: int) -> timedelta:
    """How long nobody may try again after so many wrong tries."""
    if wrong < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * (1 << min(wrong - FREE_TRIES, 16)), LONGEST_WAIT)


class Backoff:
    """Wrong tries by key: of this web process, or of all where Redis is shared and it has a `name`."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._tries: dict[str, Tries] = {}
        self._lock = threading.Lock()

    def begin(self, key: str, now: datetime) -> None:
        """Count a try as wrong before it is looked at, so that many at once are no way round; `clear` takes it back.

        Raises TooOften while the wait goes on. A try that was refused so does not make the wait longer.
        """
        wait = self._begin_shared(key)
        if wait is None:
            wait = self._begin_here(key, now)
        if wait > NO_WAIT:
            raise TooOften(f"That is a lot of wrong tries. Please wait {wait_in_words(wait)}, then try again.")

    def _begin_shared(self, key: str) -> timedelta | None:
        shared = chosen() if self.name else None
        if shared is None:
            return None
        return shared.begin(self.name, key, free=FREE_TRIES, wait_after=wait_after, forgotten=FORGOTTEN_AFTER)

    def _begin_here(self, key: str, now: datetime) -> timedelta:
        with self._lock:
            tries = self._tries.pop(key, None)
            if tries is None or tries.last + FORGOTTEN_AFTER <= now:
                tries = Tries(0, now)
            tries.last = min(tries.last, now)  # a clock that was set back makes nobody wait longer
            wait = tries.last + wait_after(tries.wrong) - now
            if wait <= timedelta(0):
                tries.wrong, tries.last = tries.wrong + 1, now
            self._tries[key] = tries  # the newest stand last
            while len(self._tries) > MOST_KEPT:
                del self._tries[next(iter(self._tries))]
        return wait

    def take_back(self, key: str) -> None:
        """The try was never looked at: it does not count."""
        if self.name and (shared := chosen()) is not None:
            shared.take_back(self.name, key)
        with self._lock:
            if key in self._tries:
                self._tries[key].wrong = max(0, self._tries[key].wrong - 1)

    def clear(self, key: str) -> None:
        """The try was right: start anew."""
        if self.name and (shared := chosen()) is not None:
            shared.clear(self.name, key)
        with self._lock:
            self._tries.pop(key, None)
