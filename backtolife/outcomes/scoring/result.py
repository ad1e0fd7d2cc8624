"""What scoring one form gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["scored", "partly_scored", "incomplete", "recorded", "needs_form", "needs_table", "tallied"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed figure. `prorated_raw` is the value before rounding, where gaps were filled in by the rule."""

    value: int | float | None
    band: str | None = None
    prorated_raw: float | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer to an item a clinician must see. `level` is None, "same_day" or "urgent"; None is never a 0."""

    value: int | None
    level: Literal["same_day", "urgent"] | None


@dataclass(frozen=True, slots=True)
class ScoredForm:
    """The score of one form on one instrument version.

    `missing` counts unanswered items. `figures` holds every scale, the primary one among them; `value` and `band`
    are the primary one's. `status` says why there is no value: a form not whole, or a table or form still needed.
    `recorded` holds answers reported as they are, or the counts of a tally.
    """

    instrument: str
    version: str
    hash: str
    status: Status
    missing: int
    primary: str | None
    figures: Mapping[str, Figure]
    cutoffs: Mapping[str, bool | None]
    classes: Mapping[str, str | None]
    alerts: Mapping[str, Seen]
    recorded: Mapping[str, Any]

    @property
    def value(self) -> int | float | None:
        """The score, or None."""
        return None if self.primary is None else self.figures[self.primary].value

    @property
    def band(self) -> str | None:
        """The id of the band the score falls into, or None."""
        return None if self.primary is None else self.figures[self.primary].band

    def as_dict(self) -> dict[str, Any]:
        """A flat form for JSON: each figure under its own name, the primary one's band as `band`."""
        flat: dict[str, Any] = {"instrument": self.instrument, "version": self.version, "hash": self.hash}
        flat |= {"status": self.status, "missing": self.missing}
        for name, figure in self.figures.items():
            flat[name] = figure.value
            prefix = "" if name == self.primary else f"{name}_"
            flat[f"{prefix}band"] = figure.band
            flat[f"{prefix}prorated"] = figure.prorated_raw is not None
            flat[f"{prefix}prorated_raw"] = figure.prorated_raw
        for name, seen in self.alerts.items():
            flat[f"{name}_value"] = seen.value
            flat[f"{name}_alert"] = seen.level is not None
            flat[f"{name}_level"] = seen.level
            flat[f"{name}_unanswered"] = seen.value is None
        return flat | dict(self.cutoffs) | dict(self.classes) | dict(self.recorded)
