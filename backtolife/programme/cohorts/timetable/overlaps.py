"""Two sessions at one hour, and the words for it: plain values in, plain values out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backtolife.text.dates_in_words import clock_time, day_and_year


class Timed(Protocol):
    """A session of a group on its date."""

    @property
    def number(self) -> int: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class Elsewhere:
    """A session of another group in which somebody of this one has a part. `who` is as a person may read it."""

    who: str
    group: str
    starts_at: datetime
    ends_at: datetime


def overlap(meeting: Timed, other: Elsewhere) -> bool:
    return meeting.starts_at < other.ends_at and other.starts_at < meeting.ends_at


def clash(meeting: Timed, other: Elsewhere, zone: str) -> str:
    return (
        f"Session {meeting.number}: {other.who} is in “{other.group}” at that time "
        f"({day_and_year(other.starts_at, zone)}, {span(other.starts_at, other.ends_at, zone)})."
    )


def span(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    return f"{clock_time(starts_at, zone)} to {clock_time(ends_at, zone)}"
