"""Work every figure of the results page out again from the files a service can take away.

A script of its own: it knows the files and the questionnaires' published sizes of change, and nothing of the product.
`python -m tests.reporting.recompute WIDE.csv PEOPLE.csv` prints the figures as JSON.
"""

import csv
import json
import math
import statistics
import sys
from collections import Counter
from typing import Any

import numpy as np
import statsmodels.api as statsmodels
from scipy import optimize, stats

from tests.reporting.recompute_words import number, reach, shown, wilson

MEASURES = {
    "rmdq_24_total": (-1, (("points", 5), ("percent", 30), ("points", 5.81))),
    "peg_3_mean": (-1, ()),
    "semcd_6_mean": (1, ()),
    "phq_9_total": (-1, (("points", 5), ("points", 6))),
    "gad_7_total": (-1, (("points", 4), ("points", 4))),
}
"""Which way is better, and the sizes of change in the order shown: noticeable, noticeable in per cent, reliable."""
SPANS = {"rmdq_24_total": 24, "peg_3_mean": 10, "semcd_6_mean": 9, "phq_9_total": 27, "gad_7_total": 21}
"""From the lowest to the highest score: δ is told in parts of it."""
STEPS = ("offered", "came", "stayed", "measured")

Row = dict[str, str]


def joined(wide: list[Row], people: list[Row]) -> list[Row]:
    """One row a place in a group that has ended."""
    answers = {row["person"]: row for row in wide}
    return [{**answers[row["person"]], **row} for row in people if row["counted"] == "yes"]


def sessions(row: Row) -> list[float]:
    minutes = [number(row[f"session_{place}_minutes"]) for place in range(1, 10)]
    return [each for each in minutes if each]


def score(row: Row, milestone: str, scale: str) -> float | None:
    return number(row.get(f"{milestone}_{scale}_score", ""))


def gain_of(row: Row, scale: str, sign: int, milestone: str = "end") -> tuple[float, float, float] | None:
    before, after = score(row, "baseline", scale), score(row, milestone, scale)
    return None if before is None or after is None else (before, after, round(sign * (after - before), 9))


def took(row: Row) -> dict[str, bool]:
    came = len(sessions(row))
    both = gain_of(row, "rmdq_24_total", -1) is not None
    return {"offered": True, "came": came > 0, "stayed": came >= 6, "measured": came >= 6 and both}


def funnel(rows: list[Row], people: list[Row]) -> dict[str, int]:
    last = max(row["first_day"] for row in people if row["counted"] == "yes")
    waiting = sum(row["offered"] == "no" and row["referred_on"] <= last for row in people)
    counts = {step: sum(took(row)[step] for row in rows) for step in STEPS}
    return {
        "referred": counts["offered"] + waiting,
        "said_yes": sum(row["said_yes"] == "yes" for row in rows),
        **counts,
    }


def change(rows: list[Row], scale: str, milestone: str = "end") -> dict[str, Any]:
    sign, limits = MEASURES[scale]
    started = [row for row in rows if sessions(row) and milestone.replace("_", "-") in row["closed"].split()]
    pairs = [pair for row in started if (pair := gain_of(row, scale, sign, milestone)) is not None]
    gains = [gain for _, _, gain in pairs]
    n, centre, spread = len(gains), statistics.fmean(gains), statistics.stdev(gains)
    low, high = stats.t.interval(0.95, n - 1, centre, spread / math.sqrt(n))
    ones, twos = [one for one, _, _ in pairs], [two for _, two, _ in pairs]
    average = math.sqrt((statistics.variance(ones) + statistics.variance(twos)) / 2)
    found = {
        "people": f"{n} of {len(started)}",
        "means": f"{shown(statistics.fmean(ones))}, {shown(statistics.fmean(twos))}",
        "gain": f"{shown(centre)} ({reach(low, high)})",
        "d": f"d {shown(centre / average, 2)} ({noncentral(centre, spread, n, average)})",
        "dz": f"dz {shown(centre / spread, 2)} ({noncentral(centre, spread, n, spread)})",
    }
    found["shares"] = [shares(pairs, *limit) for limit in limits]
    return found


def noncentral(centre: float, spread: float, n: int, unit: float) -> str:
    """The interval of a mean in `unit`s of spread, by the non-central t distribution."""
    t = centre / spread * math.sqrt(n)
    ends = [
        optimize.brentq(lambda at, tail=tail: stats.nct.sf(t, n - 1, at) - tail, t - 10, t + 10)
        for tail in (0.025, 0.975)
    ]
    return reach(*(end / math.sqrt(n) * spread / unit for end in ends), 2)


