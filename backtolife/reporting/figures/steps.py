"""From referral to being measured: for all, by who people are, and by group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from backtolife.people.traits import NOT_SAID, TRAITS, Trait
from backtolife.reporting.analysis.basis import About, Interval, Pair, gain
from backtolife.reporting.analysis.breakdown import Breakdown, breakdown
from backtolife.reporting.analysis.completion import Completion, completion
from backtolife.reporting.analysis.paired import paired_change
from backtolife.reporting.dataset.shape import Data, Group, Member
from backtolife.reporting.figures.measures import Measure, is_paired
from backtolife.reporting.figures.scope import ENOUGH, about, completed, members_of
from backtolife.reporting.suppression import SMALLEST_SHOWN

STEPS = ("Referred", "Offered a place", "Said yes", "Came to a session", f"Came to {ENOUGH} or more", "Measured")
FAIR = ("Offered a place", "Came to a session", f"Came to {ENOUGH} or more", "Measured")
WINDOW = "From referral to the end of session 8"
MEASURED = "came to 6 or more, and gave a score of the leading measure both before the start and at the end"


def reached(member: Member, measure: Measure | None) -> tuple[bool, ...]:
    """Which of offered, said yes, started, completed, measured somebody reached; never one without those before."""
    whole = completed(member)
    return (
        True,
        member.said_yes,
        member.sessions > 0,
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


def funnel(data: Data, groups: Sequence[Group], measure: Measure | None, *, whole_service: bool) -> Completion:
    """The steps. Only the whole service begins at referral: those without a place belong to no group."""
    flags = [reached(member, measure) for member in members_of(data, groups)]
    counts = [sum(each) for each in zip(*flags, strict=True)] if flags else [0] * 5
    steps = list(zip(STEPS[1:], counts, strict=True))
    if whole_service:
        last = max((group.first_day for group in groups), default="")
        steps.insert(0, (STEPS[0], counts[0] + sum(day <= last for day, _ in data.waiting)))
    held = "Everyone referred who was offered a place, or was still without one when the last of these groups began"
    population = held if whole_service else "Everyone offered a place"
    return completion(steps, about=about(groups, WINDOW, population))


@dataclass(frozen=True, slots=True)
class MeanOf:
    """The mean improvement of the measured people in one row; None where their number is hidden or no two are there."""

    improvement: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """One trait: who took each step, and how those measured fared."""

    trait: Trait
    table: Breakdown
    means: tuple[MeanOf, ...]
    """In the order of the rows; the last is everyone. Empty where those who did not complete are too few to be left
    out of everyone who started: the difference would be their figure."""


def fairness(data: Data, groups: Sequence[Group], measure: Measure | None) -> list[Fairness]:
    """Every trait that somebody has told us."""
    everyone = walks(members_of(data, groups), measure)
    told = [trait for trait in TRAITS if any(each.member.traits.get(trait.id, "") for each in everyone)]
    compared = measure if measure is not None and safe(everyone) else None
    return [fair(trait, everyone, about(groups, WINDOW, "Everyone offered a place"), compared) for trait in told]


def fair(trait: Trait, everyone: Sequence[Walk], said: About, measure: Measure | None) -> Fairness:
    """`measure` is None where no mean may be shown."""
    names = {**trait.options, NOT_SAID: "Not said"}
    inside: dict[str, list[Walk]] = {key: [] for key in names}
    for walk in everyone:
        inside[walk.member.traits.get(trait.id, "") or NOT_SAID].append(walk)
    there = {key: people for key, people in inside.items() if people}
    table = breakdown(FAIR, {names[key]: counts_of(people) for key, people in there.items()}, about=said)
    if measure is None:
        return Fairness(trait, table, ())
    rows = [*there.values(), everyone]
    shown = [*table.rows, table.everyone]
    means = tuple(
        mean_of([each for each in people if each.flags[4]], measure, said)
        if row.cells[3].count is not None
        else MeanOf(None, None)
        for people, row in zip(rows, shown, strict=True)
    )
    return Fairness(trait, table, means)


def safe(everyone: Sequence[Walk]) -> bool:
    """Whether the mean of those measured may stand beside that of everyone with both scores."""
    both = sum(each.paired for each in everyone if each.member.sessions > 0)
    others = both - sum(each.flags[4] for each in everyone)
    return others == 0 or others >= SMALLEST_SHOWN


def counts_of(people: Sequence[Walk]) -> list[int]:
    """How many reached each of FAIR."""
    reached_by = [sum(each) for each in zip(*(walk.flags for walk in people), strict=True)] or [0] * 5
    return [reached_by[place] for place in (0, 2, 3, 4)]


def mean_of(people: Sequence[Walk], measure: Measure, said: About) -> MeanOf:
    if not people:
        return MeanOf(None, None)
    before, after = [each.before for each in people], [each.after for each in people]
    found = paired_change(before, after, higher_is_better=measure.better_up, about=said)
    return MeanOf(found.improvement, found.interval)


def gained(people: Iterable[Walk], measure: Measure) -> list[float]:
    """Each paired person's improvement from the start to the end."""
    up = measure.better_up
    return [
        gain(Pair(each.before, each.after), up) for each in people if each.before is not None and each.after is not None
    ]


def mean_gain(people: Sequence[Walk], measure: Measure) -> float | None:
    """The mean improvement of those who came at all and have both scores."""
    found = gained((each for each in people if each.member.sessions > 0), measure)
    return fmean(found) if found else None
