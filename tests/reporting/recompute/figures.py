"""Everything the page and the report show of a service, as they write it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.reporting.recompute import beside, change, leaving, model, remote, steps, trial
from tests.reporting.recompute.dataset.rows import Row, joined, led, named, period, started, steps_of
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.fair import TRAITS, fairness, measured
from tests.reporting.recompute.parts import HEAD, Parts, quarter_words
from tests.reporting.recompute.words import Table

UNITS = "Change from start to end: effect size (d)"
POINTS = "Pain disability: change since the start, in points"
COMPLETERS = "Second, only those who completed"
COMPLETION = "Completed, of those who came to a session"
PER_CENT = f"{COMPLETION}, in per cent"
GAIN = "Mean change, in points; above 0 is better"
NOT_APART = "Those who completed are not shown apart: fewer than 5 others answered, and they could be worked out."


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
    bases: list[tuple[str, str, str, str]]
    pictures: dict[str, str]
    written: dict[str, list[str]]
    parts: dict[str, dict[str, dict[str, Table]]]


def everything(
    wide: list[Row],
    people: list[Row],
    clinic: list[Row] | None = None,
    margin: float = 0,
    traits: dict[str, Row] | None = None,
) -> Figures:
    """`clinic` are the face-to-face results the service has brought, with the margin in points it has fixed. `traits`,
    by code, are in no file: without them there are no tables of who people are.
    """
    rows = [{**row, **(traits or {}).get(row["person"], {})} for row in joined(wide, people)]
    service = Service(rows)
    parts, tables = Parts(service), tables_of(service, fair=traits is not None)
    beside_clinic = remote.compared(service, clinic, margin) if clinic else None
    if beside_clinic:
        tables[remote.TITLE] = beside_clinic.table()
        tables[remote.RESPONDERS] = beside_clinic.responders()
    of_clinic = beside_clinic.lines() if beside_clinic else ["No margin has been set yet, so nothing is compared."]
    apart = [] if COMPLETERS in tables else [NOT_APART]
    told = [*steps.waiting(service), *steps.funnel(service.rows, people), *steps.running(people)]
    told += [*trial.told(service), *beside.diaries(service)]
    completed, changed = parts.completed(), parts.changed()
    return Figures(
        tables=tables,
        lines=[*told, beside.satisfied(service), beside.days(service), *apart, *of_clinic],
        on_page=steps.counted(service.rows, page=True),
        on_report=steps.counted(service.rows, page=False),
        bars=steps.bars(service.rows, people),
        bases=bases(service, people, parts, beside_clinic, fair=traits is not None),
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


def tables_of(service: Service, *, fair: bool) -> dict[str, Table]:
    parts = Parts(service)
    apart = {COMPLETERS: change.completers(service)} if change.of_completers(service) else {}
    return {
        "Work, before and at the end": beside.work(service),
        "Everyone who came to a session": change.at_the_end(service),
        UNITS: change.in_units(service),
        POINTS: change.in_points(service),
        **apart,
        **({leaving.TITLE: leaving.table(service)} if leaving.left(service) >= 5 else {}),
        "Later on: everyone who came to a session": change.later_on(service),
        "Change at the end, with everyone who started counted in": model.modelled(service),
        **(fairness(service) if fair else {}),
        "Beside the change in pain disability: an association and nothing more": beside.dose(service),
        "By quarter in which groups began": parts.by_quarter(),
        "By group, in the order they began": parts.by_group(),
        COMPLETION: parts.funnel_plot(),
        PER_CENT: parts.completed().table(),
        GAIN: parts.changed().table(),
    }


Basis = tuple[str, str, str, str]
"""How many of how many, when the groups began, how many groups, and how many wait."""


def bases(
    service: Service, people: list[Row], parts: Parts, clinic: remote.Comparison | None, *, fair: bool
) -> list[Basis]:
    """Of the steps, who tried at home, what people thought, work, why people left, change and its effect and its sizes,
    completers, later on, the model, face to face, who stays and how they fared, what goes with change, the diary,
    groups, and groups over time."""

    def said(of: str, rows: list[Row], milestone: str = "end") -> Basis:
        return of, *which(rows), service.newer(rows, milestone)

    rows, lead = service.rows, change.MEASURES[0]
    counts, at_end = steps.counts_of(rows, people), change.changes(service)[0]
    liked, worked = service.of(beside.thought).rows, beside.worked(service).rows
    gone = leaving.release_of(service).rows
    home, wrote = trial.release_of(service).rows, beside.of_diaries(service).rows
    later, answered = change.changes(service, "month_3")[0], model.answered(service, lead)
    dosed = beside.dosed(service, beside.DOSES[0][2]).rows
    sized = [change.sized(service, lead, place).rows for place in range(len(lead.limits))]
    missing = model.fitted(answered, lead).missing
    counted = [sum(change.ways_of(lead, place, each)[0]) for place, each in enumerate(sized)]
    apart = change.of_completers(service)[:1]
    of_groups = said(f"{len(parts.completion)} of {len(parts.groups)}", rows)
    return [
        said(f"{counts[-1]} of {counts[0]}", rows),
        *([said(f"{sum(trial.tried(home)[0])} of {len(home)}", home)] if trial.told(service) else []),
        said(f"{sum(beside.thought(liked)[0])} of {len(started(liked))}", liked),
        said(f"{len(beside.both_times(worked))} of {len(started(worked))}", worked),
        *([said(f"{leaving.left(service)} of {len(gone)}", gone)] if leaving.left(service) >= 5 else []),
        *[said(at_end.people(), at_end.rows)] * 2,
        *(said(f"{n} of {len(started(each))}", each) for n, each in zip(counted, sized, strict=True)),
        *(said(each.people(), service.completers(lead.scale).rows) for each in apart),
        said(later.people(), later.rows, "month_3"),
        said(f"{len(started(answered)) - missing} of {len(started(answered))}", answered),
        *([(clinic.people, *which(clinic.look), "")] if clinic else []),
        said(f"{counts[-1]} of {counts[1]}", rows),
        *(of_means(service, said) if fair else []),
        said(f"{len(led(dosed))} of {len(led(dosed))}", dosed),
        *([said(f"{len(started(wrote))} of {len(started(wrote))}", wrote)] if beside.diaries(service) else []),
        of_groups,
        of_groups,
    ]


def of_means(service: Service, said: Callable[[str, list[Row]], Basis]) -> list[Basis]:
    rows = measured(service, *TRAITS["Age"]).rows
    return [said(f"{steps_of(rows)[-1]} of {len(rows)}", rows)] if rows else []


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
