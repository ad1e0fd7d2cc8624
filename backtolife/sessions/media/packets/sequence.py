"""Sequence numbers that wrap, and the gaps in them that are worth asking for again."""

from dataclasses import dataclass, field

HALF = 0x8000
RETRY_AFTER = 0.1
"""Seconds between two requests for the same packet."""
MOST_REQUESTS = 5
WIDEST_GAP = 200
"""A jump wider than this is a new beginning, not a loss."""


class Extender:
    """Widens 16 bit numbers to ones that never wrap, relative to the highest seen so far."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.highest = 0

    def extend(self, number: int) -> int:
        """The full number of this packet; `highest` moves when it is newer than all before."""
        if self.first is None:
            self.first = self.highest = number + 0x10000
            return self.highest
        full = self.highest + ((number - self.highest + HALF) & 0xFFFF) - HALF
        self.highest = max(self.highest, full)
        return full

    def find(self, number: int) -> int:
        """The full number without moving `highest`."""
        return self.highest + ((number - self.highest + HALF) & 0xFFFF) - HALF

    @property
    def expected(self) -> int:
        """How many packets there would be had none been lost."""
        return 0 if self.first is None else self.highest - self.first + 1


@dataclass(slots=True)
class Due:
    """What a tick has to do: ask again for `again`; after `lost` only a key frame helps."""

    again: list[int] = field(default_factory=list)
    lost: bool = False


class Gaps:
    """Packets known to be missing, by full number, with when and how often each was asked for."""

    def __init__(self) -> None:
        self._missing: dict[int, tuple[float, int]] = {}

    def __len__(self) -> int:
        return len(self._missing)

    def jumped(self, previous: int, current: int, now: float) -> list[int]:
        """Note the numbers skipped between two packets; returns those to ask for at once."""
        if not 1 < current - previous < WIDEST_GAP:
            return []
        skipped = list(range(previous + 1, current))
        for number in skipped:
            self._missing[number] = (now, 1)
        return skipped

    def filled(self, number: int) -> bool:
        """Whether this packet was missing until now."""
        return self._missing.pop(number, None) is not None

    def due(self, now: float) -> Due:
        """What to ask for again. A packet asked for `MOST_REQUESTS` times is given up."""
        result = Due()
        for number, (since, requests) in list(self._missing.items()):
            if now - since < RETRY_AFTER * requests:
                continue
            if requests >= MOST_REQUESTS:
                del self._missing[number]
                result.lost = True
            else:
                self._missing[number] = (since, requests + 1)
                result.again.append(number)
        return result

    def clear(self) -> None:
        self._missing.clear()
