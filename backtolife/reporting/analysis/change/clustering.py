"""How much less a person tells where people share a group."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """What one person's improvement leaves over (in points) when the side's mean and their start are taken off."""

    left: float
    group: Hashable


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """`factor` multiplies the variance (1 or more); `units` is how many groups, or single people, there are."""

    factor: float
    units: int
    size: float
    """The mean size of a group, each weighted by its own size."""


def intraclass(sides: Sequence[Sequence[Member]]) -> float | None:
    """How alike people in one group are, 0 to 1, pooled over the sides; None where nobody shares a group.

    The analysis-of-variance estimate; below 0 counts as 0.
    """
    groups = [list(gathered(side).values()) for side in sides if side]
    flat = [group for side in groups for group in side]
    people, freedom = sum(map(len, flat)), len(flat) - len(groups)
    if freedom < 1 or people == len(flat):
        return None
    means = [sum(group) / len(group) for group in flat]
    between = sum(len(group) * mean**2 for group, mean in zip(flat, means, strict=True)) / freedom
    apart = (sum((one - mean) ** 2 for one in group) for group, mean in zip(flat, means, strict=True))
    within = sum(apart) / (people - len(flat))
    size = (people - sum(weighted_size(side) for side in groups)) / freedom
    whole = between + (size - 1) * within
    return min(max((between - within) / whole, 0.0), 1.0) if whole > 0 else 0.0


def design_effect(side: Sequence[Member], icc: float | None) -> DesignEffect:
    """The design effect of one side, by Kish's size for groups that are not all as large."""
    groups = list(gathered(side).values())
    size = weighted_size(groups)
    return DesignEffect(1 + (size - 1) * (icc or 0.0), len(groups), size)


def weighted_size(groups: Sequence[Sequence[float]]) -> float:
    return sum(len(group) ** 2 for group in groups) / sum(map(len, groups))


def gathered(side: Sequence[Member]) -> Mapping[Hashable, list[float]]:
    found: dict[Hashable, list[float]] = defaultdict(list)
    for member in side:
        found[member.group].append(member.left)
    return found
