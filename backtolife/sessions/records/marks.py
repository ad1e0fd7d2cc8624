"""How a session reads in the attendance table, and who may need a call because of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

LEFT_EARLY_BELOW_MINUTES = 60
MISSED_IN_A_ROW = 2
AWAY_IN_A_ROW = 3
"""Who told us each time that they could not come is asked after this many."""


class Mark(StrEnum):
    """One cell of the table."""

    CAME = "came"
    LEFT_EARLY = "left early"
    MISSED = "missed"
    NOT_YET = "not yet"
    LEFT_OUT = "left out"
    """The session did not take place."""
    CANNOT = "cannot come"
    """They told us that they cannot come to this one, which is still to come."""
    COULD_NOT = "could not come"
    """They told us so, and did not."""


def mark(minutes: int, *, ends_at: datetime, now: datetime, said_no: bool = False) -> Mark:
    """The cell for someone who was present for `minutes` of a session that ends at `ends_at`; `said_no`: they told us
    before that they could not come.
    """
    if minutes >= LEFT_EARLY_BELOW_MINUTES:
        return Mark.CAME
    if now < ends_at:
        return Mark.CANNOT if said_no and not minutes else Mark.NOT_YET
    if minutes:
        return Mark.LEFT_EARLY
    return Mark.COULD_NOT if said_no else Mark.MISSED


def away(cell: Mark) -> bool:
    """Whether they did not come to a session that took place, told us or not."""
    return cell in (Mark.MISSED, Mark.COULD_NOT)


def why_call(marks: Sequence[Mark]) -> str:
    """Why this person may need a call; empty when they need none.

    Who told us that they could not come is not rung to ask where they were: that session counts for nothing here, until
    there are many of them.
    """
    past = [each for each in marks if each not in (Mark.NOT_YET, Mark.LEFT_OUT, Mark.CANNOT)]
    latest = list(takewhile(away, reversed(past)))
    missed = latest.count(Mark.MISSED)
    if missed >= MISSED_IN_A_ROW:
        return f"Missed {missed} sessions in a row."
    if len(latest) >= AWAY_IN_A_ROW:
        return f"Has not come to {len(latest)} sessions in a row."
    if missed and len(past) == 1:
        return "Missed the first session."
    return ""
