"""How sure a mean is where people shared a group: they had the same facilitators, talk and luck, and are alike.

CR2 with Satterthwaite's degrees of freedom (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018), worked out for a
mean alone, where the matrices come down to sums. With few groups of unlike size it keeps 95 % near 95 %, which
neither Student's t on people nor the plain sandwich does.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basics.basis import Value


@dataclass(frozen=True, slots=True)
class Cluster:
    """One group: how many people, and the sum of their values."""

    people: int
    total: float


@dataclass(frozen=True, slots=True)
class Robust:
    """The standard error of a mean (in points, 0 or more) and its degrees of freedom (need not be whole)."""

    se: float
    freedom: float


def clusters_of(values: Sequence[Value], groups: Sequence[str]) -> list[Cluster]:
    """The groups behind `values`, one place in each for each person; None is left out."""
    people: dict[str, int] = {}
    totals: dict[str, float] = {}
    for value, group in zip(values, groups, strict=True):
        if value is not None:
            people[group] = people.get(group, 0) + 1
            totals[group] = totals.get(group, 0.0) + value
    return [Cluster(count, totals[group]) for group, count in people.items()]


def robust_mean(clusters: Sequence[Cluster]) -> Robust | None:
    """The error of the mean over everyone. None below two groups: nothing then says how unlike groups are."""
    if len(clusters) < 2:
        return None
    n = sum(each.people for each in clusters)
    mean = sum(each.total for each in clusters) / n
    weights = [1 / (n * math.sqrt(1 - each.people / n)) for each in clusters]
    variance = sum(
        (weight * (each.total - each.people * mean)) ** 2 for weight, each in zip(weights, clusters, strict=True)
    )
    return Robust(math.sqrt(variance), freedom_of([each.people for each in clusters], weights))


def freedom_of(sizes: Sequence[int], weights: Sequence[float]) -> float:
    """Satterthwaite's degrees of freedom if people were independent: groups of one size give their number less one."""
    n = sum(sizes)
    own = [weight**2 * size for weight, size in zip(weights, sizes, strict=True)]
    mixed = [weight * size for weight, size in zip(weights, sizes, strict=True)]
    # The sum of (p_g . p_h)^2 with p_g . p_h = own_g [g = h] - mixed_g mixed_h / n, without going through all pairs.
    squares = sum(each**2 for each in mixed) ** 2 / n**2
    squares += sum(one**2 - 2 * one * two**2 / n for one, two in zip(own, mixed, strict=True))
    return (1 / n) ** 2 / squares