def mixed(rows: list[Row], scale: str, span: float) -> dict[str, Any]:
    """The change at the end by statsmodels' mixed model, with errors robust by group worked out here."""
    sign = MEASURES[scale][0]
    started = [row for row in rows if sessions(row)]
    times = [
        when for when in ("baseline", "mid", "end") if sum(score(row, when, scale) is not None for row in started) >= 5
    ]
    seen = [
        (row["person"], row["group"], when, value)
        for row in started
        for when in times
        if (value := score(row, when, scale)) is not None
    ]
    design = np.array([[1.0, *(float(when == each) for each in times[1:])] for _, _, when, _ in seen])
    values, names = np.array([each[3] for each in seen]), np.array([each[0] for each in seen])
    groups = np.array([each[1] for each in seen])
    fit = statsmodels.MixedLM(values, design, groups=names).fit(reml=True)
    between, within = float(np.asarray(fit.cov_re)[0, 0]), float(fit.scale)
    bread, meat, left = np.zeros((len(times),) * 2), {}, values - design @ fit.fe_params
    for name in dict.fromkeys(names):
        own = names == name
        weight = np.linalg.inv(within * np.eye(own.sum()) + between)
        bread += design[own].T @ weight @ design[own]
        key = groups[own][0]
        meat[key] = meat.get(key, 0) + design[own].T @ weight @ left[own]
    inverse = np.linalg.inv(bread)
    robust = inverse @ sum(np.outer(each, each) for each in meat.values()) @ inverse * len(meat) / (len(meat) - 1)
    centre, error = sign * fit.fe_params[-1], math.sqrt(robust[-1, -1])
    n, there = len(started), sum(when == "end" for _, _, when, _ in seen)
    freedom = len({group for _, group, when, _ in seen if when == "end"}) - 1
    part = (n - there) / n

    def ends(delta: float) -> tuple[float, float, float]:
        half = stats.t.ppf(0.975, freedom) * math.sqrt(error**2 + delta**2 * part * (1 - part) / n)
        return centre - delta * part, centre - delta * part - half, centre - delta * part + half

    def words(delta: float) -> str:
        middle, low, high = ends(delta)
        return f"{shown(middle)} ({reach(low, high)})"

    holds = ends(0)[1] > 0
    tipping = optimize.brentq(lambda delta: ends(delta)[1], 0, centre / part) if holds else 0.0
    return {
        "missing": f"{n - there} of {n}",
        "gain": words(0),
        "deltas": [
            f"δ {shown(round(share * span, 2), 2)}: {words(round(share * span, 2))}" for share in (0.05, 0.1, 0.2)
        ],
        "holds": f"{shown(tipping)} points" if holds else "none: the interval holds 0 already",
    }


def limits(n: int, share: float) -> str:
    """Exact 95% limits of a share at one size, smoothed between whole counts."""

    def lowest(at: float) -> float:
        count = next(k for k in range(n + 1) if stats.binom.cdf(k, n, at) > 0.025)
        above, below = stats.binom.cdf(count, n, at), stats.binom.cdf(count - 1, n, at)
        return max(count - (above - 0.025) / (above - below), 0.0)

    return f"{shown(100 * lowest(share) / n, 0)}% to {shown(100 * (1 - lowest(1 - share) / n), 0)}%"


