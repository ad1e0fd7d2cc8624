"""Whether a client's own link has room for its picture beside its voice, by how late its sound comes. Pure.

Sound says in its timestamps when it was taken up. The two clocks differ by an amount nobody knows, but the quickest
packet of late shows what the way takes when nothing waits: what a packet takes longer, it stood in a queue. The
sender's own estimate keeps a picture within most links; on one that carries little more than a voice it does not.
"""

from backtolife.sessions.media.packets.queue_delay import WINDOW, Least

ALL, SMALL, NONE = 0, 1, 2
"""What of the picture is asked for."""
LATE, TOO_LATE = 0.25, 1.0
"""Seconds in a queue that count as late; and those after which no picture may go."""
LASTING, HOLD = 0.5, 1.0
"""Seconds of lateness that are believed, and that a step gets to show what it does."""
GAP = 0.6
"""Seconds without sound after which the clocks are compared anew: a muted microphone may stand still. Even silence
is sent every 0.4 s."""
STILL, LEAST_STILL, CALM = 0.2, 0.05, 1.0
"""Seconds without sound in which its clock may have stood still, as while another microphone is taken; the shortest
standstill that counts; and the seconds after such a gap in which another one is the link's doing."""
FIRST_PATIENCE, LONGEST_PATIENCE, TRIAL = 30.0, 240.0, 12.0
"""Seconds without lateness before more is asked for, doubled when it came to nothing within `TRIAL`."""
HALF, WHOLE = 1 << 31, 1 << 32


class Uplink:
    """`step` is what of the picture is asked for."""

    def __init__(self) -> None:
        self.step = ALL
        self.queue = 0.0
        self._least = Least(WINDOW)
        self._last: tuple[int, float] | None = None
        """The newest timestamp, unfolded, and when it came."""
        self._late_since: float | None = None
        self._stood, self._stood_at = 0.0, -CALM
        """Seconds for which the client's clock stood still in all, and when it last did."""
        self._changed = self._eased = -LONGEST_PATIENCE
        self._raised = -LONGEST_PATIENCE
        self._patience = FIRST_PATIENCE

    def heard(self, timestamp: int, came: float, clock: int) -> None:
        """A packet with this timestamp, of 32 bits and `clock` ticks a second, came at `came` seconds."""
        last = self._last
        if last is None or came - last[1] > GAP:
            self._least, self._late_since, full = Least(WINDOW), None, timestamp
        else:
            full = last[0] + ((timestamp - last[0] + HALF) % WHOLE) - HALF
            self._look_for_standstill(came, came - last[1], (full - last[0]) / clock)
        self._last = (full, came)
        way = came - full / clock - self._stood
        self.queue = way - self._least.of(way, came)
        if self.queue <= LATE:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = came
        if self.queue > LATE:
            self._eased = came

    def _look_for_standstill(self, came: float, gap: float, taken_up: float) -> None:
        """Sound came after a `gap` in which `taken_up` seconds of it were taken up.

        A clock that stood still leaves a gap out of nothing, and what follows keeps its distance. A queue grows while
        sound comes; of a link that stopped for a moment what was held up comes at once, or brings the least way down.
        """
        if gap <= STILL or gap - taken_up <= LEAST_STILL:
            return
        if self.queue <= LATE and came - self._stood_at > CALM:
            self._stood += gap - taken_up
        self._stood_at = came

    def begin_anew(self) -> None:
        """What is heard from now on is another sound: its timestamps say nothing about those before."""
        self._last, self._late_since = None, None

    def decide(self, now: float) -> int:
        """The step from now on."""
        late = self._late_since is not None and self._last is not None and self._last[1] - self._late_since >= LASTING
        if late and self.step < NONE and (now - self._changed >= HOLD or self.queue > TOO_LATE):
            if now - self._raised < TRIAL and self.step < NONE:
                self._patience = min(LONGEST_PATIENCE, 2 * self._patience)
            self.step, self._changed = NONE if self.queue > TOO_LATE else self.step + 1, now
        elif self.step and now - max(self._changed, self._eased) >= self._patience:
            self.step, self._changed, self._raised = self.step - 1, now, now
        return self.step
