"""What a score means by the published cuts: its band, its cut-offs and, for a screen, its class."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from backtolife.outcomes.catalogue.instrument import Comparison, Cutoff, Grouping, Instrument, Scale
from backtolife.outcomes.catalogue.rounding import Exact, exact, half_up
from backtolife.outcomes.scoring.result import Figure
from backtolife.outcomes.scoring.transforms import Points


def band_of(scale: Scale, value: float | None) -> str | None:
    """The id of the band `value` falls into once rounded half up to a whole number; None without a value or band."""
    if value is None:
        return None
    whole = half_up(exact(value), 1, 0)
    for band in scale.bands:
        if band.lowest <= whole <= band.highest:
            return band.id
    return None


def cutoff_of(cutoff: Cutoff, figures: Mapping[str, Figure], points: Points) -> bool | None:
    """Whether any of the cut-off's tests holds; None when a value it needs is missing."""
    seen: list[bool] = []
    for test in cutoff.any_of:
        value = _least(points) if test.scale is None else figures[test.scale].value
        if value is None:
            return None
        seen.append(holds(test, value))
    return any(seen)


def holds(test: Comparison, value: Exact | float) -> bool:
    """Whether a value passes one comparison."""
    if test.relation == "at_least":
        return value >= test.limit
    return value <= test.limit if test.relation == "at_most" else value < test.limit


def class_of(instrument: Instrument, grouping: Grouping, points: Points) -> str | None:
    """The class that every possible completion of the gaps gives; None when they differ."""
    gaps = [index for index, point in enumerate(points) if point is None]
    choices = [sorted(set(instrument.items[index].points.values())) for index in gaps]
    found: str | None = None
    for completion in product(*choices):
        filled = list(points)
        for index, point in zip(gaps, completion, strict=True):
            filled[index] = point
        this = _class(instrument, grouping, filled)
        if this is None or found not in (None, this):
            return None
        found = this
    return found


def _class(instrument: Instrument, grouping: Grouping, points: Points) -> str | None:
    for rule in grouping.rules:
        if all(holds(test, _sum(instrument.scale(test.scale or ""), points)) for test in rule.all_of):
            return rule.id
    return None


def _sum(scale: Scale, points: Points) -> Exact:
    return sum(points[index] or 0 for index in scale.items)


def _least(points: Points) -> Exact | None:
    return min((point for point in points if point is not None), default=None)
