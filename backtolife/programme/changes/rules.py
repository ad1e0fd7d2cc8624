"""How a group's dates change, and what refuses a change: plain values in, plain values or a named error out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from backtolife.clock import in_zone
from backtolife.errors import Invalid
from backtolife.programme.cohorts.calendar import FIRST_YEAR, LAST_YEAR, reschedule
from backtolife.programme.cohorts.timetable.overlaps import Elsewhere, clash, overlap
from backtolife.text.dates_in_words import clock_time, day_and_year

FAR = timedelta(days=180)
"""So far from where it was, a date is asked about: most often the year is wrong."""
EARLY, LATE = time(7), time(21)
MOST_WEEKS = 12
WEEK = 7


@dataclass(frozen=True)
class Meeting:
    """One session of a group on its date. `held`: it has begun, so that its date is history."""

    number: int
    starts_at: datetime
    ends_at: datetime
    left_out: bool = False
    held: bool = False

    @property
    def minutes(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


Meetings = tuple[Meeting, ...]


def find(meetings: Sequence[Meeting], number: int) -> Meeting:
    """The meeting with this number. Raises Invalid."""
    for each in meetings:
        if each.number == number:
            return each
    raise Invalid("This group has no such session. Choose one from the list.")


def at_clock(meeting: Meeting, to: date, at: time, zone: str) -> Meeting:
    """The meeting on another date and wall-clock time of the zone, as long as it was."""
    if not FIRST_YEAR <= to.year <= LAST_YEAR:
        raise Invalid(f"Choose a date between {FIRST_YEAR} and {LAST_YEAR}.", "day")
    found = reschedule(meeting.number, local_date=to, at=at, zone=zone, minutes=meeting.minutes)
    return replace(meeting, starts_at=found.starts_at, ends_at=found.ends_at)


def shifted(meeting: Meeting, days: int, at: time | None, zone: str) -> Meeting:
    """The meeting some days later by the calendar of the zone, at its own wall-clock time or at `at`."""
    local = in_zone(meeting.starts_at, zone)
    return at_clock(meeting, local.date() + timedelta(days=days), at or local.time().replace(fold=0), zone)


def moved(meetings: Meetings, number: int, *, to: date, at: time, zone: str, following: bool) -> Meetings:
    """One session at another date and time; with `following` those after it too, by as many days.

    When the time changes, those that follow take the new one; else each keeps its own.
    """
    own = in_zone(find(meetings, number).starts_at, zone)
    days, time_changes = (to - own.date()).days, at != own.time().replace(fold=0)
    return tuple(
        at_clock(each, to, at, zone)
        if each.number == number
        else shifted(each, days, at if time_changes else None, zone)
        if following and each.number > number
        else each
        for each in meetings
    )


def with_break(meetings: Meetings, number: int, *, weeks: int, zone: str) -> Meetings:
    """A break of some weeks before the session: it and all that follow are that much later."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(f"A break is 1 to {MOST_WEEKS} weeks long.", "weeks")
    find(meetings, number)
    return tuple(shifted(each, weeks * WEEK, None, zone) if each.number >= number else each for each in meetings)


def put_off(meetings: Meetings, number: int, *, day_offsets: Sequence[int], zone: str) -> Meetings:
    """The session takes the date of the next one, each that follows likewise, and the last of the course the date that
    would come next. What comes long after the course keeps its distance from it.

    `day_offsets` is the group's schedule. What is left out keeps its place and gives no date away.
    """
    find(meetings, number)
    slots = [each for each in meetings if each.number >= number and not each.left_out]
    if not slots or slots[0].number != number:
        raise Invalid("This session does not take place, so that it cannot be put off.")
    course = course_of(day_offsets)
    inside = [each for each in slots if each.number <= len(course)]
    days = next_offset(course) - course[-1] if inside else WEEK
    ends = [shifted(each, days, None, zone) for each in slots]
    new = {each.number: each for each in ends}
    for each, later in pairwise(inside):
        new[each.number] = replace(each, starts_at=later.starts_at, ends_at=later.ends_at)
    return tuple(new.get(each.number, each) for each in meetings)


