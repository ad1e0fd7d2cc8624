"""What the group may see of everyone's pain and effort: counts, once no answer can be traced to a person. Pure."""

from collections.abc import Mapping, Sequence

from backtolife.sessions.state.room_state import Counts, MomentCounts, MomentWord
from backtolife.sessions.state.room_view import ToldCounts

FEWEST = 5
"""Below this many answers the group sees nothing; and only when this many more have come is the picture renewed, so
that the difference between two pictures never is one person's answer."""
HIGHEST = 10


def counted(values: Sequence[int], shown: Counts | None, *, places: int = HIGHEST + 1) -> Counts:
    """How many have answered, and the counts for 0 to `places` - 1 that the group may see: `told`, or None so far.

    `shown` is what `counted` gave the last time, None the first time.
    """
    told = shown["told"] if shown else None
    if len(values) - (told["answered"] if told else 0) >= FEWEST:
        told = {"answered": len(values), "counts": [values.count(value) for value in range(places)]}
    return {"answered": len(values), "told": told}


def for_the_group(checks: Mapping[MomentWord, MomentCounts]) -> dict[MomentWord, ToldCounts]:
    """What of the counts goes to patients: nothing about a moment until there is enough."""
    told = {moment: told_at(counts) for moment, counts in checks.items()}
    return {moment: shown for moment, shown in told.items() if shown}


def told_at(counts: MomentCounts) -> ToldCounts:
    shown: ToldCounts = {}
    if counts["pain"]["told"]:
        shown["pain"] = counts["pain"]["told"]
    if counts["effort"]["told"]:
        shown["effort"] = counts["effort"]["told"]
    return shown
