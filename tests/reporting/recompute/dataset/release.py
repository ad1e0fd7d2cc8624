"""Which people a table counts: batches of whole groups, so that no two reports ever differ by 1 to 4 people."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from tests.reporting.recompute.dataset.rows import Row
from tests.reporting.recompute.words import too_plain

Batches = list[list[Row]]
Counts = list[list[int]]
"""The numbers of a table, row by row; the numbers of one row are of different people."""


@dataclass(frozen=True)
class Release:
    """The rows that are counted, batch by batch, and the places in each row of the table that may be told."""

    batches: Batches
    told: list[set[int]]

    @property
    def rows(self) -> list[Row]:
        return sorted(chain.from_iterable(self.batches), key=lambda row: row["person"])

    def hide(self, row: int, counts: list[int]) -> list[int | None]:
        told = self.told[row] if self.batches else set()
        return [count if place in told else None for place, count in enumerate(counts)]


def released(batches: Batches, table: Callable[[list[Row]], Counts]) -> Release:
    """Each time against the table as it was released last: it may be released again when each number told then, and
    the others of its row together, differ by nobody or by 5 or more.
    """
    found: Batches = []
    start, last = 0, table([])
    told: list[set[int]] = [set() for _ in last]
    for end in range(1, len(batches) + 1):
        now = table([*chain.from_iterable(batches[:end])])
        differ = [np.subtract(*rows) for rows in zip(now, last, strict=True)]
        sums = [
            [*(row[place] for place in seen), row.sum() - sum(row[place] for place in seen)]
            for row, seen in zip(differ, told, strict=True)
        ]
        if not any(0 < each < 5 for each in chain.from_iterable(sums)):
            found.append([*chain.from_iterable(batches[start:end])])
            told = [wider(row, seen) for row, seen in zip(now, told, strict=True)]
            start, last = end, now
    return Release(found, told)


def wider(row: list[int], told: set[int]) -> set[int]:
    """Those told before, and those of 5 or more but as many as it takes to hide the smaller ones: the last of the row
    first, then the smallest.
    """
    others = [place for place in range(len(row)) if place not in told]
    secret = [place for place in others if row[place] < 5]
    open_ = sorted(set(others) - {*secret}, key=lambda place: (place < len(row) - 1, row[place]))
    for place in open_:
        if secret and too_plain([row[each] for each in secret]):
            secret.append(place)
    return {*range(len(row))} - {*secret}


def apart(differences: list[int]) -> bool:
    """Whether a number may stand beside another one that so many more people are not in, batch by batch."""
    since = 0
    for each in differences:
        since = each if since == 0 or since >= 5 else since + each
    return since == 0 or since >= 5
