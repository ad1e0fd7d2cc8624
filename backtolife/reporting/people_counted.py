"""Which people a figure counts: they come in batches, so that no two reports ever differ by 1 to 4 of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import add
from typing import Generic, TypeVar

from backtolife.reporting.suppression import SMALLEST_SHOWN, too_plain

Part = TypeVar("Part")
Counts = Sequence[Sequence[int]]
"""The numbers of a table, as sets that do not overlap within one row: each row is somebody's answer once."""


@dataclass(frozen=True, slots=True)
class Release(Generic[Part]):
    """`batches` are counted, in order; what came after them waits. `told` are the cells that may be shown, by row."""

    batches: tuple[tuple[Part, ...], ...]
    told: tuple[frozenset[int], ...] = ()

    @property
    def parts(self) -> list[Part]:
        """Everything that is counted."""
        return [*chain.from_iterable(self.batches)]

    def tells(self, row: int, cell: int = 0) -> bool:
        return bool(self.batches) and cell in self.told[row]


def released(parts: Iterable[Sequence[Part]], counts: Callable[[Sequence[Part]], Counts]) -> Release[Part]:
    """The batches of a table, whose numbers `counts` gives for some parts of the service.

    `parts` come in the order in which they ended; more are only ever added behind. A batch is full once each number
    that was told before has grown by nobody or by at least 5, and so has what is left over in its row. So the numbers
    of any two releases, and what is left over, differ by nobody or by at least 5. A number is told for the first time
    when it is at least 5 and does not give away those that are still hidden.
    """
    batches: list[tuple[Part, ...]] = []
    waiting: list[Part] = []
    new: Counts = ()
    total: Counts = ()
    told: tuple[frozenset[int], ...] = ()
    settled = False
    for part in parts:
        waiting += part
        new = added(new, counts(part))
        told = told or (frozenset(),) * len(new)
        if all(map(may_follow, new, told)):
            if not settled:
                total = added(total, new)
                told = tuple(map(told_of, total, told))
                settled = [*map(len, told)] == [*map(len, total)]
            batches.append(tuple(waiting))
            waiting, new = [], ()
    return Release(tuple(batches), told)


def added(ones: Counts, twos: Counts) -> Counts:
    """Cell by cell; nothing yet counts as 0."""
    return [[*map(add, *rows)] for rows in zip(ones, twos, strict=True)] if ones else twos


def may_follow(new: Sequence[int], told: frozenset[int]) -> bool:
    """Whether the numbers told before may grow by these."""
    left_over = sum(new)
    for cell in told:
        left_over -= new[cell]
        if 0 < new[cell] < SMALLEST_SHOWN:
            return False
    return not 0 < left_over < SMALLEST_SHOWN


def told_of(total: Sequence[int], before: frozenset[int]) -> frozenset[int]:
    """The cells that may be told: those of `before`, and others as far as they do not give a hidden one away.

    What must be hidden with a small one is first the last of the row, which tables say least of, then the smallest.
    """
    hidden = [cell for cell, count in enumerate(total) if cell not in before and count < SMALLEST_SHOWN]
    new = [cell for cell in range(len(total)) if cell not in before and cell not in hidden]
    new.sort(key=lambda cell: (cell != len(total) - 1, total[cell]))
    while hidden and new and too_plain([total[cell] for cell in hidden]):
        hidden.append(new.pop(0))
    return before | frozenset(new)


def stands_apart(differences: Iterable[int]) -> bool:
    """Whether a number may stand beside another one that `differences` people are not in as well, batch by batch.

    It is shown in the releases where those are nobody or at least 5 since it was last shown, and hidden in the others.
    """
    shown, since = True, 0
    for count in differences:
        since += count
        shown = since == 0 or since >= SMALLEST_SHOWN
        since = 0 if shown else since
    return shown
