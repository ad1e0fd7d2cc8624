"""What goes with change, how people work, and what they thought of the service."""

import statistics
from collections import Counter

from scipy import stats

from tests.reporting.recompute.rows import Row, led, score, sessions, started
from tests.reporting.recompute.words import Table, cell, hide, number, reach, share, shown

WORK = {
    "Working as usual": ("working_as_usual",),
    "Working with changes": ("working_with_changes",),
    "Off sick": ("off_sick_back_pain", "off_sick_other"),
    "Not in paid work, retired, student or caring": ("not_in_paid_work", "retired", "student", "caring"),
}


def dose(rows: list[Row]) -> Table:
    found = [["What", "People", "Mean", "Correlation, −1 to 1 (95% interval)"]]
    reads = (
        ("Time in the live group", "minutes", lambda row: sum(sessions(row))),
        ("Videos watched", "videos", lambda row: number(row["videos"])),
        ("How the group felt", "of 10", felt),
    )
    for name, unit, read in reads:
        both = [(value, gain) for row, gain in led(rows) if (value := read(row)) is not None]
        mean = statistics.fmean(value for value, _ in both)
        r = stats.pearsonr(*zip(*both, strict=True))
        interval = r.confidence_interval(0.95)
        words = f"{shown(r.statistic, 2)} ({reach(interval.low, interval.high, 2)})"
        found.append([name, str(len(both)), f"{shown(mean)} {unit}", words])
    return found


def felt(row: Row) -> float | None:
    said = [score(row, f"session_{place}", "group_experience_mean") for place in range(1, 10)]
    kept = [each for each in said if each is not None]
    return statistics.fmean(kept) if kept else None


def work(rows: list[Row]) -> Table:
    name = "{}_work_status_situation".format
    both = both_times(rows)
    columns = []
    for when in ("baseline", "end"):
        given = Counter(row[name(when)] for row in both)
        columns.append([cell(count) for count in hide([sum(given[key] for key in keys) for keys in WORK.values()])])
    return [["Now", "Before", "At the end"], *(list(row) for row in zip(WORK, *columns, strict=True))]


def both_times(rows: list[Row]) -> list[Row]:
    return [row for row in started(rows) if row["baseline_work_status_situation"] and row["end_work_status_situation"]]


def days(rows: list[Row]) -> str:
    there = started(rows)
    kept = [
        (one, two)
        for row in there
        if (one := number(row["baseline_work_status_days_missed"])) is not None
        and (two := number(row["end_work_status_days_missed"])) is not None
    ]
    before, after = (statistics.fmean(each) for each in zip(*kept, strict=True))
    fewer = [one - two for one, two in kept]
    low, high = stats.t.interval(0.95, len(kept) - 1, statistics.fmean(fewer), stats.sem(fewer))
    means = f"Days missed in 4 weeks: {shown(before)} before, {shown(after)} at the end: "
    change = f"{shown(statistics.fmean(fewer))} fewer (95% interval {reach(low, high)})"
    return f"{means}{change}, {len(kept)} of {len(there)} people."


def thought(rows: list[Row]) -> list[str]:
    return [row["end_fft_experience"] for row in started(rows) if row["end_fft_experience"]]


def satisfied(rows: list[Row]) -> str:
    said = thought(rows)
    good = sum(each in ("very_good", "good") for each in said)
    bad = sum(each in ("very_poor", "poor") for each in said)
    kept = hide([good, bad, len(said) - good - bad])
    told = f"At the end, {len(said)} said how they found the service."
    return f"{told} Good or very good: {share(kept[0], len(said))}. Poor or very poor: {share(kept[1], len(said))}."
