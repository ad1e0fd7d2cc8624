"""What a viewer's link carries, read from the estimates (REMB) that browsers send. Pure.

A browser's estimate climbs slowly while all is well and says nothing then; a fall is what counts: the link is full,
and the estimate just below what got through.
"""

FALL = 0.92
"""An estimate below this share of the highest one lately is a fall."""
FIRST_PATIENCE, LONGEST_PATIENCE = 8.0, 60.0
"""Seconds without a fall before one step more is tried; doubled each time that fails."""
TRIAL = 6.0
"""A fall so many seconds after a step up means that the step was too much."""


class Downlink:
    """`step` counts how many steps below everything the viewer gets: 0 is all that was asked for."""

    def __init__(self, steps: int) -> None:
        self.step = 0
        self._last = steps - 1
        self._highest = 0
        self._full_at: int | None = None
        self._patience = FIRST_PATIENCE
        self._changed = 0.0
        self._raised = -LONGEST_PATIENCE

    def heard(self, estimate: int) -> None:
        """An estimate in bit/s."""
        if estimate < self._highest * FALL:
            self._full_at = estimate
            self._highest = estimate
        self._highest = max(self._highest, estimate)

    def decide(self, rates: list[int], now: float) -> int:
        """The step from now on; `rates` are the bit/s of the picture on each step, largest first."""
        if self._full_at is not None:
            self._lower(rates, self._full_at, now)
            self._full_at = None
        elif self.step and now - self._changed >= self._patience:
            self.step -= 1
            self._changed = self._raised = now
            self._highest = 0
        return self.step

    def _lower(self, rates: list[int], budget: int, now: float) -> None:
        fitting = [step for step, rate in enumerate(rates) if rate <= budget]
        if not fitting or fitting[0] > self.step or now - self._changed > 2:
            self.step = min(self._last, max(self.step + 1, fitting[0] if fitting else self._last))
            if now - self._raised < TRIAL:
                self._patience = min(LONGEST_PATIENCE, self._patience * 2)
            self._changed = now
