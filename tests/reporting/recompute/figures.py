"""Everything the page and the report show of a service, as they write it."""

from dataclasses import dataclass

from tests.reporting.recompute import beside, change, fair, model, remote, steps
from tests.reporting.recompute.parts import HEAD, Parts, quarter_words
from tests.reporting.recompute.rows import Row, joined, led, named, period, started
from tests.reporting.recompute.words import Table

UNITS = "Change from start to end, in units of spread (d)"
POINTS = "Pain disability: change since the start, in points"
COMPLETERS = "Second, only those who came to 6 or more"
COMPLETION = "Came to 6 or more, of those who came to a session"
PER_CENT = f"{COMPLETION}, in per cent"
GAIN = "Mean change, in points; above 0 is better"
NOT_APART = (
    "Those who came to 6 or more are not shown apart: fewer than 5 others answered, and they could be worked out."
)


@dataclass(frozen=True)
class Figures:
    """`tables` by their captions; `lines` of text; `bases`: how many of how many each explanation says, when the groups
    began, and how many groups.

    `pictures` are the words for those who cannot see them, `written` those within. `parts` are the tables of each
    report on a quarter or a cohort, by its title.
    """

    tables: dict[str, Table]
    lines: list[str]
    on_page: str
    on_report: str
    bars: list[str]
    bases: list[tuple[str, str, str]]
    pictures: dict[str, str]
    written: dict[str, list[str]]
    parts: dict[str, dict[str, dict[str, Table]]]


def everything(wide: list[Row], people: list[Row], clinic: list[Row] | None = None, margin: float = 0) -> Figures:
    """`clinic` are the face-to-face results the service has brought, with the margin in points it has fixed."""
    rows = joined(wide, people)
    parts, tables = Parts(rows), tables_of(rows)
    beside_clinic = remote.compared(rows, clinic, margin) if clinic else None
    if beside_clinic:
        tables[remote.TITLE] = beside_clinic.table()
    of_clinic = beside_clinic.lines() if beside_clinic else ["No margin has been set yet, so nothing is compared."]
    apart = [] if COMPLETERS in tables else [NOT_APART]
    told = [*steps.funnel(rows, people), *steps.running(people), beside.satisfied(rows), beside.days(rows)]
    completed, changed = parts.completed(), parts.changed()
    return Figures(
        tables=tables,
        lines=[*told, *apart, *of_clinic],
        on_page=steps.counted(rows, page=True),
        on_report=steps.counted(rows, page=False),
        bars=steps.bars(rows, people),
        bases=bases(rows, people, parts, beside_clinic),
        pictures={
            **{name: differences(tables[name]) for name in (UNITS, POINTS)},
            **{COMPLETION: parts.told(), PER_CENT: completed.told(), GAIN: changed.told()},
            **({remote.TITLE: beside_clinic.told()} if beside_clinic else {}),
        },
        written={
            **{COMPLETION: [parts.heading()], PER_CENT: completed.written(), GAIN: changed.written()},
            **({remote.TITLE: beside_clinic.written()} if beside_clinic else {}),
        },
        parts=reports(parts),
    )


def tables_of(rows: list[Row]) -> dict[str, Table]:
    parts = Parts(rows)
    apart = {COMPLETERS: change.completers(rows)} if change.of_completers(rows) else {}
    return {
        "Work, before and at the end": beside.work(rows),
        "Everyone who came to a session": change.at_the_end(rows),
        UNITS: change.in_units(rows),
        POINTS: change.in_points(rows),
        **apart,
        "Later on: everyone who came to a session": change.later_on(rows),
        "Change at the end, with everyone who started counted in": model.modelled(rows),
        **fair.fairness(rows),
        "Beside the change in pain disability: an association and nothing more": beside.dose(rows),
        "By quarter in which groups began": parts.by_quarter(),
        "By group, in the order they began": parts.by_group(),
        COMPLETION: parts.funnel_plot(),
        PER_CENT: parts.completed().table(),
        GAIN: parts.changed().table(),
    }


def bases(
    rows: list[Row], people: list[Row], parts: Parts, clinic: remote.Comparison | None
) -> list[tuple[str, str, str]]:
    """Of the steps, what people thought, work, change and its effect and its sizes, completers, later on, the model,
    face to face, who stays, what goes with change, groups, and groups over time."""
    counts, there = steps.counts_of(rows, people), started(rows)
    at_end, months_on = change.changes(rows)[0], change.closed(rows, "month_3")
    answered = len(there) - model.fitted(rows, change.MEASURES[0]).missing
    kept = {unit: [pair for pair in at_end.pairs if unit == "points" or pair[0]] for unit in ("points", "%")}
    before = [
        f"{counts[-1]} of {counts[0]}",
        f"{len(beside.thought(rows))} of {len(there)}",
        f"{len(beside.both_times(rows))} of {len(there)}",
        at_end.people(),
        at_end.people(),
        *(f"{len(kept[unit])} of {at_end.of}" for _, unit, _ in at_end.measure.limits),
        *(each.people() for each in change.of_completers(rows)[:1]),
    ]
    after = [
        f"{answered} of {len(there)}",
        *([clinic.people] if clinic else []),
        f"{counts[-1]} of {counts[1]}",
        f"{len(led(rows))} of {len(led(rows))}",
        f"{len(parts.completion)} of {len(parts.groups)}",
        f"{len(parts.completion)} of {len(parts.groups)}",
    ]
    return [
        *((of, *which(rows)) for of in before),
        (change.changes(rows, "month_3")[0].people(), *which(months_on)),
        *((of, *which(rows)) for of in after),
    ]


def which(rows: list[Row]) -> tuple[str, str]:
    return period(rows), f"{len(named(rows, 'group'))} groups"


def differences(table: Table) -> str:
    return " ".join(f"{what}: {value}, 95% interval {reach}." for what, value, reach in table[1:])


def reports(parts: Parts) -> dict[str, dict[str, dict[str, Table]]]:
    name = "Beside all groups of the service"
    return {
        "quarter": {
            quarter_words(each): {
                name: [HEAD, parts.quarter(each), parts.all()],
                "Its groups": parts.by_group(each),
            }
            for each in parts.quarters
        },
        "cohort": {each: {name: [HEAD, parts.group(each), parts.all()]} for each in parts.groups},
    }
