"""What the group may see of everyone's pain and effort: counts, once no answer can be traced to a person. Pure."""

from collections.abc import Sequence
from typing import Any

FEWEST = 5
"""Below this many answers the group sees nothing; and only when this many more have come is the picture renewed, so
that the difference between two pictures never is one person's answer."""
HIGHEST = 10


def counted(values: Sequence[int], shown: dict[str, Any] | None, *, places: int = HIGHEST + 1) -> dict[str, Any]:
    """How many have answered, and the counts for 0 to `places` - 1 that the group may see: `told`, or None so far.

    `shown` is what `counted` gave the last time, None the first time.
    """
    told = (shown or {}).get("told")
    if len(values) - (told["answered"] if told else 0) >= FEWEST:
        told = {"answered": len(values), "counts": [values.count(value) for value in range(places)]}
    return {"answered": len(values), "told": told}


def for_the_group(checks: dict[str, Any]) -> dict[str, Any]:
    """What of the counts goes to patients: nothing about a moment until there is enough."""
    return {
        moment: {measure: each["told"] for measure, each in measures.items() if each["told"]}
        for moment, measures in checks.items()
        if any(each["told"] for each in measures.values())
    }
