"""Everything a page or a report shows, computed once from the data."""

from dataclasses import dataclass

from backtolife.reporting.analysis.basics.refusals import NotInstalled
from backtolife.reporting.analysis.comparison.funnel import Funnel
from backtolife.reporting.analysis.service.breakdown import rounded
from backtolife.reporting.analysis.service.completion import Completion
from backtolife.reporting.analysis.service.xmr import XmR
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.batches import Batches, batches_of
from backtolife.reporting.figures.beside import (
    Association,
    Practised,
    Satisfaction,
    Work,
    associations,
    practised,
    satisfaction,
    work,
)
from backtolife.reporting.figures.by_group import Parts, between, over_time, parts
from backtolife.reporting.figures.change import ChangeRow, changes
from backtolife.reporting.figures.face_to_face.remote import Remote, comparisons
from backtolife.reporting.figures.fairness import Fairness, fairness
from backtolife.reporting.figures.leaving import Leaving, leaving
from backtolife.reporting.figures.measures import Measure
from backtolife.reporting.figures.modelled import Modelled, modelled
from backtolife.reporting.figures.scope import Scope, ended_groups, period, starters, within
from backtolife.reporting.figures.steps import funnel
from backtolife.reporting.figures.trial import Trial, trial

LATER = ("month-3", "month-6", "month-12")


@dataclass(frozen=True, slots=True)
class Computed:
    """What needs the statistics libraries."""

    change: list[ChangeRow]
    completers: list[ChangeRow]
    later: list[ChangeRow]
    modelled: list[Modelled]
    remote: list[Remote]
    work: Work | None
    between: Funnel
    fairness: list[Fairness]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Groups that have ended and are not counted yet, and to the nearest 5 how many people came; None is under 5."""

    groups: int
    people: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """`groups` are those counted; `funnel` is None outside the whole service, where `parts` says what may be shown.

    `missing` says what to install where nothing could be computed.
    """

    scope: Scope
    service: str
    as_of: str
    period: str
    groups: tuple[Group, ...]
    running: int
    waiting: Waiting | None
    measure: Measure | None
    funnel: Completion | None
    trial: Trial | None
    parts: Parts
    over_time: tuple[XmR, XmR]
    satisfaction: Satisfaction | None
    leaving: Leaving | None
    associations: list[Association]
    practised: Practised | None
    computed: Computed | None
    missing: str = ""


def evidence(data: Data, scope: Scope) -> Evidence:
    """The figures of `scope`. A part of the service shows rows of the service's own table and nothing finer."""
    batches = batches_of(data)
    groups = [group for group in batches.counted if within(group, scope)]
    measure = batches.leading
    table = parts(batches)
    whole = scope.kind == "service"
    computed, missing = None, ""
    try:
        computed = compute(batches, table) if whole else None
    except NotInstalled as error:
        missing = error.message
    return Evidence(
        scope=scope,
        service=data.service,
        as_of=data.as_of,
        period=period(groups),
        groups=tuple(groups),
        running=sum(not group.ended for group in data.groups),
        waiting=waiting(batches),
        measure=measure,
        funnel=funnel(batches) if whole else None,
        trial=trial(batches) if whole else None,
        parts=table,
        over_time=over_time(table, batches),
        satisfaction=satisfaction(batches) if whole else None,
        leaving=leaving(batches) if whole else None,
        associations=associations(batches, measure) if whole and measure else [],
        practised=practised(batches) if whole else None,
        computed=computed,
        missing=missing,
    )


def compute(batches: Batches, table: Parts) -> Computed:
    return Computed(
        change=changes(batches, "end"),
        completers=changes(batches, "end", completers=True),
        later=[row for milestone in LATER for row in changes(batches, milestone, shares=False)],
        modelled=modelled(batches),
        remote=comparisons(batches),
        work=work(batches),
        between=between(table, batches),
        fairness=fairness(batches),
    )


def waiting(batches: Batches) -> Waiting | None:
    """Those who came in groups that have ended and that the steps do not show yet; None where there are none."""
    counted = {group.id for group in batches.counted}
    groups = [group for group in ended_groups(batches.data) if group.id not in counted]
    if not groups:
        return None
    return Waiting(len(groups), rounded(len(starters(batches.data, groups))))
