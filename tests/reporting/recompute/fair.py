"""Who starts and who stays, by who people are: every number to the nearest 5.

Who people are is in no file of persons. Whoever holds the traits (the test, which reads them from the database) gives
them with the rows.
"""

from itertools import pairwise
from statistics import fmean

import numpy as np

from tests.reporting.recompute.dataset.release import Release, released
from tests.reporting.recompute.dataset.rows import LEADING, Row, led, steps_of, took
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.robust import around
from tests.reporting.recompute.words import HIDDEN, NONE, Table, shown

HEAD = [
    "Group", "Offered", "Came", "Came, %", "Completed", "Stayed, %", "Measured", "Measured, %",
]  # fmt: skip
NOT_SAID = ("not_said", "Not said")
UNDER = "Under 5"
TRAITS = {
    "Age": ("age", {"16_34": "16 to 34", "35_49": "35 to 49", "50_64": "50 to 64", "65_up": "65 or over"}),
    "Sex": ("sex", {"female": "Female", "male": "Male", "another": "I use another word"}),
    "Ethnic group": (
        "ethnic_group",
        {
            "asian": "Asian or Asian British",
            "black": "Black or Black British",
            "mixed": "Mixed or more than one",
            "white": "White",
            "other": "Another ethnic group",
        },
    ),
    "Help with language": (
        "support",
        {"none": "No", "interpreter": "Yes, someone who interprets", "bsl": "Yes, British Sign Language"},
    ),
}


def fairness(service: Service) -> dict[str, Table]:
    return {caption: by_trait(service, *trait) for caption, trait in TRAITS.items()}


def by_trait(service: Service, key: str, options: dict[str, str]) -> Table:
    rows = service.rows
    told = {name: [row for row in rows if (row[key] or NOT_SAID[0]) == value] for value, name in named(options)}
    there = {name: people for name, people in told.items() if people}
    lines = dict(zip(there, rounded_table([steps_of(people) for people in there.values()]), strict=True))
    lines["Everyone"] = [rounded(count) for count in steps_of(rows)]
    table = [HEAD, *([name, *cells(line)] for name, line in lines.items())]
    release = measured(service, key, options)
    if not release.rows:
        return table
    names = [name for _, name in named(options)]
    means = ["Mean gain (95% interval)"]
    for line in table[1:-1]:
        place = names.index(line[0])
        people = [row for row in release.rows if (row[key] or NOT_SAID[0]) == named(options)[place][0]]
        means.append(mean(people) if place in release.told[0] and line[6].isdigit() else NONE)
    return [[*line, mean] for line, mean in zip(table, [*means, mean(release.rows)], strict=True)]


def measured(service: Service, key: str, options: dict[str, str]) -> Release:
    """Of those measured, in batches of those of each answer."""

    def counts(rows: list[Row]) -> list[list[int]]:
        given = [row[key] or NOT_SAID[0] for row in rows if took(row)["measured"]]
        return [[given.count(value) for value, _ in named(options)]]

    return released(service.completers(LEADING).batches, counts)


def named(options: dict[str, str]) -> list[tuple[str, str]]:
    return [*options.items(), NOT_SAID]


def rounded(count: int) -> str:
    return UNDER if count < 5 else str(5 * round((count + 0.1) / 5))


def rounded_table(table: list[list[int]]) -> list[list[str]]:
    """To the nearest 5; the largest of a step are left out while the true total tells one from 1 to 4."""
    words = [[rounded(count) for count in row] for row in table]
    while len(table) > 1 and (step := told(table, words)) is not None:
        left = [row for row in range(len(table)) if words[row][step] != HIDDEN and table[row][step] > 0]
        if not left:
            break
        words[max(left, key=lambda row: (table[row][step] >= 5, table[row][step], -row))][step] = HIDDEN
    return words


def told(table: list[list[int]], words: list[list[str]]) -> int | None:
    """The step of the first number from 1 to 4 that has one value left, narrowed until nothing changes."""
    totals = np.array(table).sum(axis=0)
    spans = [[span(word, int(totals[step])) for step, word in enumerate(row)] for row in words]
    low, high = (np.array([[each[end] for each in row] for row in spans]) for end in (0, 1))
    while True:
        old = low.copy(), high.copy()
        high[:, 1:] = np.minimum(high[:, 1:], high[:, :-1])
        low[:, :-1] = np.maximum(low[:, :-1], low[:, 1:])
        high = np.minimum(high, totals - (low.sum(axis=0) - low))
        low = np.maximum(low, totals - (high.sum(axis=0) - high))
        if (old[0] == low).all() and (old[1] == high).all():
            break
    for row, counts in enumerate(table):
        for step, count in enumerate(counts):
            if 0 < count < 5 and low[row, step] == high[row, step]:
                return step
    return None


def span(word: str, total: int) -> tuple[int, int]:
    if word == HIDDEN:
        return 0, total
    return (0, 4) if word == UNDER else (max(int(word) - 2, 5), int(word) + 2)


def cells(line: list[str]) -> list[str]:
    """Numbers, and from the second on the share of the step before, to the nearest 5, where both are shown."""
    found = [line[0]]
    for before, count in pairwise(line):
        both = before.isdigit() and count.isdigit()
        found += [count, f"{5 * int(20 * int(count) / int(before) + 0.5)}%" if both else NONE]
    return found


def mean(people: list[Row]) -> str:
    """The mean gain of those of them who were measured."""
    kept = [(row, gain) for row, gain in led(people) if took(row)["measured"]]
    gains = [gain for _, gain in kept]
    return f"{shown(fmean(gains))} ({around(gains, [row['group'] for row, _ in kept])})"
