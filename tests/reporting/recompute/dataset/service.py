"""The people of one service and the batches in which each table counts them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, takewhile

from tests.reporting.recompute.dataset.release import Batches, Counts, Release, released
from tests.reporting.recompute.dataset.rows import LEADING, Row, gain_of, said_yes, started, steps_of, took


@dataclass(frozen=True)
class Service:
    """`every` are the rows of all groups that have ended."""

    every: list[Row]

    @cached_property
    def waves(self) -> Batches:
        """Of who was offered a place, said yes, came and stayed: what all other batches are made of."""

        def counts(rows: list[Row]) -> Counts:
            offered, came, stayed, _ = steps_of(rows)
            return [[offered], [sum(map(said_yes, rows))], [came], [stayed]]

        def day(row: Row) -> str:
            return row["ended_on"]

        days = [[*rows] for _, rows in groupby(sorted(self.every, key=day), key=day)]
        return released(days, counts).batches

    @cached_property
    def steps(self) -> Release:
        """The rows that the steps and the tables of groups count: those measured in batches too."""
        return released(self.both(LEADING).batches, lambda rows: [[steps_of(rows)[-1]]])

    @property
    def rows(self) -> list[Row]:
        return self.steps.rows

    def of(self, table: Callable[[list[Row]], Counts]) -> Release:
        return released(self.waves, table)

    def both(self, scale: str, milestone: str = "end") -> Release:
        """Those who came with both scores."""
        closed = takewhile(lambda rows: len(are_closed(rows, milestone)) == len(rows), self.waves)
        return released([*closed], lambda rows: [[len(with_both(rows, scale, milestone))]])

    def completers(self, scale: str) -> Release:
        """Those of them who completed, and the others."""
        within = self.steps if scale == LEADING else self.both(scale)

        def counts(rows: list[Row]) -> Counts:
            there = with_both(rows, scale)
            stayed = sum(took(row)["stayed"] for row in there)
            return [[stayed], [len(there) - stayed]]

        return released(within.batches, counts)

    def newer(self, rows: list[Row], milestone: str = "end") -> str:
        """How many groups wait, as an explanation says it."""
        over = {row["group"] for row in are_closed(self.every, milestone)}
        waiting = len(over - {row["group"] for row in rows})
        return f"; {waiting} newer {'one waits' if waiting == 1 else 'ones wait'}" if waiting else ""


def are_closed(rows: list[Row], milestone: str) -> list[Row]:
    """Those whose group's numbers at the milestone do not change any more."""
    return [row for row in rows if milestone.replace("_", "-") in row["closed"].split()]


def with_both(rows: list[Row], scale: str, milestone: str = "end") -> list[Row]:
    return [row for row in started(rows) if gain_of(row, scale, 1, milestone) is not None]
