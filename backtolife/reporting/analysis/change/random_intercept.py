"""A linear model in which each person has a level of their own, fitted by restricted maximum likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backtolife.reporting.analysis.basics.refusals import TooFew

if TYPE_CHECKING:
    from numpy import float64, intp
    from numpy.typing import NDArray

    Numbers = NDArray[float64]
    Places = NDArray[intp]

LOWEST, HIGHEST = -12.0, 8.0
"""Between these the logarithm of the variance between people, in units of that within them, is looked for."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients with two covariances: as the model has it, and robust to how scores within a cluster hang together.

    `between` is the variance between people, `within` what is left.
    """

    coefficients: Numbers
    covariance: Numbers
    robust: Numbers
    between: float
    within: float


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything of the data that the likelihood needs, added up once per person."""

    square: Numbers
    """X'X."""
    cross: Numbers
    """X'y."""
    total: float
    """y'y."""
    rows: Numbers
    """The sum of each person's design rows."""
    scores: Numbers
    """The sum of each person's scores."""
    sizes: Numbers
    """How many scores each person gave."""


def fit(design: Numbers, scores: Numbers, people: Places, clusters: Places) -> Fit:
    """The model of `scores` on the columns of `design`.

    `people` numbers the person of each score from 0 without a hole; `clusters` the cluster of each person. Raises
    TooFew where the columns cannot be told apart or fewer than two clusters are left.
    """
    import numpy as np
    from scipy.optimize import minimize_scalar

    if len(scores) <= design.shape[1] or np.linalg.matrix_rank(design) < design.shape[1] or clusters.max() == 0:
        raise TooFew("There are too few answers to tell the milestones apart.")
    sums = summed(design, scores, people)
    found = minimize_scalar(
        lambda place: misfit(sums, math.exp(place)), bounds=(LOWEST, HIGHEST), method="bounded", options={"xatol": 1e-8}
    )
    ratio = math.exp(found.x)
    inverse, coefficients, within = solved(sums, ratio)
    left = scores - design @ coefficients
    weights = ratio / (1 + sums.sizes * ratio)
    pull = weights * np.bincount(people, left)
    held = np.zeros((int(clusters.max()) + 1, design.shape[1]))
    np.add.at(held, clusters[people], design * left[:, None])
    np.add.at(held, clusters, -sums.rows * pull[:, None])
    factor = len(held) / (len(held) - 1)
    return Fit(
        coefficients=coefficients,
        covariance=within * inverse,
        robust=factor * inverse @ (held.T @ held) @ inverse,
        between=ratio * within,
        within=within,
    )


def summed(design: Numbers, scores: Numbers, people: Places) -> Sums:
    import numpy as np

    return Sums(
        square=design.T @ design,
        cross=design.T @ scores,
        total=float(scores @ scores),
        rows=np.column_stack([np.bincount(people, column) for column in design.T]),
        scores=np.bincount(people, scores).astype(float),
        sizes=np.bincount(people).astype(float),
    )


def solved(sums: Sums, ratio: float) -> tuple[Numbers, Numbers, float]:
    """(X'V⁻¹X)⁻¹, the coefficients and the variance within people, for one ratio of the variances."""
    import numpy as np

    weights = ratio / (1 + sums.sizes * ratio)
    inverse: Numbers = np.linalg.inv(sums.square - (sums.rows.T * weights) @ sums.rows).astype(float)
    cross = sums.cross - sums.rows.T @ (weights * sums.scores)
    coefficients = inverse @ cross
    total = sums.total - float(weights @ sums.scores**2)
    free = int(sums.sizes.sum()) - len(coefficients)
    return inverse, coefficients, max(float(total - cross @ coefficients), 0.0) / free


def misfit(sums: Sums, ratio: float) -> float:
    """Minus twice the restricted log likelihood, but for a constant."""
    import numpy as np

    inverse, coefficients, within = solved(sums, ratio)
    free = int(sums.sizes.sum()) - len(coefficients)
    spread = free * math.log(max(within, 1e-300))
    return spread + float(np.log1p(sums.sizes * ratio).sum()) - float(np.linalg.slogdet(inverse)[1])
