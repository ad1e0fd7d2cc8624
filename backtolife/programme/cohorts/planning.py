"""What somebody should see of a new group's dates before it is made: days nobody works, hours nobody wants."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from backtolife.errors import Invalid
from backtolife.programme.cohorts.calendar import SessionTime
from backtolife.text.dates_in_words import clock_time, day

EARLY, LATE = time(7), time(21)
PAST = "This date is in the past. Choose a day and a time that are still to come."


def refuse_past(times: Sequence[SessionTime], now: datetime) -> None:
    """Raise Invalid where the first session would have begun already."""
    if times[0].starts_at < now:
        raise Invalid(PAST, "first_date")


def doubts(times: Sequence[SessionTime], *, at: time, zone: str, off: Mapping[date, str]) -> list[str]:
    """One sentence for each thing that is unusual about these dates; nothing where all is well."""
    found = [
        f"Session {each.number}, {day(each.local_date)} {each.local_date.year}, is a day nobody works: "
        f"{off[each.local_date]}."
        for each in times
        if each.local_date in off
    ]
    if not EARLY <= at < LATE:
        found.append(f"The group would meet at {clock_time(times[0].starts_at, zone)}, in the night.")
    return found
