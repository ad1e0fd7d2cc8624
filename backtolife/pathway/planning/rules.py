"""What a plan assumes, what may be assumed, and how many years that were played through are told as a range."""

from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = 12
REPLICATIONS = 1000
MOST_WAITING = 2000
MOST_ARRIVALS = 200
MOST_GROUPS = 20
MOST_GIVES_UP = 90
"""Per cent of the list in a month."""
MOST_PLACES = 14
"""As in a group of the programme."""
LEAST_SPAN_DAYS = 90
"""How long a service must have been at work before its own figures say anything of a month."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a plan rests on. Shares are from 0 to 1."""

    waiting: int
    """People on the list today."""
    arrivals: float
    """People who come onto the list in a month, on average."""
    gives_up: float
    """Of those on the list, the share that leaves it in a month without a place."""
    says_yes: float
    """Of those who are offered a place, the share that takes it."""
    drops_out: float
    """Of those who took a place, the share that does not complete."""
    groups: float
    """Groups that begin in a month; 0.5 is one every two months."""
    places: int
    """Places in each."""


@dataclass(frozen=True, slots=True)
class Year:
    """One year as it may go. Months are counted from today."""

    lengths: tuple[int, ...]
    """People on the list at the end of each month."""
    wait: float | None
    """Months until somebody who comes onto the list today is offered a place; None where they still wait at the end."""
    completed: int
    """People who complete, of the groups that begin in this year."""
    empty: int
    """Places in these groups that nobody took."""


@dataclass(frozen=True, slots=True)
class Range:
    """The middle of many years, and what 1 in 10 lies below and 1 in 10 above. None is: not within the year."""

    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What many years come to."""

    months: tuple[Range, ...]
    wait: Range
    completed: Range
    empty: Range
    years: int


def outlook(years: Sequence[Year]) -> Outlook:
    """The ranges over all `years`, of which there is at least one."""
    return Outlook(
        months=tuple(over(column) for column in zip(*(year.lengths for year in years), strict=True)),
        wait=over([year.wait for year in years]),
        completed=over([year.completed for year in years]),
        empty=over([year.empty for year in years]),
        years=len(years),
    )


def over(values: Sequence[float | None]) -> Range:
    """The 1st, 5th and 9th tenth of `values`; who still waits has waited longer than anybody."""
    ordered = sorted(values, key=lambda value: float("inf") if value is None else value)

    def at(tenth: int) -> float | None:
        return ordered[min(len(ordered) - 1, len(ordered) * tenth // 10)]

    return Range(at(1), at(5), at(9))
