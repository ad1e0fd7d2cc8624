"""What every figure says about itself: how many, of how many, when, who, and how it was computed."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backtolife.errors import Invalid

Value = float | None
"""A score; None is missing."""

DIGITS = 9
"""Scores have a few decimals; what a binary fraction adds after these is noise, not spread."""


@dataclass(frozen=True, slots=True)
class About:
    """What the caller knows: the window the answers came from, and who was counted, both in plain words.

    `waiting` are the groups that have ended and are not counted yet.
    """

    window: str
    population: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Basis:
    """`n` entered the figure, `of` could have; `how` says in plain words how it was computed."""

    n: int
    of: int
    window: str
    population: str
    how: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; `level` is the confidence, 0.95 for 95 %."""

    low: float
    high: float
    level: float = 0.95


class Pair(NamedTuple):
    """Two scores of one person, both there."""

    before: float
    after: float


def basis(about: About, n: int, of: int, how: str) -> Basis:
    """The basis of a figure from `n` of `of` people."""
    return Basis(n, of, about.window, about.population, how, about.waiting)


def pairs_of(before: Sequence[Value], after: Sequence[Value]) -> Counter[Pair]:
    """Those with both scores: each pair there is, with how many people have it.

    Raises Invalid where the two do not belong together or a score is not a number.
    """
    if len(before) != len(after):
        raise Invalid("Give one score before and one after for each person, None where there is none.")
    found: Counter[Pair] = Counter()
    for (one, two), people in Counter(zip(before, after, strict=True)).items():
        if one is not None and two is not None:
            found[Pair(finite(one), finite(two))] += people
    return found


def finite(value: float) -> float:
    """The value itself. Raises Invalid for what is not a finite number: missing is None here, never a code."""
    if not math.isfinite(value):
        raise Invalid("A score must be a number. Leave a missing one out.")
    return float(value)


def gain(pair: Pair, higher_is_better: bool) -> float:
    """How much better the person is: above 0 whichever way the instrument runs."""
    rise = round(pair.after - pair.before, DIGITS)
    return rise if higher_is_better else -rise
