"""When a place came to each step of its life: read from its changes of state, and from nothing else."""

from collections.abc import Iterable
from datetime import datetime

from backtolife.programme.cohorts.rules import TAKEN_BACK, EnrolmentState

Change = tuple[EnrolmentState, datetime, str]
"""A state, when it began, and the reason that was kept with it."""
ORDER = tuple(EnrolmentState)


def place_dates(changes: Iterable[Change]) -> dict[EnrolmentState, datetime]:
    """The first moment of each step that was reached and not taken back, in the order in which they were reached.

    What is recorded in one moment counts in the order of a place's life; what takes back comes last, and goes back.
    """
    found: dict[EnrolmentState, datetime] = {}
    before: EnrolmentState | None = None
    for state, at, reason in sorted(changes, key=in_life):
        if reason == TAKEN_BACK and before is not None:
            found.pop(before, None)
        found.setdefault(state, at)
        before = state
    return found


def in_life(change: Change) -> tuple[datetime, bool, int]:
    state, at, reason = change
    goes_back, step = reason == TAKEN_BACK, ORDER.index(state)
    return at, goes_back, -step if goes_back else step
