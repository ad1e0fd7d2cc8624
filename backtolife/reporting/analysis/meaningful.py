"""How many people changed by a size that matters, for the better and for the worse."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from backtolife.outcomes.change import Change, change
from backtolife.outcomes.instrument import ChangeLimit, Instrument
from backtolife.outcomes.rounding import exact
from backtolife.reporting.analysis.basis import About, Basis, Pair, Value, basis, pairs_of
from backtolife.reporting.analysis.proportion import HOW as SHARE_HOW
from backtolife.reporting.analysis.proportion import Share, share
from backtolife.reporting.analysis.refusals import refuse_in_house

Kind = Literal["minimal", "minimal_percent", "reliable"]
Direction = Literal["improved", "worse", "no_clear_change"]
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
    found = {pair: change(instrument, {"baseline": pair.before, "followup": pair.after}) for pair in pairs}

    def shares(kind: Kind, limits: Sequence[ChangeLimit], unit: str) -> ChangeShares | None:
        limit = next((each for each in limits if each.unit == unit and each.value is not None), None)
        return None if limit is None else counted(kind, limit, pairs, found, (about, eligible))

    return MeaningfulChange(
        instrument=instrument.id,
        version=instrument.version,
        minimal=shares("minimal", instrument.minimal_change, "points"),
        minimal_percent=shares("minimal_percent", instrument.minimal_change, "percent"),
        reliable=shares("reliable", instrument.reliable_change, "points"),
    )


def counted(
    kind: Kind, limit: ChangeLimit, pairs: Counter[Pair], found: Mapping[Pair, Change], who: tuple[About, int]
) -> ChangeShares:
    times: Counter[Direction] = Counter()
    for pair, people in pairs.items():
        direction = direction_of(kind, pair, found[pair], limit)
        if direction is not None:
            times[direction] += people
    n = times.total()
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
