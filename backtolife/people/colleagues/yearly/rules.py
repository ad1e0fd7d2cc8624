"""When the review of access is due, and what came of one beside the one before. Pure."""

from collections.abc import Iterable, Mapping, Sequence
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


def look_by(looked_at: datetime | None, since: datetime) -> datetime:
    """By when somebody has to look (again): a year from the last look or, before there was one, from the beginning."""
    return (looked_at or since) + REVIEW_EVERY


def is_due(dates: Iterable[datetime], now: datetime) -> bool:
    """Whether one of these dates by which somebody has to look has come."""
    return any(each <= now for each in dates)
