"""Slow down whoever tries too often; never lock anybody out for good."""

import math
import threading
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from backtolife.errors import BacktolifeError
from backtolife.people.limits.shared import NO_WAIT, chosen

ONE_HOME = 64
"""The bits of an IPv6 address that one customer of a provider shares; behind them they may take any they like."""
AROUND = {4: 24, 6: 48}
MOST_KEPT = 50_000
"""Keys of one throttle, about 300 bytes each."""
PASSED_OVER = 16
"""How many keys that have to wait are kept, one after another, before one of them gives way."""


class TooOften(BacktolifeError):
    """Too many tries in a short time."""

    status = 429


def network_of(address: str | None) -> str:
    """Whom an address stands for: itself, or in IPv6 the /64 around it; an IPv4 address inside an IPv6 one is IPv4."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), ONE_HOME), strict=False))
    return str(found)


def neighbourhood_of(address: str | None) -> str:
    """The network around: what one provider or hospital has at hand, /24 in IPv4 and /48 in IPv6."""
    own = network_of(address)
    try:
        found = ip_network(own, strict=False)
    except ValueError:
        return own
    return str(found.supernet(new_prefix=AROUND[found.version]))


def wait_in_words(wait: timedelta) -> str:
    """How long to wait, rounded up: in seconds below a minute and a half, else in minutes."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    count, unit = (seconds, "second") if seconds < 90 else (math.ceil(seconds / 60), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


class Throttle:
    """At most `most` tries for one key within `window`: of this web process, or of all where Redis is shared.

    Only a throttle with a `name` is shared. In memory the keys that came longest ago give way, those that have to wait
    last of all, so that a flood of new keys takes no more than so much.
    """

    def __init__(self, most: int, window: timedelta, name: str = "") -> None:
        self.most, self.window, self.name = most, window, name
        self._tries: dict[str, list[datetime]] = {}
        self._swept: datetime | None = None
        self._lock = threading.Lock()

    def allows(self, key: str, now: datetime) -> bool:
        """Count one try for `key`, unless there were too many already: then it is False."""
        return self._wait(key, now, count=True) <= NO_WAIT

    def check(self, key: str, now: datetime) -> None:
        """Count one try for `key`. Raises TooOften, saying how long to wait."""
        refuse_while(self._wait(key, now, count=True))

    def refuse(self, key: str, now: datetime) -> None:
        """Raises TooOften, saying how long to wait, when there were too many for `key` already. Counts nothing."""
        refuse_while(self._wait(key, now, count=False))

    def _wait(self, key: str, now: datetime, *, count: bool) -> timedelta:
        shared = chosen() if self.name else None
        if shared is not None:
            wait = shared.wait(self.name, key, most=self.most, window=self.window, count=count)
            if wait is not None:
                return wait
        with self._lock:
            return self._wait_here(key, now, count=count)

    def _wait_here(self, key: str, now: datetime, *, count: bool) -> timedelta:
        self._sweep(now)
        tries = self._fresh(self._tries.pop(key, []), now)
        full = len(tries) >= self.most
        if count and not full:
            tries.append(now)
        if tries:
            self._tries[key] = tries  # the newest stand last
            self._make_room()
        if not full:
            return NO_WAIT
        return tries[0] + self.window - now if tries else timedelta(seconds=1)

    def _fresh(self, tries: list[datetime], now: datetime) -> list[datetime]:
        """Without what is over, and what is from a clock that was set back since."""
        first = next((at for at, each in enumerate(tries) if now - self.window < each <= now + self.window), len(tries))
        return tries[first:] if first else tries

    def _make_room(self) -> None:
        for _ in range(PASSED_OVER):
            if len(self._tries) <= MOST_KEPT:
                return
            oldest = next(iter(self._tries))
            tries = self._tries.pop(oldest)
            if len(tries) >= self.most:
                self._tries[oldest] = tries
        while len(self._tries) > MOST_KEPT:
            del self._tries[next(iter(self._tries))]

    def _sweep(self, now: datetime) -> None:
        """Forget keys that nobody used lately. Not at each try: under attack there are very many of them."""
        if self._swept is not None and self._swept <= now < self._swept + self.window:
            return
        self._swept = now
        fresh = ((key, self._fresh(tries, now)) for key, tries in self._tries.items())
        self._tries = {key: tries for key, tries in fresh if tries}


def refuse_while(wait: timedelta) -> None:
    """Raises TooOften, saying how long, while there is a wait."""
    if wait > NO_WAIT:
        raise TooOften(f"That is a lot of tries. Please wait {wait_in_words(wait)}, then try again.")
