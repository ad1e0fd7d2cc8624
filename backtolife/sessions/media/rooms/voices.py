"""Which voices are forwarded: every facilitator's, and of the others the loudest few.

Packets, not bits, are what a group costs, and nobody follows five voices at once. A voice without a place is `held`:
it is still measured, and takes the quietest one's place with its first loud packet. A viewer whose link carries no
more than one voice gets the `foremost` of the others'.
"""

from backtolife.sessions.media.packets import rtp
from backtolife.sessions.media.tracks.uptrack import UpTrack

MOST = 4
"""Voices forwarded besides the facilitators'."""
LOUDER = 6.0
"""By how many dB a voice must exceed the quietest one that has a place."""
FADING = 0.8
"""Share of its loudness that a voice keeps over a tick of 100 ms: a pause between words costs no place."""


class Voices:
    """The sound tracks of one room."""

    def __init__(self) -> None:
        self._always: set[UpTrack] = set()
        self._loudness: dict[UpTrack, float] = {}
        """How far above silence, in dB, lately."""

    def add(self, track: UpTrack, *, always: bool) -> None:
        """Take a voice in; it has a place at once while there is one."""
        if always:
            self._always.add(track)
        else:
            track.held = len(self.heard()) >= MOST
            track.waits_for_place = self
        self._loudness[track] = 0.0

    def remove(self, track: UpTrack, now: float) -> None:
        """A voice is over; the loudest held one takes its place."""
        known = self._loudness.pop(track, None) is not None
        if known and not track.held and track not in self._always:
            self._fill(now)
        self._always.discard(track)

    def change(self, track: UpTrack, *, always: bool, now: float) -> None:
        """Its owner became a facilitator, or no longer is one."""
        if always == (track in self._always):
            return
        self.remove(track, now)
        track.waits_for_place = None
        if track.held:
            track.release(now)
        self.add(track, always=always)
        if track.held:
            track.hold(now)

    def heard(self) -> list[UpTrack]:
        """The voices that have a place and could lose it."""
        return [track for track in self._loudness if not track.held and track not in self._always]

    def claim(self, track: UpTrack, level: int, now: float) -> None:
        """A held voice speaks at `level` -dBov: it gets a place if someone in one is quieter."""
        loudness = float(rtp.SILENCE - level)
        heard = self.heard()
        if len(heard) >= MOST:
            quietest = min(heard, key=lambda one: self._loudness[one])
            if loudness < self._loudness[quietest] + LOUDER:
                return
            quietest.hold(now)
        self._loudness[track] = loudness
        track.release(now)

    def tick(self) -> None:
        """Every 100 ms: what was loud fades, unless it still is."""
        for track, before in self._loudness.items():
            self._loudness[track] = max(float(rtp.SILENCE - track.take_recent()), before * FADING)

    def foremost(self, before: UpTrack | None, among: list[UpTrack]) -> UpTrack | None:
        """The one voice for someone who can take only one: `before`, until another is clearly louder."""
        loudest = max(among, key=self._rank, default=None)
        if before in among and loudest is not None and self._rank(loudest) <= self._rank(before) + LOUDER:
            return before
        return loudest

    def _rank(self, track: UpTrack | None) -> float:
        """How loud a voice is that is forwarded; others come last."""
        return -LOUDER if track is None or track.held or track.blocked else self._loudness.get(track, 0.0)

    def _fill(self, now: float) -> None:
        held = [track for track in self._loudness if track.held]
        if held and len(self.heard()) < MOST:
            max(held, key=lambda one: self._loudness[one]).release(now)
