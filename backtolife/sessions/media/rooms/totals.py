"""Counters of what was forwarded to whom, kept beyond the streams themselves: they prove that a private camera stayed
so.
"""

from collections import Counter
from collections.abc import Iterator

from backtolife.sessions.media.tracks.egress import DownTrack

Labels = tuple[str, ...]
NAMES = ("kind", "source", "camera_to", "viewer_role")


class Totals:
    def __init__(self) -> None:
        self._live: set[DownTrack] = set()
        self._packets: Counter[Labels] = Counter()
        self._octets: Counter[Labels] = Counter()

    def begin(self, down: DownTrack) -> None:
        self._live.add(down)
        self._packets[down.labels] += 0

    def end(self, down: DownTrack) -> None:
        """Count a stream that is over."""
        if down in self._live:
            self._live.discard(down)
            self._packets[down.labels] += down.copy.packets + down.repeated
            self._octets[down.labels] += down.copy.octets

    def rows(self) -> Iterator[tuple[Labels, int, int]]:
        """Labels (see `NAMES`), packets and payload octets of everything since the start."""
        packets, octets = self._packets.copy(), self._octets.copy()
        for down in self._live:
            packets[down.labels] += down.copy.packets + down.repeated
            octets[down.labels] += down.copy.octets
        for labels, count in packets.items():
            yield labels, count, octets[labels]
