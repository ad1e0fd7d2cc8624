"""The change of everyone who started, with those who stopped answering not left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, Value, basis, finite
from backtolife.reporting.analysis.basics.refusals import TooFew
from backtolife.reporting.analysis.change.paired import around
from backtolife.reporting.analysis.change.random_intercept import Fit, fit

if TYPE_CHECKING:
    from numpy import intp
    from numpy.typing import NDArray

HOW = (
    "A mixed model of every score given, with a level for each person (restricted maximum likelihood). It holds if, "
    "given the scores a person did give, whether they answered again does not depend on how they were doing. "
    "Standard errors are robust, counted by {cluster}, with Student's t on {cluster}s less one."
)


class Observation(NamedTuple):
    """One score of one person at one milestone; None where they were asked and gave none."""

    person: str
    time: str
    value: float | None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class MixedStep:
    """The estimated improvement from the first milestone to `time`, for all `started`, of whom `missing` gave none."""

    basis: Basis
    time: str
    improvement: float
    se: float
    freedom: int
    interval: Interval
    started: int
    missing: int


@dataclass(frozen=True, slots=True)
class MixedChange:
    """`between` and `within` are the spreads (SD) between and within people, in points."""

    basis: Basis
    steps: tuple[MixedStep, ...]
    between: float
    within: float
    clusters: int


def mixed_change(
    observations: Sequence[Observation], *, times: Sequence[str], higher_is_better: bool, about: About
) -> MixedChange:
    """The change from the first of `times` to each later one, whoever is missing where.

    Everyone who has an observation has started, even one without a value. Where each person has a group and there are
    two groups or more, errors are counted by group, since people in one group have shared a programme. Raises Invalid
    for two scores of one person at one milestone or an unknown milestone, TooFew below two people at a milestone.
    """
    scores = scores_of(observations, times)
    groups = {each.person: each.group for each in observations}
    columns = {time: [scores.get((person, time)) for person in groups] for time in times}
    return mixed_columns(columns, list(groups.values()), higher_is_better=higher_is_better, about=about)


def mixed_columns(
    columns: Mapping[str, Sequence[Value]], groups: Sequence[str | None], *, higher_is_better: bool, about: About
) -> MixedChange:
    """The same from the scores at each milestone, in the order of the milestones; one place in each for each person
    who has started, as in `groups`.
    """
    import numpy as np

    times = list(columns)
    everyone = np.array(list(columns.values()), dtype=float).T
    counts = [int(each) for each in (~np.isnan(everyone)).sum(axis=0)]
    if len(times) < 2 or min(counts) < 2:
        raise TooFew("Each milestone needs at least two people with a score.")
    answered = ~np.isnan(everyone).all(axis=1)
    table = everyone[answered]
    there = ~np.isnan(table)
    clusters, word = clusters_of([group for group, one in zip(groups, answered, strict=True) if one])
    people, at = np.nonzero(there)
    design = np.eye(len(times))[at]
    design[:, 0] = 1.0
    model = fit(design, table[there], people, clusters)
    how = HOW.format(cluster=word)

    def step(column: int) -> MixedStep:
        present = np.unique(clusters[there[:, column]])
        if len(present) < 2:
            raise TooFew("Each milestone needs scores from at least two groups.")
        held = basis(about, counts[column], len(everyone), how)
        return step_of(model, (column, times[column]), len(present) - 1, held, higher_is_better)

    return MixedChange(
        basis=basis(about, len(table), len(everyone), how),
        steps=tuple(step(column) for column in range(1, len(times))),
        between=math.sqrt(model.between),
        within=math.sqrt(model.within),
        clusters=int(clusters.max()) + 1,
    )


def step_of(model: Fit, at: tuple[int, str], freedom: int, held: Basis, higher_is_better: bool) -> MixedStep:
    column, time = at
    rise = float(model.coefficients[column])
    improvement = rise if higher_is_better else -rise
    error = math.sqrt(max(float(model.robust[column, column]), 0.0))
    reach = around(improvement, error, freedom)
    return MixedStep(held, time, improvement, error, freedom, reach, held.of, held.of - held.n)


def scores_of(observations: Sequence[Observation], times: Sequence[str]) -> dict[tuple[str, str], float]:
    """Each score there is, by person and milestone."""
    found: dict[tuple[str, str], float] = {}
    for each in observations:
        if each.time not in times:
            raise Invalid(f"There is no milestone “{each.time}” among those compared.")
        if each.value is None:
            continue
        if (each.person, each.time) in found:
            raise Invalid(f"One person has two scores at “{each.time}”.")
        found[each.person, each.time] = finite(each.value)
    return found


def clusters_of(groups: Sequence[str | None]) -> tuple[NDArray[intp], str]:
    """The cluster of each person in order, and what a cluster is: a group, or else a person."""
    import numpy as np

    order = {name: place for place, name in enumerate(dict.fromkeys(groups))}
    if None in order or len(order) < 2:
        return np.arange(len(groups)), "person"
    return np.array([order[name] for name in groups]), "group"
