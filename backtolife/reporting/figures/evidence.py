"""Everything a page or a report shows, computed once from the data."""

from dataclasses import dataclass

from backtolife.reporting.analysis.completion import Completion
from backtolife.reporting.analysis.funnel import Funnel
from backtolife.reporting.analysis.refusals import NotInstalled
from backtolife.reporting.analysis.xmr import XmR
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.beside import Association, Satisfaction, Work, associations, satisfaction, work
from backtolife.reporting.figures.by_group import Parts, between, over_time, parts
from backtolife.reporting.figures.change import ChangeRow, changes
from backtolife.reporting.figures.measures import Measure, leading
from backtolife.reporting.figures.modelled import Modelled, modelled
from backtolife.reporting.figures.remote import Remote, comparisons
from backtolife.reporting.figures.scope import Scope, ended_groups, members_of, period
from backtolife.reporting.figures.steps import Fairness, fairness, funnel

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
class Evidence:
    """`funnel` is None outside the whole service, where `parts` says what may be shown. `missing` says what to
    install where nothing could be computed."""

    scope: Scope
    service: str
    as_of: str
    period: str
    groups: tuple[Group, ...]
    running: int
    measure: Measure | None
    funnel: Completion | None
    parts: Parts
    over_time: tuple[XmR, XmR]
    satisfaction: Satisfaction | None
    associations: list[Association]
    computed: Computed | None
    missing: str = ""


def evidence(data: Data, scope: Scope) -> Evidence:
    """The figures of `scope`. A part of the service shows rows of the service's own table and nothing finer."""
    every = ended_groups(data, Scope("service", "", ""))
    groups = ended_groups(data, scope)
    measure = leading(data, members_of(data, every))
    table = parts(data, every, measure)
    whole = scope.kind == "service"
    computed, missing = None, ""
    try:
        computed = compute(data, groups, measure, table, every) if whole else None
    except NotInstalled as error:
        missing = error.message
    return Evidence(
        scope=scope,
        service=data.service,
        as_of=data.as_of,
        period=period(groups),
        groups=tuple(groups),
        running=sum(not group.ended for group in data.groups),
        measure=measure,
        funnel=funnel(data, groups, measure, whole_service=True) if whole else None,
        parts=table,
        over_time=over_time(table, every),
        satisfaction=satisfaction(data, groups) if whole else None,
        associations=associations(data, groups, measure) if whole and measure else [],
        computed=computed,
        missing=missing,
    )


def compute(data: Data, groups: list[Group], measure: Measure | None, table: Parts, every: list[Group]) -> Computed:
    return Computed(
        change=changes(data, groups, "end"),
        completers=changes(data, groups, "end", completers=True),
        later=[row for milestone in LATER for row in changes(data, groups, milestone, shares=False)],
        modelled=modelled(data, groups),
        remote=comparisons(data, groups),
        work=work(data, groups),
        between=between(table, every),
        fairness=fairness(data, groups, measure),
    )
