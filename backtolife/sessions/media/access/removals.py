"""Who was removed from which room: no token that was made before lets them in again, whatever became of the room. Pure.

They come in again with a token that was made later: to make one is to undo the removal.
"""

KEPT = 7 * 24 * 3600.0
"""Seconds for which a removal is remembered at least; beyond, until the token they came with ends."""
MOST = 20_000
"""Removals that are remembered; the oldest are forgotten first."""


class Removals:
    """Times are in seconds since 1970."""

    def __init__(self) -> None:
        self._removed: dict[tuple[str, str], tuple[int, float]] = {}
        """By room and identity: when, and until when this is remembered."""

    def add(self, room: str, identity: str, at: int, *, expires: float = 0) -> None:
        """Removed in second `at`; the token they came with ends at `expires`."""
        before, until = self._removed.pop((room, identity), (0, 0.0))
        self._removed[room, identity] = max(at, before), max(at + KEPT, until, expires)
        if len(self._removed) > MOST:
            del self._removed[next(iter(self._removed))]

    def bars(self, room: str, identity: str, issued: int) -> bool:
        """Whether a token made in second `issued` is worthless: what was made in the second of the removal is too."""
        at, _ = self._removed.get((room, identity), (-1, 0.0))
        return issued <= at

    def forget(self, now: float) -> None:
        """Forget what no token can be old enough for."""
        self._removed = {key: kept for key, kept in self._removed.items() if kept[1] > now}
