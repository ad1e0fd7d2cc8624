"""Related factors, how people work, and what they thought of the service."""

import statistics
from collections import Counter
from collections.abc import Callable

from scipy import stats

from tests.reporting.recompute.dataset.release import Release, released
from tests.reporting.recompute.dataset.rows import LEADING, Row, led, score, sessions, started
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.robust import around
from tests.reporting.recompute.words import HIDDEN, Table, cell, number, percent, reach, share, shown

WORK = {
    "Working as usual": ("working_as_usual",),
    "Working with changes": ("working_with_changes",),
    "Off sick": ("off_sick_back_pain", "off_sick_other"),
    "Not in paid work, retired, student or caring": ("not_in_paid_work", "retired", "student", "caring"),
}


def dose(service: Service) -> Table:
    found = [["What", "People", "Mean", "Correlation, −1 to 1 (95% interval)"]]
    for name, unit, read in DOSES:
        both = [(value, gain) for row, gain in led(dosed(service, read).rows) if (value := read(row)) is not None]
        mean = statistics.fmean(value for value, _ in both)
        r = stats.pearsonr(*zip(*both, strict=True))
        interval = r.confidence_interval(0.95)
        words = f"{shown(r.statistic, 2)} ({reach(interval.low, interval.high, 2)})"
        found.append([name, str(len(both)), f"{shown(mean)} {unit}", words])
    return found


def dosed(service: Service, read: Callable[[Row], float | None]) -> Release:
    there = service.both(LEADING).batches
    return released(there, lambda rows: [[sum(read(row) is not None for row, _ in led(rows))]])


def felt(row: Row) -> float | None:
    said = [score(row, f"session_{place}", "group_experience_mean") for place in range(1, 10)]
    kept = [each for each in said if each is not None]
    return statistics.fmean(kept) if kept else None


DOSES: tuple[tuple[str, str, Callable[[Row], float | None]], ...] = (
    ("Time in the live group", "minutes", lambda row: sum(sessions(row))),
    ("Videos watched or read", "videos", lambda row: number(row["videos"])),
    ("How the group felt", "of 10", felt),
    ("Practice at home, as written in the diary", "times", lambda row: number(row["home_times"])),
    ("Time of practice at home, where written", "minutes", lambda row: number(row["home_minutes"])),
)


def work(service: Service) -> Table:
    release = worked(service)
    columns = [
        [cell(count) for count in release.hide(place, counts)] for place, counts in enumerate(situations(release.rows))
    ]
    return [["Now", "Before", "At the end"], *(list(row) for row in zip(WORK, *columns, strict=True))]


def worked(service: Service) -> Release:
    return service.of(situations)


def situations(rows: list[Row]) -> list[list[int]]:
    """How many work in each way, before and at the end."""
    both = both_times(rows)
    given = [Counter(row[f"{when}_work_status_situation"] for row in both) for when in ("baseline", "end")]
    return [[sum(each[key] for key in keys) for keys in WORK.values()] for each in given]


def both_times(rows: list[Row]) -> list[Row]:
    return [row for row in started(rows) if row["baseline_work_status_situation"] and row["end_work_status_situation"]]


def days(service: Service) -> str:
    there = started(service.of(lambda rows: [[len(missed(rows))]]).rows)
    kept = missed(there)
    ones, twos, groups = zip(*kept, strict=True)
    before, after = statistics.fmean(ones), statistics.fmean(twos)
    fewer = [one - two for one, two, _ in kept]
    means = f"Days missed in 4 weeks: {shown(before)} before, {shown(after)} at the end: "
    change = f"{shown(statistics.fmean(fewer))} fewer (95% interval {around(fewer, groups)})"
    return f"{means}{change}, {len(kept)} of {len(there)} people."


def missed(rows: list[Row]) -> list[tuple[float, float, str]]:
    return [
        (one, two, row["group"])
        for row in started(rows)
        if (one := number(row["baseline_work_status_days_missed"])) is not None
        and (two := number(row["end_work_status_days_missed"])) is not None
    ]


def thought(rows: list[Row]) -> list[list[int]]:
    """Good, bad and neither."""
    said = [row["end_fft_experience"] for row in started(rows) if row["end_fft_experience"]]
    good = sum(each in ("very_good", "good") for each in said)
    bad = sum(each in ("very_poor", "poor") for each in said)
    return [[good, bad, len(said) - good - bad]]


def satisfied(service: Service) -> str:
    release = service.of(thought)
    (counts,) = thought(release.rows)
    kept, n = release.hide(0, counts), sum(counts)
    told = f"At the end, {n} said how they found the service."
    return f"{told} Good or very good: {share(kept[0], n)}. Poor or very poor: {share(kept[1], n)}."


def wrote(rows: list[Row]) -> list[list[int]]:
    """Those who wrote, and the others who came."""
    there = started(rows)
    count = sum(row["home_times"] != "" for row in there)
    return [[count, len(there) - count]]


def of_diaries(service: Service) -> Release:
    return service.of(wrote)


def diaries(service: Service) -> list[str]:
    """What the page says, if enough have written at all."""
    release = of_diaries(service)
    counts = wrote(release.rows)[0]
    if counts[0] < 5:
        return []
    shown, n = release.hide(0, counts)[0], sum(counts)
    count = HIDDEN if shown is None else f"{shown} of {n} who came to a session ({percent(shown, n)})"
    return [f"Wrote in their practice diary: {count}."]
