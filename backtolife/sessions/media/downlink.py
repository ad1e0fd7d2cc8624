"""What a viewer's link carries, read from the estimates (REMB) and the losses that browsers report. Pure.

A browser's estimate climbs slowly while all is well and says nothing then; a fall is what counts: the link is full,
and the estimate just below what got through. A busy machine at either end looks like a full link for a moment: one
fall is a suspicion, one that follows is believed. A link whose queue stays full no longer becomes
slower, so that no estimate falls: it loses.
"""

FALL = 0.92
"""An estimate below this share of the highest one lately is a fall."""
CONFIRMED, SUSPICION = 0.5, 4.0
"""Seconds after a fall in which another one confirms it: not before the moment is over, not much later."""
FIRST_PATIENCE, LONGEST_PATIENCE = 8.0, 60.0
"""Seconds without a fall before one step more is tried; doubled each time that fails."""
FAR, BOLD_PATIENCE = 1.5, 20.0
"""A step that needs more than so many times what got through last, or a first picture, is tried after this at least:
each trial that fails costs some sound.
"""
LOSING, LOSING_IN_TRIAL = 0.35, 0.12
"""Shares of lost packets that mean a full link: a bad one that has room loses a fifth, one just tried hardly any."""
SETTLING = 1.5
"""Seconds in which reports may still speak of the step before."""
TRIAL = 6.0
"""A fall so many seconds after a step up means that the step was too much."""


class Downlink:
    """`step` counts how many steps below everything the viewer gets: 0 is all that was asked for."""

    def __init__(self, steps: int) -> None:
        self.step = 0
        self._last = steps - 1
        self._highest = 0
        self._full_at: int | None = None
        self._suspected = self._raised = -LONGEST_PATIENCE
        self._patience = FIRST_PATIENCE
        self._through = 0
        """What got through when the link was full last."""
        self._changed = 0.0

    def heard(self, estimate: int) -> bool:
        """An estimate in bit/s; whether it is a fall, so that `decide` should not wait."""
        fell = estimate < self._highest * FALL
        if fell:
            self._full_at = self._highest = estimate
        self._highest = max(self._highest, estimate)
        return fell

    def decide(self, rates: list[int], now: float, lost: float = 0.0) -> int:
        """The step from now on.

        `rates` are the bit/s of the picture on each step, largest first; `lost` is the share (0 to 1) of it that the
        viewer misses at present.
        """
        budget, self._full_at = self._full_at, None
        trying = now - self._raised < TRIAL
        settled = now - self._changed >= SETTLING
        if settled and lost >= (LOSING_IN_TRIAL if trying else LOSING):
            through = int(rates[self.step] * (1 - lost))
            self._lower(rates, min(through, budget or through), now, trying=trying)
        elif budget is not None and budget < rates[self.step]:
            since = now - self._suspected
            if trying or (settled and CONFIRMED <= since < SUSPICION):
                self._lower(rates, budget, now, trying=trying)
            elif since >= SUSPICION:
                self._suspected = now
        elif budget is None and self.step and now - self._changed >= self._wait(rates):
            self.step -= 1
            self._changed = self._raised = now
            self._highest = 0
        return self.step

    def _wait(self, rates: list[int]) -> float:
        bold = self.step == self._last or rates[self.step - 1] > self._through * FAR
        return max(self._patience, BOLD_PATIENCE) if bold else self._patience

    def _lower(self, rates: list[int], budget: int, now: float, *, trying: bool) -> None:
        fitting = next((step for step, rate in enumerate(rates) if rate <= budget), self._last)
        self.step = min(self._last, max(self.step + 1, fitting))
        self._through = budget
        self._suspected = self._raised = -LONGEST_PATIENCE
        if trying:
            self._patience = min(LONGEST_PATIENCE, self._patience * 2)
        self._changed = now
