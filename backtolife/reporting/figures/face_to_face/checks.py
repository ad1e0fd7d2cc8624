"""What stands beside a comparison so that nobody reads too much into it: those missing, completers, who got better."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.reporting.analysis.basics.basis import Interval
from backtolife.reporting.analysis.change.paired import around
from backtolife.reporting.analysis.comparison.margin import Margin
from backtolife.reporting.analysis.comparison.noninferiority import Comparison, Person, Side, estimate, side_of
from backtolife.reporting.suppression import SMALLEST_SHOWN

FEWEST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class Completers:
    """The same difference among those who completed (per protocol)."""

    n: int
    difference: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Responders:
    """One side: of `n` with both scores, how many got better and worse by the change one person would notice.

    A count of None is hidden.
    """

    side: str
    n: int
    better: int | None
    worse: int | None


@dataclass(frozen=True, slots=True)
class Checks:
    """`tipping` is how many points worse than the others those who gave no score may have done until “no worse” no
    longer holds; None where it does not hold, or where nobody is missing.
    """

    missing: int
    tipping: float | None
    completers: Completers | None
    noticed: float | None
    """The change one person would notice, in points; None where none is published."""
    responders: tuple[Responders, ...]


def checks_of(
    found: Comparison,
    service: Sequence[Person],
    kept: Sequence[Person],
    reference: Sequence[Person],
    instrument: Instrument,
) -> Checks:
    """`kept` are those of `service` who completed. Raises nothing: the comparison has been made."""
    up = bool(instrument.higher_is_better)
    sides = side_of(service, up), side_of(kept, up), side_of(reference, up)
    missing = len(service) - sides[0].n
    size = noticed(instrument)
    return Checks(
        missing=missing,
        tipping=tipping_of(found, found.margin, missing / len(service)) if service else None,
        completers=completers_of(*sides) if found.difference is not None else None,
        noticed=size,
        responders=()
        if size is None or found.difference is None
        else (responders("Remote", sides[0], size), responders("Face to face", sides[2], size)),
    )


def noticed(instrument: Instrument) -> float | None:
    sizes = (each.value for each in instrument.minimal_change if each.unit == "points")
    return next((size for size in sizes if size is not None), None)


def is_wide(margin: float, size: float | None) -> bool:
    """Whether a margin is more than half of the change one person would notice."""
    return size is not None and margin > size / 2


def tipping_of(found: Comparison, margin: Margin, missing: float) -> float | None:
    """If the missing improved δ less, the difference falls by their share of δ."""
    if found.interval is None or missing <= 0 or found.interval.low <= -margin.points:
        return None
    return (found.interval.low + margin.points) / missing


def completers_of(service: Side, kept: Side, reference: Side) -> Completers | None:
    """None where fewer than 5 completed, or all in one group, or 1 to 4 did not: they could be worked out."""
    if kept.n < SMALLEST_SHOWN or 0 < service.n - kept.n < SMALLEST_SHOWN:
        return None
    if min(len(set(side.groups)) for side in (kept, reference)) < FEWEST_GROUPS:
        return None
    found = estimate(kept, reference)
    return Completers(kept.n, found.difference, around(found.difference, found.se, found.freedom))


def responders(name: str, side: Side, size: float) -> Responders:
    better, worse = sum(gain >= size for gain in side.gains), sum(gain <= -size for gain in side.gains)
    return Responders(name, side.n, shown(better), shown(worse))


def shown(count: int) -> int | None:
    return count if count >= SMALLEST_SHOWN else None
