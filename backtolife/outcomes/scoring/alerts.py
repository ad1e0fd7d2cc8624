"""Which answers a clinician must see, and how soon. No total is read as risk: one answer alone decides."""

from __future__ import annotations

from typing import Literal

from backtolife.outcomes.catalogue.instrument import Alert, Instrument
from backtolife.outcomes.scoring.responses_in import Answer

Level = Literal["same_day", "urgent"]


def safety_level(instrument: Instrument, item: str, value: Answer, total: float | None = None) -> Level | None:
    """How soon a clinician must act on this answer to `item` (its id).

    For PHQ-9 item 9: 0 or no answer gives None, 1 "same_day", 2 or 3 "urgent"; 1 with a total of 20 or more is
    "urgent" too. To be asked of every saved answer, on forms that are not whole as well. None does not mean safe.
    """
    for alert in instrument.alerts:
        if instrument.items[alert.item].id == item:
            return level_of(alert, value, total)
    return None


def level_of(alert: Alert, value: Answer, total: float | None = None) -> Level | None:
    """The level one alert gives to one answer, with the form's total where it is known."""
    if not isinstance(value, int) or value < alert.same_day_from:
        return None
    limit = alert.urgent_with_total
    heavy = limit is not None and total is not None and total >= limit
    return "urgent" if value >= alert.urgent_from or heavy else "same_day"
