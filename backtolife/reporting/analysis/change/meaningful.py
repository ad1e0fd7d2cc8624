"""How many people changed by a size that matters, for the better and for the worse."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from backtolife.outcomes.catalogue.instrument import ChangeLimit, Instrument
from backtolife.outcomes.catalogue.rounding import exact
from backtolife.outcomes.scoring.change import Change, change
from backtolife.reporting.analysis.basics.basis import About, Basis, Pair, Value, basis, pairs_of
from backtolife.reporting.analysis.basics.proportion import HOW as SHARE_HOW
from backtolife.reporting.analysis.basics.proportion import Share, share
from backtolife.reporting.analysis.basics.refusals import refuse_in_house

Kind = Literal["minimal", "minimal_percent", "reliable"]
Direction = Literal["improved", "worse", "no_clear_change"]
Ways = Mapping[Kind, Direction | None]
HOW: Mapping[Kind, str] = {
    "minimal": "Better or worse by at least the change one person would notice, in points.",
    "minimal_percent": "Better or worse by at least the change one person would notice, in per cent of their start. "
    "Those who started at 0 are left out.",
    "reliable": "Better or worse by at least what the questionnaire's own measurement error could explain.",
}


@dataclass(frozen=True, slots=True)
class ChangeShares:
    """How many got better, worse, or neither, by one published size of change."""

    basis: Basis
    kind: Kind
    limit: ChangeLimit
    improved: Share
    worse: Share
    unclear: Share


@dataclass(frozen=True, slots=True)
class MeaningfulChange:
    """None where the instrument's data hold no such size of change."""

    instrument: str
    version: str
    minimal: ChangeShares | None
    minimal_percent: ChangeShares | None
    reliable: ChangeShares | None


def meaningful_change(
    instrument: Instrument, before: Sequence[Value], after: Sequence[Value], *, in_house: bool, about: About
) -> MeaningfulChange:
    """Everyone's change on `instrument` against its own sizes of change.

    Raises InHouseWording when the answers were given on in-house wording, and what `change` raises for a score the
    instrument cannot have.
    """
    return meaningful_of(instrument, pairs_of(before, after), len(before), in_house=in_house, about=about)


def meaningful_of(
    instrument: Instrument, pairs: Counter[Pair], eligible: int, *, in_house: bool, about: About
) -> MeaningfulChange:
    """The same from the pairs there are among `eligible` people."""
    refuse_in_house(in_house)
    ways = {pair: directions(instrument, pair) for pair in pairs}

    def shares(kind: Kind) -> ChangeShares | None:
        limit = limits_of(instrument).get(kind)
        return None if limit is None else counted(kind, limit, tallied(pairs.items(), ways, kind), (about, eligible))

    return MeaningfulChange(
        instrument=instrument.id,
        version=instrument.version,
        minimal=shares("minimal"),
        minimal_percent=shares("minimal_percent"),
        reliable=shares("reliable"),
    )


def limits_of(instrument: Instrument) -> dict[Kind, ChangeLimit]:
    """The sizes of change that its data hold, in the order in which they are shown."""
    wanted: tuple[tuple[Kind, Sequence[ChangeLimit], str], ...] = (
        ("minimal", instrument.minimal_change, "points"),
        ("minimal_percent", instrument.minimal_change, "percent"),
        ("reliable", instrument.reliable_change, "points"),
    )
    first = {
        kind: next((each for each in limits if each.unit == unit and each.value is not None), None)
        for kind, limits, unit in wanted
    }
    return {kind: limit for kind, limit in first.items() if limit is not None}


def directions(instrument: Instrument, pair: Pair) -> Ways:
    """Which way somebody with these scores went by each size of change; None where it cannot be put against them."""
    one = change(instrument, {"baseline": pair.before, "followup": pair.after})
    return {kind: direction_of(kind, pair, one, limit) for kind, limit in limits_of(instrument).items()}


def tallied(pairs: Iterable[tuple[Pair, int]], ways: Mapping[Pair, Ways], kind: Kind) -> Counter[Direction | None]:
    """How many went which way. `pairs` come with how many people have them."""
    times: Counter[Direction | None] = Counter()
    for pair, people in pairs:
        times[ways[pair][kind]] += people
    return times


def counted(kind: Kind, limit: ChangeLimit, times: Counter[Direction | None], who: tuple[About, int]) -> ChangeShares:
    """The shares of those who could be put against the limit; `who` are the window and how many could have been."""
    n = times.total() - times[None]
    return ChangeShares(
        basis=basis(who[0], n, who[1], f"{HOW[kind]} {SHARE_HOW}"),
        kind=kind,
        limit=limit,
        improved=share(times["improved"], n),
        worse=share(times["worse"], n),
        unclear=share(times["no_clear_change"], n),
    )


def direction_of(kind: Kind, pair: Pair, one: Change, limit: ChangeLimit) -> Direction | None:
    """None where the change cannot be put against the limit: per cent of a start at 0."""
    if kind == "minimal":
        return one.minimal
    if kind == "reliable":
        return one.reliable
    if one.improvement_pct is None or limit.value is None:
        return None
    if one.meets_mic_pct:
        return "improved"
    loss, least = -100 * Fraction(exact(one.improvement)), Fraction(exact(limit.value)) * Fraction(exact(pair.before))
    return "worse" if loss >= abs(least) else "no_clear_change"
