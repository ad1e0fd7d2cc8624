"""How a session reads in the attendance table, and who may need a call because of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

LEFT_EARLY_BELOW_MINUTES = 60
MISSED_IN_A_ROW = 2


class Mark(StrEnum):
    """One cell of the table."""

    CAME = "came"
    LEFT_EARLY = "left early"
    MISSED = "missed"
    NOT_YET = "not yet"
    LEFT_OUT = "left out"
    """The session did not take place."""


def mark(minutes: int, *, ends_at: datetime, now: datetime) -> Mark:
    """The cell for someone who was present for `minutes` of a session that ends at `ends_at`."""
    if minutes >= LEFT_EARLY_BELOW_MINUTES:
        return Mark.CAME
    if now < ends_at:
        return Mark.NOT_YET
    return Mark.LEFT_EARLY if minutes else Mark.MISSED


def why_call(marks: Sequence[Mark]) -> str:
    """Why this person may need a call; empty when they need none."""
    past = [each for each in marks if each not in (Mark.NOT_YET, Mark.LEFT_OUT)]
    missed = next((place for place, each in enumerate(reversed(past)) if each is not Mark.MISSED), len(past))
    if missed >= MISSED_IN_A_ROW:
        return f"Missed {missed} sessions in a row."
    if missed and len(past) == 1:
        return "Missed the first session."
    return ""
