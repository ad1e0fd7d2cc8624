"""How many pages are made at once.

Python makes one page at a time whatever the number of threads. Sixty-four that are begun together are each ready last,
and every word, hand and call for help in a live room waits among them. So pages queue here, holding nothing, and the
rooms' events pass by.
"""

import threading

AT_ONCE = 1
"""With two, 64 pages at once kept a room's events p95 167 ms on PostgreSQL, with one 137; the pages took as long."""
PATIENCE_SECONDS = 4.0
"""Whoever has waited so long goes in anyway: a slow page holds nobody up for good.

More than the last of 64 waits: with two seconds the last twenty went in together, and events' p95 was 198 ms, not 74.
"""


class Turnstile:
    """Lets `at_once` in; who comes next waits their turn."""

    def __init__(self, at_once: int = AT_ONCE, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._places = threading.Semaphore(at_once)
        self._patience = patience_seconds

    def enter(self) -> bool:
        """Wait for a place. False for who went in without one, and so gives none back."""
        return self._places.acquire(timeout=self._patience)

    def leave(self) -> None:
        """Give back the place."""
        self._places.release()
