"""When a cohort meets. A session keeps its wall-clock time when the clocks change.

Two local times need a decision. A time that the clocks skip in spring is moved on by the length of the skip
(01:30 in London becomes 02:30), and a time that happens twice in autumn means the first of the two. Both are what
RFC 5545 prescribes, so a calendar file and this page agree.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backtolife.clock import known_zone
from backtolife.errors import Invalid
from backtolife.programme.plan.template import Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True)
class SessionTime:
    """One session of a cohort: `starts_at` and `ends_at` are aware and in UTC, `local_date` is the zone's date."""

    number: int
    local_date: date
    starts_at: datetime
    ends_at: datetime
    moved: bool
    """True when the clocks skip the wanted time on that day, so that it starts later by the wall clock."""


def session_times(
    schedule: Schedule, *, first_date: date, weekdays: Collection[int], at: time, zone: str, minutes: int = 90
) -> tuple[SessionTime, ...]:
    """Every session of a cohort on `schedule` that first meets on `first_date` at wall-clock time `at` in `zone`.

    `weekdays` (0 is Monday) are the days somebody chose: one for a weekly group, two for a twice-weekly one.
    Raises Invalid when they do not fit the first date and the schedule, and for a zone or a time nobody can keep.
    """
    place = known_zone(zone)
    if at.tzinfo is not None or at.second or at.microsecond:
        raise Invalid("Give the start time as hours and minutes by the wall clock, such as 18:30.", "at")
    if not FIRST_YEAR <= first_date.year <= LAST_YEAR:
        raise Invalid(f"Choose a first date between {FIRST_YEAR} and {LAST_YEAR}.", "first_date")
    if not 1 <= minutes <= 24 * 60:
        raise Invalid("A session lasts between 1 minute and 24 hours.", "minutes")
    check_weekdays(schedule, first_date, weekdays)
    return tuple(
        one_session(number, first_date + timedelta(days=offset), at, place, minutes)
        for number, offset in enumerate(schedule.day_offsets, start=1)
    )


def one_session(number: int, day: date, at: time, place: ZoneInfo, minutes: int) -> SessionTime:
    starts_at, moved = wall_clock(day, at, place)
    return SessionTime(
        number, starts_at.astimezone(place).date(), starts_at, starts_at + timedelta(minutes=minutes), moved
    )


def wall_clock(day: date, at: time, place: ZoneInfo) -> tuple[datetime, bool]:
    """The UTC moment of a wall-clock time, and whether the clocks skip that time so that it was moved on."""
    wanted = datetime.combine(day, at.replace(fold=0), place)
    moment = wanted.astimezone(UTC)
    return moment, moment.astimezone(place).replace(tzinfo=None) != wanted.replace(tzinfo=None)


def reschedule(number: int, *, local_date: date, at: time, zone: str, minutes: int = 90) -> SessionTime:
    """One session at another date and wall-clock time. Raises Invalid for a zone that does not exist."""
    return one_session(number, local_date, at, known_zone(zone), minutes)


def meeting_days(schedule: Schedule, first_date: date) -> tuple[int, ...]:
    """The weekdays (0 is Monday) on which a group that starts on `first_date` meets, first session's first."""
    return tuple(dict.fromkeys((first_date + timedelta(days=offset)).weekday() for offset in schedule.day_offsets))


def check_weekdays(schedule: Schedule, first_date: date, weekdays: Collection[int]) -> None:
    chosen = set(weekdays)
    if not chosen or not chosen <= set(range(7)):
        raise Invalid("Choose the day or days of the week on which the group meets.", "weekdays")
    if first_date.weekday() not in chosen:
        raise Invalid(
            f"{spoken(first_date)} is a {DAYS[first_date.weekday()]}, but the group meets on {in_words(chosen)}. "
            "Change the first date or the day.",
            "first_date",
        )
    needed = meeting_days(schedule, first_date)
    if chosen != set(needed):
        raise Invalid(
            f"A group that meets {schedule.title.lower()} from {spoken(first_date)} meets on {in_words(needed)}. "
            f"You chose {in_words(chosen)}. Change the days or the first date.",
            "weekdays",
        )


def spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def in_words(days: Collection[int]) -> str:
    names = [DAYS[day] for day in days]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
