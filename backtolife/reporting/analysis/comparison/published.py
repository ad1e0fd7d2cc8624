"""The service against one published result: never the same people, so never more than a hint."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from backtolife.reporting.analysis.basics.basis import About, Basis, Interval, basis
from backtolife.reporting.analysis.basics.refusals import NoSpread, refuse_in_house
from backtolife.reporting.analysis.change.clustering import Member, design_effect, intraclass
from backtolife.reporting.analysis.change.paired import around
from backtolife.reporting.analysis.comparison.margin import Margin, check_fixed_before, required_beside
from backtolife.reporting.analysis.comparison.noninferiority import Person, Verdict, side_of, verdict_of

HOW = (
    "Mean improvement of those with both scores less the published mean improvement ({source}). No worse if the lower "
    "end of the 95% interval (one-sided 97.5%) lies above minus the margin of {points:g}, fixed on "
    "{fixed_on:%d %B %Y} by {fixed_by}. Nothing is adjusted: the people, their start and the time may differ. "
    "{caveat}"
)


@dataclass(frozen=True, slots=True)
class Published:
    """A published mean improvement (above 0 is better) of `n` people, with the spread of their changes."""

    id: str
    measure: str
    mean: float
    sd_change: float | None
    n: int | None
    source: str
    caveat: str


@dataclass(frozen=True, slots=True)
class PublishedComparison:
    """`difference` is above 0 where the service did better; figures are None until the planned number is reached."""

    basis: Basis
    verdict: Verdict
    margin: Margin
    published: Published
    service_n: int
    needed: int | None
    difference: float | None
    se: float | None
    interval: Interval | None


def against_published(
    service: Sequence[Person],
    published: Published,
    *,
    margin: Margin,
    first_result: date,
    higher_is_better: bool,
    in_house: bool,
    about: About,
) -> PublishedComparison:
    """The service's improvement beside a published one. Raises NoSpread, MarginTooLate, InHouseWording."""
    refuse_in_house(in_house)
    check_fixed_before(margin, first_result)
    if published.sd_change is None or published.n is None or published.n < 2:
        raise NoSpread("This published result gives no spread or no number of people, so nothing can be compared.")
    side = side_of(service, higher_is_better)
    how = HOW.format(
        source=published.source, points=margin.points, fixed_on=margin.fixed_on, fixed_by=margin.fixed_by,
        caveat=published.caveat,
    )  # fmt: skip
    held = basis(about, side.n, len(service), how)
    needed = required_beside(margin.required, published.n)
    if needed is None or side.n < needed or len(set(side.groups)) < 2:
        return PublishedComparison(held, Verdict.NOT_ENOUGH, margin, published, side.n, needed, None, None, None)
    centre = fmean(side.gains)
    members = [Member(one - centre, group) for one, group in zip(side.gains, side.groups, strict=True)]
    effect = design_effect(members, intraclass([members]))
    ours = effect.factor * sum(each.left**2 for each in members) / (side.n - 1) / side.n
    theirs = published.sd_change**2 / published.n
    error = math.sqrt(ours + theirs)
    freedom = (ours + theirs) ** 2 / (ours**2 / (effect.units - 1) + theirs**2 / (published.n - 1))
    interval = around(centre - published.mean, error, freedom)
    return PublishedComparison(
        held, verdict_of(interval, margin), margin, published, side.n, needed, centre - published.mean, error, interval
    )
