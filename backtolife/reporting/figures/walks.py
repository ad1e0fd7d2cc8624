"""Somebody's way through the programme: which steps they took, and their scores of the leading measure."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from backtolife.reporting.analysis.basics.basis import Pair, gain
from backtolife.reporting.dataset.shape import Member
from backtolife.reporting.figures.measures import Measure, is_paired
from backtolife.reporting.figures.scope import completed


def reached(member: Member, measure: Measure | None) -> tuple[bool, ...]:
    """Which of offered, said yes, started, completed, measured somebody reached; never one without those before."""
    whole = completed(member)
    return (
        True,
        member.said_yes,
        member.started,
        whole,
        whole and measure is not None and is_paired(measure, member),
    )


class Walk(NamedTuple):
    """Somebody, which steps they reached, and their scores of the leading measure before and at the end."""

    member: Member
    flags: tuple[bool, ...]
    before: float | None
    after: float | None

    @property
    def paired(self) -> bool:
        """Whether both scores are there."""
        return self.before is not None and self.after is not None


def walks(members: Iterable[Member], measure: Measure | None) -> list[Walk]:
    key = measure.key if measure else ""
    found = []
    for member in members:
        held = member.scores.get(key, {})
        found.append(Walk(member, reached(member, measure), held.get("baseline"), held.get("end")))
    return found


def counts_of(people: Sequence[Walk]) -> list[int]:
    """How many were offered a place, came, stayed and were measured."""
    reached_by = [sum(each) for each in zip(*(walk.flags for walk in people), strict=True)] or [0] * 5
    return [reached_by[place] for place in (0, 2, 3, 4)]


def gained(people: Iterable[Walk], measure: Measure) -> list[float]:
    """Each paired person's improvement from the start to the end."""
    up = measure.better_up
    return [
        gain(Pair(each.before, each.after), up) for each in people if each.before is not None and each.after is not None
    ]


def mean_gain(people: Sequence[Walk], measure: Measure) -> float | None:
    """The mean improvement of those who came at all and have both scores."""
    found = gained((each for each in people if each.member.started), measure)
    return fmean(found) if found else None
