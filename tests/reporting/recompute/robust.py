"""How sure a mean is where people share groups, by the matrices of the articles: CR2 and Satterthwaite."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from tests.reporting.recompute.words import reach


def error_of(values: Sequence[float], groups: Sequence[str]) -> tuple[float, float]:
    """Standard error and degrees of freedom; by person where there is one group."""
    y, labels = np.array(values), np.array(groups)
    n = len(y)
    places = [np.flatnonzero(labels == name) for name in dict.fromkeys(groups)]
    if len(places) < 2:
        return float(stats.sem(y)), n - 1
    x = np.ones((n, 1))
    bread = np.linalg.inv(x.T @ x)
    hat = x @ bread @ x.T
    left, residuals = np.eye(n) - hat, y - hat @ y
    variance, columns = 0.0, []
    for at in places:
        values_of, vectors = np.linalg.eigh(np.eye(len(at)) - hat[np.ix_(at, at)])
        adjusted = vectors @ np.diag(values_of**-0.5) @ vectors.T
        variance += float((bread @ x[at].T @ adjusted @ residuals[at]).item() ** 2)
        columns.append((left[:, at] @ adjusted @ x[at] @ bread).ravel())
    products = np.array([[one @ two for two in columns] for one in columns])
    return float(np.sqrt(variance)), float(np.trace(products) ** 2 / (products**2).sum())


def around(values: Sequence[float], groups: Sequence[str]) -> str:
    """The 95% interval of the mean."""
    error, freedom = error_of(values, groups)
    return reach(*stats.t.interval(0.95, freedom, float(np.mean(values)), error))
