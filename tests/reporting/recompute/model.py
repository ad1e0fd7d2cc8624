"""The change with those who stopped answering counted in, by statsmodels' mixed model."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import statsmodels.api as statsmodels
from scipy import optimize, stats

from tests.reporting.recompute.change import MEASURES, Measure
from tests.reporting.recompute.dataset.rows import Row, score, started
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.words import Table, reach, shown

HEAD = [
    "Measure", "Missing", "Estimated gain (95% interval)", "If the missing did δ points worse",
    "Largest δ at which it holds",
]  # fmt: skip
Seen = list[tuple[str, str, str, float]]
"""Person, group, milestone and score."""


@dataclass(frozen=True)
class Fitted:
    """The improvement at the end with its error robust by group, and how many of those who came gave no score."""

    centre: float
    error: float
    freedom: int
    missing: int
    of: int

    def ends(self, delta: float) -> tuple[float, float, float]:
        part = self.missing / self.of
        error = math.sqrt(self.error**2 + delta**2 * part * (1 - part) / self.of)
        half = stats.t.ppf(0.975, self.freedom) * error
        middle = self.centre - delta * part
        return middle, middle - half, middle + half

    def words(self, delta: float) -> str:
        middle, low, high = self.ends(delta)
        return f"{shown(middle)} ({reach(low, high)})"

    def holds(self) -> str:
        """The δ at which the interval reaches 0."""
        if self.ends(0)[1] <= 0:
            return "none: the interval includes 0 already"
        low: Callable[[float], float] = lambda delta: self.ends(delta)[1]  # noqa: E731
        return f"{shown(optimize.brentq(low, 0, self.centre * self.of / self.missing))} points"


def modelled(service: Service) -> Table:
    table = [HEAD]
    for measure in MEASURES:
        found = fitted(answered(service, measure), measure)
        deltas = [round(share * (measure.highest - measure.lowest), 2) for share in (0.05, 0.1, 0.2)]
        told = " ".join(f"δ {shown(delta, 2)}: {found.words(delta)}" for delta in deltas)
        missing = f"{found.missing} of {found.of}"
        table.append([measure.name(service.every), missing, found.words(0), told, found.holds()])
    return table


def answered(service: Service, measure: Measure) -> list[Row]:
    """In batches of those who gave the measure at the end, and of those who did not."""

    def counts(rows: list[Row]) -> list[list[int]]:
        there = started(rows)
        given = sum(score(row, "end", measure.scale) is not None for row in there)
        return [[given], [len(there) - given]]

    return service.of(counts).rows


def fitted(rows: list[Row], measure: Measure) -> Fitted:
    there, scale = started(rows), measure.scale
    times = [
        when for when in ("baseline", "mid", "end") if sum(score(row, when, scale) is not None for row in there) >= 5
    ]
    seen = [
        (row["person"], row["group"], when, value)
        for row in there
        for when in times
        if (value := score(row, when, scale)) is not None
    ]
    gain, error = last_step(seen, times)
    groups = [group for _, group, when, _ in seen if when == "end"]
    return Fitted(measure.sign * gain, error, len(set(groups)) - 1, len(there) - len(groups), len(there))


def last_step(seen: Seen, times: list[str]) -> tuple[float, float]:
    """From the first to the last of `times`: the model's change, and its standard error robust by group."""
    design = np.array([[1.0, *(float(when == each) for each in times[1:])] for _, _, when, _ in seen])
    values, names = np.array([each[3] for each in seen]), np.array([each[0] for each in seen])
    groups = np.array([each[1] for each in seen])
    fit = statsmodels.MixedLM(values, design, groups=names).fit(reml=True)
    between, within = float(np.asarray(fit.cov_re)[0, 0]), float(fit.scale)
    bread, left = np.zeros((len(times),) * 2), values - design @ fit.fe_params
    meat: dict[str, np.ndarray] = {}
    for name in dict.fromkeys(names):
        own = names == name
        weight = np.linalg.inv(within * np.eye(own.sum()) + between)
        bread += design[own].T @ weight @ design[own]
        key = groups[own][0]
        meat[key] = meat.get(key, 0) + design[own].T @ weight @ left[own]
    inverse = np.linalg.inv(bread)
    robust = inverse @ sum(np.outer(each, each) for each in meat.values()) @ inverse * len(meat) / (len(meat) - 1)
    return float(fit.fe_params[-1]), math.sqrt(robust[-1, -1])