def funnel_plot(groups: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Each group's completion and limits, where neither number is under 5 (no other is hidden in this service)."""
    pairs = {name: (each["counts"][2], each["counts"][1]) for name, each in groups.items()}
    share = sum(stayed for stayed, _ in pairs.values()) / sum(came for _, came in pairs.values())
    return {
        name: f"{stayed} {came} {shown(100 * stayed / came, 0)}% {limits(came, share)}"
        for name, (stayed, came) in pairs.items()
    }


def shares(pairs: list[tuple[float, float, float]], unit: str, size: float) -> dict[str, str]:
    """Better and worse in per cent; nothing under 5, and nothing that gives such a number away."""
    kept = [pair for pair in pairs if unit == "points" or pair[0]]
    relative = [gain if unit == "points" else 100 * gain / one for one, _, gain in kept]
    counts = {
        "unclear": sum(abs(each) < size for each in relative),
        "worse": sum(each <= -size for each in relative),
        "better": sum(each >= size for each in relative),
    }
    covered = {name for name, count in counts.items() if count < 5}
    for name in counts:
        if covered and (len(covered) == 1 or sum(counts[each] for each in covered) < 5):
            covered.add(name)
    n = len(kept)
    return {
        name: "Hidden"
        if name in covered
        else f"{100 * counts[name] / n:.0f}% ({wilson(counts[name], n)}), {counts[name]} of {n}"
        for name in ("better", "worse")
    }


def dose(rows: list[Row]) -> dict[str, str]:
    found = {}
    pairs = [(row, gain) for row in rows if sessions(row) and (gain := gain_of(row, "rmdq_24_total", -1)) is not None]
    reads = {
        "Time in the live group": lambda row: sum(sessions(row)),
        "Videos watched": lambda row: number(row["videos"]),
        "How the group felt": felt,
    }
    for name, read in reads.items():
        both = [(value, gain[2]) for row, gain in pairs if (value := read(row)) is not None]
        r = stats.pearsonr(*zip(*both, strict=True))
        interval = r.confidence_interval(0.95)
        found[name] = f"{shown(r.statistic, 2)} ({reach(interval.low, interval.high, 2)})"
    return found


def felt(row: Row) -> float | None:
    said = [score(row, f"session_{place}", "group_experience_mean") for place in range(1, 10)]
    kept = [each for each in said if each is not None]
    return statistics.fmean(kept) if kept else None


def work(rows: list[Row]) -> dict[str, Any]:
    merged = {
        "working_as_usual": "Working as usual",
        "working_with_changes": "Working with changes",
        "off_sick_back_pain": "Off sick",
        "off_sick_other": "Off sick",
    }
    started = [row for row in rows if sessions(row)]
    name = "{}_work_status_situation".format
    both = [row for row in started if row[name("baseline")] and row[name("end")]]
    days = [
        (one, two)
        for row in started
        if (one := number(row["baseline_work_status_days_missed"])) is not None
        and (two := number(row["end_work_status_days_missed"])) is not None
    ]
    fewer = [one - two for one, two in days]
    low, high = stats.t.interval(0.95, len(days) - 1, statistics.fmean(fewer), stats.sem(fewer))
    before, after = (
        Counter(merged.get(row[name(when)], "Not in paid work, retired, student or caring") for row in both)
        for when in ("baseline", "end")
    )
    words = f"{shown(statistics.fmean(fewer))} fewer (95% interval {reach(low, high)})"
    return {"before": dict(before), "after": dict(after), "days": f"{words}, {len(days)} of {len(started)}"}


def satisfied(rows: list[Row]) -> str:
    said = [row["end_fft_experience"] for row in rows if sessions(row) and row["end_fft_experience"]]
    good = sum(each in ("very_good", "good") for each in said)
    return f"{100 * good / len(said):.0f}%"


def by_group(rows: list[Row], key: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(row[key] for row in rows):
        inside = [row for row in rows if row[key] == name]
        gains = [gain[2] for row in inside if sessions(row) and (gain := gain_of(row, "rmdq_24_total", -1)) is not None]
        counts = [sum(took(row)[step] for row in inside) for step in STEPS]
        found[name] = {"counts": [*counts, len(gains)], "gain": shown(statistics.fmean(gains)) if gains else ""}
    return found


def by_trait(rows: list[Row], trait: str) -> dict[str, list[int]]:
    told = Counter(dict.fromkeys(dict.fromkeys(row[trait] or "not_said" for row in rows), 0))
    return {
        name: [sum(took(row)[step] for row in rows if (row[trait] or "not_said") == name) for step in STEPS]
        for name in told
    }


def everything(wide: list[Row], people: list[Row]) -> dict[str, Any]:
    rows = joined(wide, people)
    return {
        "funnel": funnel(rows, people),
        "change": {scale: change(rows, scale) for scale in MEASURES},
        "later": {
            milestone: {scale: change(rows, scale, milestone) for scale in ("rmdq_24_total", "gad_7_total")}
            for milestone in ("month_3", "month_6")
        },
        "mixed": {scale: mixed(rows, scale, span) for scale, span in SPANS.items()},
        "plot": funnel_plot(by_group(rows, "group")),
        "dose": dose(rows),
        "work": work(rows),
        "satisfied": satisfied(rows),
        "quarters": by_group(rows, "quarter"),
        "groups": by_group(rows, "group"),
        "traits": {trait: by_trait(rows, trait) for trait in ("age", "sex", "ethnic_group", "support")},
    }


def read(path: str) -> list[Row]:
    with open(path, newline="", encoding="utf-8") as file:  # noqa: PTH123 - a script for anyone
        return list(csv.DictReader(file))


if __name__ == "__main__":
    json.dump(everything(read(sys.argv[1]), read(sys.argv[2])), sys.stdout, indent=2)
