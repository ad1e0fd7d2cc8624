"""What somebody should see of a new group's dates before it is made: days nobody works, hours nobody wants."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from backtolife.programme.cohorts.calendar import SessionTime
from backtolife.text.dates_in_words import clock_time, day

EARLY, LATE = time(7), time(21)


def doubts(times: Sequence[SessionTime], *, at: time, zone: str, off: Mapping[date, str], now: datetime) -> list[str]:
    """One sentence for each thing that is unusual about these dates; nothing where all is well."""
    past = [each for each in times if each.starts_at < now]
    found = []
    if past:
        which = "Session 1" if len(past) == 1 else f"Sessions 1 to {len(past)}"
        found.append(
            f"{which} would be in the past: the group would begin on {day(times[0].local_date)} "
            f"{times[0].local_date.year}. Make it only if the group is running already."
        )
    found += [
        f"Session {each.number}, {day(each.local_date)} {each.local_date.year}, is a day nobody works: "
        f"{off[each.local_date]}."
        for each in times
        if each.local_date in off
    ]
    if not EARLY <= at < LATE:
        found.append(f"The group would meet at {clock_time(times[0].starts_at, zone)}, in the night.")
    return found


def doubts_about_staff(lead: str, spotter: str) -> list[str]:
    """The same of who leads and who spots, by id: a lead alone cannot watch for the others."""
    if not spotter:
        return ["Nobody spots. One person alone cannot lead and watch how everybody is at the same time."]
    if lead == spotter:
        return ["The same person leads and spots. They would be alone: nobody else watches how everybody is."]
    return []
