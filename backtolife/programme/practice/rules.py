"""What may stand in a practice diary. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from backtolife.errors import Invalid
from backtolife.text.catalogues.worded import worded

OTHER = "other"
"""Something that nobody set them."""
LONGEST_WHAT, LONGEST_NOTE = 200, 1000
MOST_MINUTES = 720
AHEAD, BACK = timedelta(days=1), timedelta(days=366)
"""How far from our own today a day may be: a place may be a day ahead of us, and a diary goes back a year."""
CLOCK_OFF = timedelta(days=1)
"""A device whose day is further from ours keeps another time: then we ask."""
MINUTES = worded("Write the minutes as a number from 0 to %(most)s", most=MOST_MINUTES)


class Felt(StrEnum):
    """How it felt."""

    GOOD = "good"
    ALL_RIGHT = "all_right"
    HARD = "hard"


FELT = {Felt.GOOD: worded("Good"), Felt.ALL_RIGHT: worded("All right"), Felt.HARD: worded("Hard going")}
"""In words."""


@dataclass(frozen=True)
class Written:
    """One entry as somebody writes it. `item` names what was set, or is OTHER; minutes may be left out."""

    day: date
    item: str
    what: str
    minutes: int | None = None
    felt: Felt | None = None
    note: str = ""


def kept(written: Written, *, today: date) -> Written:
    """The entry as it is kept; `today` is ours. Raises Invalid, naming the field, for what cannot be."""
    refuse_day(written.day, today)
    what, note = " ".join(written.what.split()), written.note.replace("\r\n", "\n").strip()
    if not what:
        raise Invalid(worded("Write what you did"), "what")
    if len(what) > LONGEST_WHAT:
        raise Invalid(worded("Please use at most %(count)s characters", count=LONGEST_WHAT), "what")
    if len(note) > LONGEST_NOTE:
        raise Invalid(worded("Please use at most %(count)s characters", count=LONGEST_NOTE), "note")
    if written.minutes is not None and not 0 <= written.minutes <= MOST_MINUTES:
        raise Invalid(MINUTES, "minutes")
    return replace(written, what=what, note=note)


def refuse_day(day: date, today: date) -> None:
    """Raise Invalid for a day on which nobody can have done anything yet, or one long gone."""
    if day > today + AHEAD:
        raise Invalid(worded("That day is still to come. Please choose the day on which you did it"), "day")
    if day < today - BACK:
        raise Invalid(worded("That day is more than a year ago. Please choose the day on which you did it"), "day")


def clock_is_off(device_day: date | None, our_day: date) -> bool:
    """Whether the device that an entry was written on had another day than we had then."""
    return device_day is not None and abs(device_day - our_day) > CLOCK_OFF


@dataclass(frozen=True)
class Week:
    """What was written down of one week. `minutes` is the sum of those that were given."""

    begins: date
    times: int
    minutes: int


def by_week(entries: Iterable[tuple[date, int | None]]) -> list[Week]:
    """The days and minutes of entries, added up from Monday to Sunday, the newest week first; others are left out."""
    found: dict[date, list[int]] = {}
    for day, minutes in entries:
        found.setdefault(day - timedelta(days=day.weekday()), []).append(minutes or 0)
    return [Week(begins, len(each), sum(each)) for begins, each in sorted(found.items(), reverse=True)]
