"""How much of the pictures a viewer's link is given, from how long packets wait in it. Pure.

A queue that grows means that more is sent than gets through, whatever else the link loses: a bad radio link that drops
every fifth packet and has room shows none.
"""

LATE, TOO_LATE = 0.2, 1.0
"""Seconds in a queue that count as late; and those after which only sound may go until it has drained."""
SHRINKING = 0.02
"""Seconds by which a queue that drains is shorter from one report to the next."""
REPORTS, LASTING = 2, 0.3
"""Late reports in a row, and seconds of them, that are believed: one key frame makes a queue too."""
STUBBORN = 1.0
"""Seconds after which a queue counts although everything should fit."""
SHARE = 0.85
"""Of what gets through when the link is full: the rest lets the queue drain."""
FIRST_PATIENCE, LONGEST_PATIENCE = 8.0, 60.0
"""Seconds without a full link before more is tried; doubled each time that fails. What is known to have been too much
is tried after the longest."""
TRIAL = 6.0
"""A full link so many seconds after a step up means that the step was too much."""
HOLD = 2.0
"""Seconds that a step down gets to show what it does."""


class Downlink:
    """`step` counts how many steps below everything the viewer gets: 0 is all that was asked for."""

    def __init__(self, steps: int) -> None:
        self.step = 0
        self.pending = False
        """Whether `decide` should be asked at once."""
        self._last = steps - 1
        self._queue = 0.0
        self._late = 0
        self._late_since = 0.0
        self._lasted = 0.0
        self._full_at: int | None = None
        self._carried: int | None = None
        """Bit/s of pictures that got through when the link was last full."""
        self._before: int | None = None
        """The step before reports ceased."""
        self._patience = FIRST_PATIENCE
        self._retry = HOLD
        self._changed = -HOLD
        self._raised = -LONGEST_PATIENCE

    @property
    def unsure(self) -> bool:
        """Whether pictures are off only until the next report tells why the last one stays away."""
        return self._before is not None

    def settled(self, now: float) -> bool:
        """Whether the step has been what it is for a while, and for a reason that is known."""
        return not self.unsure and now - self._changed > HOLD

    def heard(self, queue: float, carried: int, now: float) -> None:
        """Packets wait `queue` seconds; `carried` bit/s of pictures get through."""
        late = queue > LATE and queue > self._queue - SHRINKING
        if late and not self._late:
            self._late_since = now
        self._late = self._late + 1 if late else 0
        self._queue, self._lasted = queue, now - self._late_since
        resumed = self._before is not None
        if self._before is not None:
            self.step, self._before, self.pending = min(self.step, self._before), None, True
        if queue > LATE and (resumed or (self._late >= REPORTS and (self._lasted >= LASTING or queue > TOO_LATE))):
            self._carried = carried
            self._full_at = 0 if queue > TOO_LATE else int(carried * SHARE)
            self.pending = True

    def unanswered(self, now: float) -> None:
        """Nothing more is reported, although the viewer is there: take all pictures away until it is clear why."""
        if self.step < self._last:
            self._retry = HOLD if now - self._raised > TRIAL else self._patience
            self._before = self.step if self._before is None else min(self.step, self._before)
            self._full_at, self.pending = 0, True

    def decide(self, rates: list[int], now: float) -> int:
        """The step from now on; `rates` are the bit/s of the pictures on each step, largest first."""
        self.pending = False
        if self._full_at is not None:
            self._lower(rates, self._full_at, now)
            self._full_at = None
        elif self.step and rates[0] and now - self._changed >= self._wait(rates):
            self._raise(rates, now)
        return self.step

    def _wait(self, rates: list[int]) -> float:
        if self.unsure:
            return self._retry
        known = self._carried is not None and rates[self.step - 1] > self._carried
        return LONGEST_PATIENCE if known else self._patience

    def _raise(self, rates: list[int], now: float) -> None:
        """One step up, and all above it that cost no more; after a silence, what was there before it."""
        self.step, self._before = self.step - 1 if self._before is None else self._before, None
        while self.step and rates[self.step - 1] <= rates[self.step]:
            self.step -= 1
        self._changed = self._raised = now

    def _lower(self, rates: list[int], budget: int, now: float) -> None:
        fitting = [step for step, rate in enumerate(rates) if rate <= budget]
        wanted = fitting[0] if fitting else self._last
        if wanted <= self.step and (self._lasted < STUBBORN or now - self._changed <= HOLD):
            return
        self.step = min(self._last, max(self.step + 1, wanted))
        if now - self._raised < TRIAL:
            self._patience = min(LONGEST_PATIENCE, self._patience * 2)
        self._changed = now