def course_of(day_offsets: Sequence[int]) -> Sequence[int]:
    """The days of the schedule up to the first gap of more than a week."""
    for place, (earlier, later) in enumerate(pairwise(day_offsets), start=1):
        if later - earlier > WEEK:
            return day_offsets[:place]
    return day_offsets


def next_offset(course: Sequence[int]) -> int:
    """The day of one session more: the first one a week after an earlier one that lies behind the last."""
    return min(each + WEEK for each in course if each + WEEK > course[-1])


def with_left_out(meetings: Meetings, number: int, *, left_out: bool) -> Meetings:
    """The session does not take place, or does again, on the date that it has."""
    find(meetings, number)
    return tuple(replace(each, left_out=left_out) if each.number == number else each for each in meetings)


def changes(before: Meetings, after: Meetings) -> list[tuple[Meeting, Meeting]]:
    """What differs, each session as it was and as it would be."""
    return [(old, new) for old, new in zip(before, after, strict=True) if old != new]


def refusals(
    before: Meetings,
    after: Meetings,
    *,
    running: Collection[int],
    elsewhere: Sequence[Elsewhere],
    zone: str,
    now: datetime,
) -> list[str]:
    """Why these dates cannot be, one sentence each with what to do; empty where they can."""
    found = []
    changed = changes(before, after)
    if not changed:
        found.append("These are the dates that the group has already. Choose another date or time.")
    for old, new in changed:
        if old.number in running:
            found.append(f"Session {old.number} is on at this moment. It can be moved once it is over.")
        elif old.held:
            found.append(f"Session {old.number} has taken place on {when(old, zone)}. Its date stays as it was.")
        elif new.starts_at <= now < old.ends_at and not new.left_out and new.starts_at != old.starts_at:
            found.append(
                f"Session {new.number} would be in the past: {when(new, zone)}. Choose a time that is still to come."
            )
        found += [clash(new, each, zone) for each in elsewhere if not new.left_out and overlap(new, each)]
    takes_place = [each for each in after if not each.left_out]
    if not takes_place:
        found.append("One session must take place. Close the group if it should not go on.")
    found += [
        f"Session {later.number} ({when(later, zone)}) would begin before session {earlier.number} is over "
        f"({when(earlier, zone)}). Move all that follow too, or choose another date."
        for earlier, later in pairwise(takes_place)
        if later.starts_at < earlier.ends_at
    ]
    return found


def doubts(
    before: Meetings,
    after: Meetings,
    *,
    off: Mapping[date, str],
    away: Mapping[date, Sequence[str]],
    waiting: Mapping[int, Sequence[str]],
    closing: Sequence[str],
    zone: str,
    now: datetime,
) -> list[str]:
    """What should be asked about before these dates are kept: people at the door, questions that would close, days
    nobody works, leave, nights, odd distances.
    """
    found = [people_wait(old.number, waiting[old.number]) for old, _ in changes(before, after) if old.number in waiting]
    found += [
        f"The questions “{label}” are open now and would be closed. Who has not answered them could not any more."
        for label in closing
    ]
    for old, new in changes(before, after):
        if new.left_out:
            continue
        local = in_zone(new.starts_at, zone)
        if local.date() in off:
            found.append(f"Session {new.number}, {when(new, zone)}, is a day nobody works: {off[local.date()]}.")
        found += [
            f"{name} is on leave on {when(new, zone)} (session {new.number})." for name in away.get(local.date(), ())
        ]
        if not EARLY <= local.time() < LATE:
            found.append(f"Session {new.number} would be at {clock_time(new.starts_at, zone)}, in the night.")
        if new.starts_at <= now:
            found.append(
                f"Session {new.number} would be in the past, {when(new, zone)}. "
                "Go on only to correct when it was held: nobody is told."
            )
        elif abs(new.starts_at - old.starts_at) >= FAR:
            found.append(f"Session {new.number} would be half a year or more from where it was: {when(new, zone)}.")
    return found


def people_wait(number: int, names: Sequence[str]) -> str:
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"{who} {'waits' if len(names) == 1 else 'wait'} at the door of session {number} at this moment. Speak to them "
        "first: nobody tells them while they wait."
    )


def when(meeting: Meeting, zone: str) -> str:
    """Tuesday 7 April 2026, 10am."""
    return f"{day_and_year(meeting.starts_at, zone)}, {clock_time(meeting.starts_at, zone)}"
