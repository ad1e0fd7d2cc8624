"""Whether the engine carries its load, by its own CPU and the lag of its loop. Pure.

Levels: 0 all is well; 1 patients' pictures no longer go to patients; 2 nor to anyone. Facilitators' pictures and
every sound go on. From level 1 on nobody new is let in but facilitators.
"""

MOST = 2
LAGGING = 0.25
"""Seconds of lag that count as too much, whatever the CPU says."""
PATIENCE, RECOVERY = 3.0, 10.0
"""Seconds of too much load before a level more, and of ease before one less."""
EASE = 0.65
"""Share of the limit below which the load is easy."""


class Overload:
    def __init__(self, limit: float) -> None:
        """`limit` is the share of one core (0 to 1) that the engine may use for long."""
        self.limit = limit
        self.level = 0
        self._heavy_since: float | None = None
        self._easy_since: float | None = None

    def look(self, busy: float, lag: float, now: float) -> int:
        """The level from now on. `busy` is the share of a core used lately, `lag` in seconds."""
        heavy = busy > self.limit or lag > LAGGING
        easy = busy < self.limit * EASE and lag < LAGGING / 2
        self._heavy_since = (self._heavy_since or now) if heavy else None
        self._easy_since = (self._easy_since or now) if easy else None
        if self._heavy_since is not None and now - self._heavy_since >= PATIENCE and self.level < MOST:
            self.level += 1
            self._heavy_since = now
        elif self._easy_since is not None and now - self._easy_since >= RECOVERY and self.level:
            self.level -= 1
            self._easy_since = now
        return self.level

    def sheds(self, owner_role: str | None, viewer_role: str | None) -> bool:
        """Whether a picture of someone of this role is withheld from someone of that."""
        if not self.level or owner_role == "facilitator":
            return False
        return self.level > 1 or viewer_role != "facilitator"

    def admits(self, role: str | None) -> bool:
        """Whether someone new of this role may come in."""
        return not self.level or role == "facilitator"
