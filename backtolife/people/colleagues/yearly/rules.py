"""When the review of access is due, and what came of one beside the one before. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

REVIEW_EVERY = timedelta(days=365)
Access = Mapping[str, Sequence[str]]
"""The roles of everyone who had access, by their id."""


@dataclass(frozen=True)
class Outcome:
    """The ids of who kept their access as it was, whose roles are others, who came, and who has none any more."""

    kept: tuple[str, ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    off: tuple[str, ...]


def outcome(before: Access | None, after: Access) -> Outcome:
    """What came of a review. In the first one nobody is new: there is nothing to hold it against."""
    known = after if before is None else before
    here = [each for each in after if each in known]
    return Outcome(
        kept=tuple(each for each in here if sorted(after[each]) == sorted(known[each])),
        changed=tuple(each for each in here if sorted(after[each]) != sorted(known[each])),
        new=tuple(each for each in after if each not in known),
        off=tuple(each for each in known if each not in after),
    )


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether the last review was a year ago or more, or there was none."""
    return last is None or last + REVIEW_EVERY <= now
