"""Factors related to change, without being its cause; work; and what people thought of the service."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import correlation, fmean

from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.reporting.analysis.basics.basis import Basis, Interval, basis
from backtolife.reporting.analysis.basics.distributions import normal_quantile
from backtolife.reporting.analysis.change.paired import PairedChange, paired_change
from backtolife.reporting.dataset.shape import Group, Member
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.scope import members_of, started
from backtolife.reporting.figures.walks import Walk, gained
from backtolife.reporting.people_counted import Counts, Release, released
from backtolife.reporting.suppression import SMALLEST_SHOWN

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
DIARY_HOW = (
    "Counted is who wrote at least once in their practice diary about a day since their group began. The diary is "
    "theirs to keep or to leave: who wrote nothing may still have practised."
)
DIARY_WINDOW = "From the first session until the results of a group stand still"
WINDOW, WHO = "From before the start to the end", "Everyone who came to a session"
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


def associations(batches: Batches, measure: Measure) -> list[Association]:
    """Minutes, videos, how the group felt and practice at home, each beside the change."""
    return [association(each, batches, measure) for each in DOSE]


@dataclass(frozen=True, slots=True)
class Dose:
    """Something that may go with improvement."""

    name: str
    unit: str
    read: Callable[[Member], float | None]


DOSE = (
    Dose("Time in the live group", "minutes", lambda each: each.minutes),
    Dose("Videos watched or read", "videos", lambda each: each.videos),
    Dose("How the group felt", "of 10", lambda each: each.experience),
    Dose("Practice at home, as written in the diary", "times", lambda each: each.home_times),
    Dose("Time of practice at home, where written", "minutes", lambda each: each.home_minutes),
)


def association(dose: Dose, batches: Batches, measure: Measure) -> Association:
    def there(groups: Sequence[Group]) -> list[Walk]:
        return [walk for walk in batches.walks_of(groups) if walk.paired and walk.member.started]

    def counts(groups: Sequence[Group]) -> Counts:
        return [[sum(dose.read(walk.member) is not None for walk in there(groups))]]

    groups = released(batches.both(measure).batches, counts).parts
    people = there(groups)
    both = zip(people, gained(people, measure), strict=True)
    pairs = [(value, gain) for walk, gain in both if (value := dose.read(walk.member)) is not None]
    who = "Everyone who came to a session and gave both scores"
    said = batches.about(groups, WINDOW, who)
    return related(dose, pairs, basis(said, len(pairs), len(people), ASSOCIATION))


def related(dose: Dose, pairs: Sequence[tuple[float, float]], held: Basis) -> Association:
    """`pairs` are what each person had of it, and what they improved by."""
    name, unit = dose.name, dose.unit
    ones, twos = [float(one) for one, _ in pairs], [two for _, two in pairs]
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


def work(batches: Batches) -> Work | None:
    """None while fewer than 5 have answered both times."""

    def counts(groups: Sequence[Group]) -> Counts:
        both = said_both_times(members_of(batches.data, groups))
        return [counted(both, milestone) for milestone in ("baseline", "end")]

    release = released(batches.waves, counts)
    people = started(members_of(batches.data, release.parts))
    both = said_both_times(people)
    if len(both) < SMALLEST_SHOWN:
        return None
    said = batches.about(release.parts, WINDOW, WHO)
    columns = [told(release, row, counted(both, when)) for row, when in enumerate(("baseline", "end"))]
    return Work(
        basis=basis(said, len(both), len(people), WORK_HOW),
        rows=tuple(zip(WORK, *columns, strict=True)),
        days=days_missed(batches),
    )


def said_both_times(people: Iterable[Member]) -> list[Member]:
    """Those who came, and said before and at the end how they work."""
    times = ("baseline", "end")
    return [one for one in started(people) if all("situation" in one.words.get(each, {}) for each in times)]


def told(release: Release[Group], row: int, counts: Sequence[int]) -> list[int | None]:
    """The counts of a row as they may be shown."""
    return [count if release.tells(row, cell) else None for cell, count in enumerate(counts)]


def counted(people: Sequence[Member], milestone: str) -> list[int]:
    given = Counter(str(one.words[milestone]["situation"]) for one in people)
    return [sum(given[key] for key in keys) for keys in WORK.values()]


def days_missed(batches: Batches) -> PairedChange | None:
    """The change in days missed; None while fewer than 5 have said it both times."""

    def both(groups: Sequence[Group]) -> list[tuple[float | None, float | None, str]]:
        people = started(members_of(batches.data, groups))
        return [(days_of(one, "baseline"), days_of(one, "end"), one.group) for one in people]

    def counts(groups: Sequence[Group]) -> Counts:
        return [[sum(one is not None and two is not None for one, two, _ in both(groups))]]

    release = released(batches.waves, counts)
    if not release.tells(0):
        return None
    before, after, groups = zip(*both(release.parts), strict=True)
    said = batches.about(release.parts, WINDOW, WHO)
    return paired_change(before, after, higher_is_better=False, about=said, groups=groups)


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


def satisfaction(batches: Batches) -> Satisfaction | None:
    """The Friends and Family question at the end; None while fewer than 5 have answered."""
    rule = load_instrument("fft").tally
    if rule is None:
        return None

    def counts(groups: Sequence[Group]) -> list[list[int]]:
        people = started(members_of(batches.data, groups))
        given = [str(one.words["end"]["experience"]) for one in people if "experience" in one.words.get("end", {})]
        good, bad = (sum(each in rule.groups[key] for each in given) for key in ("positive", "negative"))
        return [[good, bad, len(given) - good - bad]]

    release = released(batches.waves, counts)
    (cells,) = counts(release.parts)
    if sum(cells) < max(rule.suppress_below, SMALLEST_SHOWN):
        return None
    said = batches.about(release.parts, "At the end of session 8", WHO)
    people = len(started(members_of(batches.data, release.parts)))
    return Satisfaction(basis(said, sum(cells), people, FFT_HOW), *told(release, 0, cells))


@dataclass(frozen=True, slots=True)
class Practised:
    """How many wrote in their diary, of the `basis.n` who came; None is hidden."""

    basis: Basis
    wrote: int | None


def practised(batches: Batches) -> Practised | None:
    """None while fewer than 5 have written."""

    def counts(groups: Sequence[Group]) -> Counts:
        came = started(members_of(batches.data, groups))
        wrote = sum(each.home_times is not None for each in came)
        return [[wrote, len(came) - wrote]]

    release = released(batches.waves, counts)
    (cells,) = counts(release.parts)
    if cells[0] < SMALLEST_SHOWN:
        return None
    said = batches.about(release.parts, DIARY_WINDOW, WHO)
    return Practised(basis(said, sum(cells), sum(cells), DIARY_HOW), told(release, 0, cells)[0])
