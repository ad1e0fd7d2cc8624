"""Hiding small numbers, and as many others as it takes so that no hidden one can be worked out by subtraction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

SMALLEST_SHOWN = 5


@dataclass(frozen=True)
class Shown:
    """A column of counts with its total as they may be shown: None is hidden."""

    cells: tuple[int | None, ...]
    total: int | None


def suppress(counts: Sequence[int], forced: Collection[int] = ()) -> Shown:
    """The column `counts` and its total, with every number under 5 hidden, and the rows in `forced` as well.

    What is hidden never adds up, as total minus what is shown, to a single number or to one under 5: the smallest
    shown cells follow until that holds, and the total itself when nothing else is left.
    """
    hidden = {place for place, count in enumerate(counts) if count < SMALLEST_SHOWN} | set(forced)
    total = sum(counts)
    shown = sorted((place for place in range(len(counts)) if place not in hidden), key=lambda place: counts[place])
    while hidden and shown and too_plain([counts[place] for place in hidden]):
        hidden.add(shown.pop(0))
    total_hidden = total < SMALLEST_SHOWN or (bool(hidden) and too_plain([counts[place] for place in hidden]))
    cells = tuple(None if place in hidden else count for place, count in enumerate(counts))
    return Shown(cells, None if total_hidden else total)


def too_plain(hidden: Sequence[int]) -> bool:
    """Whether the sum of what is hidden gives something away."""
    return len(hidden) == 1 or sum(hidden) < SMALLEST_SHOWN
