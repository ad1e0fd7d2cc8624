"""How far one person has moved between two scores, against the published sizes of change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

from backtolife.outcomes.catalogue.instrument import ChangeLimit, Instrument
from backtolife.outcomes.catalogue.rounding import Exact, exact, half_up
from backtolife.outcomes.scoring.responses_in import InvalidAnswer

Verdict = Literal["improved", "worse", "no_clear_change"]
KEYS = ("baseline", "followup", "mic_points", "mic_pct", "in_house")


@dataclass(frozen=True, slots=True)
class Change:
    """One person's change; improvement is above 0 whichever way the instrument runs.

    `improvement_pct` is of the baseline, to one decimal; None from a baseline of 0. The `meets_…` and `minimal` and
    `reliable` verdicts are None where no size of change is known or the answers were given on in-house wording.
    """

    instrument: str
    version: str
    improvement: int | float
    improvement_pct: float | None
    mic_points: float | None
    meets_mic_points: bool | None
    mic_pct: float | None
    meets_mic_pct: bool | None
    minimal: Verdict | None
    reliable_points: float | None
    reliable: Verdict | None

    def as_dict(self) -> dict[str, Any]:
        """A flat form for JSON."""
        return asdict(self)


def change(instrument: Instrument, responses: Mapping[str, Any]) -> Change:
    """The change from `baseline` to `followup` (scores on the instrument's primary scale).

    `mic_points` and `mic_pct` (above 0) replace the instrument's own minimal change; naming one of the two leaves the
    other out. `in_house` true means the wording was in-house, so that no published size applies. Raises
    InvalidAnswer: no_score where a score is missing, out_of_range, wrong_type, unknown_key, no_direction.
    """
    if not isinstance(responses, Mapping):
        raise InvalidAnswer("wrong_type", "Give an object with “baseline” and “followup”.")
    for name in responses:
        if name not in KEYS:
            raise InvalidAnswer("unknown_key", f"A change does not use “{name}”.", name)
    before, after = _score(instrument, responses, "baseline"), _score(instrument, responses, "followup")
    if instrument.higher_is_better is None:
        raise InvalidAnswer("no_direction", f"{instrument.name} has no better or worse, so no change is computed.")
    gain = after - before if instrument.higher_is_better else before - after
    share = None if before == 0 else Fraction(100 * gain) / abs(Fraction(before))
    in_house = responses.get("in_house", False)
    if not isinstance(in_house, bool):
        raise InvalidAnswer("wrong_type", "“in_house” must be true or false.", "in_house")
    points, percent = (None, None) if in_house else _limits(instrument, responses)
    reliable = None if in_house else _first(instrument.reliable_change, "points")
    return Change(
        instrument=instrument.id,
        version=instrument.version,
        improvement=_plain(gain),
        improvement_pct=None if share is None else float(half_up(share, 1, 1)),
        mic_points=points,
        meets_mic_points=None if points is None else gain >= exact(points),
        mic_pct=percent,
        meets_mic_pct=None if percent is None or share is None else share >= exact(percent),
        minimal=_verdict(gain, points),
        reliable_points=reliable,
        reliable=_verdict(gain, reliable),
    )


def _score(instrument: Instrument, responses: Mapping[str, Any], name: str) -> Exact:
    value = responses.get(name)
    if value is None:
        raise InvalidAnswer("no_score", f"A change needs a {name} score; there is none.", name)
    number = _number(value, name)
    if instrument.primary is None:
        raise InvalidAnswer("no_direction", f"{instrument.name} has no single score to compare.", name)
    scale = instrument.scale(instrument.primary)
    if not scale.lowest <= number <= scale.highest:
        limits = f"{scale.lowest} to {scale.highest}"
        raise InvalidAnswer("out_of_range", f"{instrument.name} runs from {limits}; {name} was {value}.", name)
    return number


def _number(value: object, name: str) -> Exact:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidAnswer("wrong_type", f"“{name}” must be a number.", name)
    return exact(value)


def _limits(instrument: Instrument, responses: Mapping[str, Any]) -> tuple[float | None, float | None]:
    named = [name for name in ("mic_points", "mic_pct") if responses.get(name) is not None]
    for name in named:
        if _number(responses[name], name) <= 0:
            raise InvalidAnswer("out_of_range", f"“{name}” must be above 0.", name)
    if named:
        return responses.get("mic_points"), responses.get("mic_pct")
    return _first(instrument.minimal_change, "points"), _first(instrument.minimal_change, "percent")


def _first(limits: Iterable[ChangeLimit], unit: str) -> float | None:
    return next((limit.value for limit in limits if limit.unit == unit and limit.value is not None), None)


def _verdict(gain: Exact, limit: float | None) -> Verdict | None:
    if limit is None:
        return None
    if gain >= exact(limit):
        return "improved"
    return "worse" if -gain >= exact(limit) else "no_clear_change"


def _plain(number: Exact) -> int | float:
    return int(number) if number == int(number) else float(number)
