"""What goes with change, without being its cause; work; and what people thought of the service."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import correlation, fmean

from backtolife.outcomes.catalogue import load_instrument
from backtolife.reporting.analysis.basis import Basis, Interval, basis
from backtolife.reporting.analysis.distributions import normal_quantile
from backtolife.reporting.analysis.paired import PairedChange, paired_change
from backtolife.reporting.dataset.shape import Data, Group, Member
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.scope import about, members_of, started
from backtolife.reporting.figures.steps import gained, walks
from backtolife.reporting.suppression import SMALLEST_SHOWN, suppress

FEWEST = 10
"""Below this a correlation says nothing; Fisher's interval needs 4 at the least."""
ASSOCIATION = (
    "Pearson's correlation with the improvement of the leading measure; the 95% interval is Fisher's. An association "
    "and nothing more: people who were getting better may have come more often, and who had worse pain may not."
)
WORK = {
    "Working as usual": ("working_as_usual",),
    "Working with changes": ("working_with_changes",),
    "Off sick": ("off_sick_back_pain", "off_sick_other"),
    "Not in paid work, retired, student or caring": ("not_in_paid_work", "retired", "student", "caring"),
}
WORK_HOW = "Those who said how they work both times. The words are our own and describe; they are not a scale."
FFT_HOW = "Good or very good, and poor or very poor, of all who answered; “I do not know” counts as an answer."


@dataclass(frozen=True, slots=True)
class Association:
    """How one thing goes with improvement: `r` from -1 to 1; None where nothing varies or fewer than 10 are there."""

    basis: Basis
    name: str
    usual: float | None
    """The mean of it over the same people."""
    unit: str
    r: float | None
    interval: Interval | None


def associations(data: Data, groups: Sequence[Group], measure: Measure) -> list[Association]:
    """Minutes, videos and how the group felt, each beside the change."""
    there = [each for each in walks(started(members_of(data, groups)), measure) if each.paired]
    people, gains = [each.member for each in there], gained(there, measure)
    return [association(each, people, gains, groups) for each in DOSE]


@dataclass(frozen=True, slots=True)
class Dose:
    """Something that may go with improvement."""

    name: str
    unit: str
    read: Callable[[Member], float | None]


DOSE = (
    Dose("Time in the live group", "minutes", lambda each: each.minutes),
    Dose("Videos watched", "videos", lambda each: each.videos),
    Dose("How the group felt", "of 10", lambda each: each.experience),
)


def association(dose: Dose, people: Sequence[Member], gains: Sequence[float], groups: Sequence[Group]) -> Association:
    """`gains` are what each of `people` improved by."""
    name, unit, read = dose.name, dose.unit, dose.read
    both = zip(people, gains, strict=True)
    pairs = [(value, gain) for each, gain in both if (value := read(each)) is not None]
    ones, twos = [float(one) for one, _ in pairs], [two for _, two in pairs]
    said = about(groups, "From before the start to the end", "Everyone who came to a session and gave both scores")
    held = basis(said, len(pairs), len(people), ASSOCIATION)
    if len(pairs) < FEWEST or min(ones) == max(ones) or min(twos) == max(twos):
        return Association(held, name, fmean(ones) if len(pairs) >= SMALLEST_SHOWN else None, unit, None, None)
    r = max(min(correlation(ones, twos), 1 - 1e-9), -1 + 1e-9)
    reach = normal_quantile(0.975) / math.sqrt(len(pairs) - 3)
    interval = Interval(math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach))
    return Association(held, name, fmean(ones), unit, r, interval)


@dataclass(frozen=True, slots=True)
class Work:
    """How people worked before and at the end: counts of None are hidden. `days` is the change in days missed."""

    basis: Basis
    rows: tuple[tuple[str, int | None, int | None], ...]
    days: PairedChange | None


def work(data: Data, groups: Sequence[Group]) -> Work | None:
    """None while fewer than 5 have answered both times."""
    people = started(members_of(data, groups))
    both = [one for one in people if all("situation" in one.words.get(each, {}) for each in ("baseline", "end"))]
    if len(both) < SMALLEST_SHOWN:
        return None
    said = about(groups, "From before the start to the end", "Everyone who came to a session")
    columns = [suppress(counted(both, milestone)).cells for milestone in ("baseline", "end")]
    before, after = ([days_of(one, milestone) for one in people] for milestone in ("baseline", "end"))
    enough = sum(one is not None and two is not None for one, two in zip(before, after, strict=True)) >= SMALLEST_SHOWN
    return Work(
        basis=basis(said, len(both), len(people), WORK_HOW),
        rows=tuple(zip(WORK, *columns, strict=True)),
        days=paired_change(before, after, higher_is_better=False, about=said) if enough else None,
    )


def counted(people: Sequence[Member], milestone: str) -> list[int]:
    given = Counter(str(one.words[milestone]["situation"]) for one in people)
    return [sum(given[key] for key in keys) for keys in WORK.values()]


def days_of(one: Member, milestone: str) -> float | None:
    days = one.words.get(milestone, {}).get("days_missed")
    return float(days) if isinstance(days, int) else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What people said of the service at the end; counts of None are hidden."""

    basis: Basis
    positive: int | None
    negative: int | None
    neither: int | None


def satisfaction(data: Data, groups: Sequence[Group]) -> Satisfaction | None:
    """The Friends and Family question at the end; None while fewer than 5 have answered."""
    rule = load_instrument("fft").tally
    people = started(members_of(data, groups))
    given = [str(one.words["end"]["experience"]) for one in people if "experience" in one.words.get("end", {})]
    if rule is None or len(given) < max(rule.suppress_below, SMALLEST_SHOWN):
        return None
    good, bad = (sum(each in rule.groups[key] for each in given) for key in ("positive", "negative"))
    cells = suppress([good, bad, len(given) - good - bad]).cells
    said = about(groups, "At the end of session 8", "Everyone who came to a session")
    return Satisfaction(basis(said, len(given), len(people), FFT_HOW), *cells)
