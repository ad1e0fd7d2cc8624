"""Everything the page and the report show of a service, as they write it."""

from dataclasses import dataclass

from tests.reporting.recompute import beside, change, fair, model, parts, steps
from tests.reporting.recompute.rows import Row, joined, led, named, period, started
from tests.reporting.recompute.words import Table

UNITS = "Change from start to end, in units of spread (d)"
POINTS = "Pain disability: change since the start, in points"
COMPLETION = "Came to 6 or more, of those who came to a session"
PER_CENT = f"{COMPLETION}, in per cent"
GAIN = "Mean change, in points; above 0 is better"


@dataclass(frozen=True)
class Figures:
    """`tables` by their captions; `lines` of text; `bases`: how many of how many each explanation says, in order.

    `period` and `counted` are when how many groups began, as each explanation has it. `pictures` are the words for
    those who cannot see them, `headings` those above a picture. `parts` are the tables of each report on a quarter or a
    cohort, by its title.
    """

    tables: dict[str, Table]
    lines: list[str]
    on_page: str
    on_report: str
    bars: list[str]
    bases: list[str]
    period: str
    counted: str
    pictures: dict[str, str]
    headings: dict[str, str]
    parts: dict[str, dict[str, dict[str, Table]]]


def everything(wide: list[Row], people: list[Row]) -> Figures:
    rows = joined(wide, people)
    tables = tables_of(rows)
    return Figures(
        tables=tables,
        lines=[*steps.funnel(rows, people), beside.satisfied(rows), beside.days(rows), *left_out(rows)],
        on_page=steps.counted(rows, page=True),
        on_report=steps.counted(rows, page=False),
        bars=steps.bars(rows, people),
        bases=bases(rows, people),
        period=period(rows),
        counted=f"{len(named(rows, 'group'))} groups",
        pictures=pictures(rows, tables),
        headings=headings(rows),
        parts={
            "quarter": {parts.quarter_words(name): of_quarter(rows, name) for name in named(rows, "quarter")},
            "cohort": {name: of_group(rows, name) for name in named(rows, "group")},
        },
    )


def tables_of(rows: list[Row]) -> dict[str, Table]:
    completion, gain = parts.over_time(rows)
    return {
        "Work, before and at the end": beside.work(rows),
        "Everyone who came to a session": change.at_the_end(rows),
        UNITS: change.in_units(rows),
        POINTS: change.in_points(rows),
        "Later on: everyone who came to a session": change.later_on(rows),
        "Change at the end, with everyone who started counted in": model.modelled(rows),
        **fair.fairness(rows),
        "Beside the change in pain disability: an association and nothing more": beside.dose(rows),
        "By quarter in which groups began": parts.by_quarter(rows),
        "By group, in the order they began": parts.by_group(rows),
        COMPLETION: parts.funnel_plot(rows),
        PER_CENT: completion,
        GAIN: gain,
    }


def left_out(rows: list[Row]) -> list[str]:
    """What the page says instead of figures that would give others away."""
    assert not fair.means_are_safe(rows), "Mean gains by who people are would be shown, and are to be worked out"
    assert change.tell_of_others(rows), "Those who came to 6 or more would be shown apart, and are to be worked out"
    others = "Those who came to 6 or more are not shown apart: fewer than 5 others answered, and they could be"
    return [f"{others} worked out."]


def bases(rows: list[Row], people: list[Row]) -> list[str]:
    """Of the steps, what people thought, work, change and its effect and its sizes, later on, the model, who stays,
    what goes with change, groups, and groups over time."""
    counts, there = steps.counts_of(rows, people), started(rows)
    at_end, later = change.changes(rows)[0], change.changes(rows, "month_3")[0]
    answered = len(there) - model.fitted(rows, change.MEASURES[0]).missing
    groups = len(named(rows, "group"))
    kept = {unit: [pair for pair in at_end.pairs if unit == "points" or pair[0]] for unit in ("points", "%")}
    return [
        f"{counts[-1]} of {counts[0]}",
        f"{len(beside.thought(rows))} of {len(there)}",
        f"{len(beside.both_times(rows))} of {len(there)}",
        at_end.people(),
        at_end.people(),
        *(f"{len(kept[unit])} of {at_end.of}" for _, unit, _ in at_end.measure.limits),
        later.people(),
        f"{answered} of {len(there)}",
        f"{counts[-1]} of {counts[1]}",
        f"{len(led(rows))} of {len(led(rows))}",
        f"{groups} of {groups}",
        f"{groups} of {groups}",
    ]


def pictures(rows: list[Row], tables: dict[str, Table]) -> dict[str, str]:
    between, over_time = parts.told(rows)
    told = {
        name: " ".join(f"{what}: {value}, 95% interval {reach}." for what, value, reach in tables[name][1:])
        for name in (UNITS, POINTS)
    }
    return {**told, COMPLETION: between, PER_CENT: over_time, GAIN: over_time}


def headings(rows: list[Row]) -> dict[str, str]:
    differ, limits = parts.headings(rows)
    return {COMPLETION: differ, PER_CENT: limits, GAIN: limits}


def of_quarter(rows: list[Row], name: str) -> dict[str, Table]:
    beside_all = [parts.HEAD, parts.one_quarter(rows, name), parts.everyone(rows)]
    return {"Beside all groups of the service": beside_all, "Its groups": parts.by_group(rows, name)}


def of_group(rows: list[Row], name: str) -> dict[str, Table]:
    one = parts.part(name, parts.within(rows, "group", name))
    return {"Beside all groups of the service": [parts.HEAD, one, parts.everyone(rows)]}
