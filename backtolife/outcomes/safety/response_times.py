"""When a clinician has to act on an answer, and by when a patient may be promised a call. Plain values in and out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OPENS, CLOSES, NOON = time(9), time(17), time(12)
SATURDAY = 5
LEAST_NOTICE = timedelta(hours=1)
URGENT_PROMISE = timedelta(hours=2)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Times:
    """When staff must act (`due_at`), by when the patient is told that they will be called (`promised_at`), and when
    the task goes to the backup if nobody has taken it (`escalates_at`).
    """

    due_at: datetime
    promised_at: datetime
    escalates_at: datetime


def works(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether staff work on `day`: Monday to Friday, but for bank holidays."""
    return day.weekday() < SATURDAY and day not in holidays


def in_hours(now: datetime, zone: str, holidays: Collection[date] = ()) -> bool:
    """Whether staff work at `now`: on a working day, 9am to 5pm on the clock of `zone`."""
    local = now.astimezone(ZoneInfo(zone))
    return works(local.date(), holidays) and OPENS <= local.time() < CLOSES


def same_day(now: datetime, zone: str, holidays: Collection[date] = ()) -> Times:
    """Contact on the same working day: by 5pm, with an hour's notice at least; out of hours, by noon on the next."""
    local = now.astimezone(ZoneInfo(zone))
    if in_hours(now, zone, holidays):
        by = max(datetime.combine(local.date(), CLOSES, local.tzinfo), quarter(local + LEAST_NOTICE))
        return Times(by, by, quarter(local + (by - local) / 2))
    by = next_noon(local, holidays)
    return Times(by, by, by - LEAST_NOTICE)


def urgent(now: datetime, zone: str, holidays: Collection[date] = ()) -> Times:
    """Staff act now. What the patient is promised is only what somebody will keep: two hours, or the next noon."""
    local = now.astimezone(ZoneInfo(zone))
    promised = quarter(local + URGENT_PROMISE) if in_hours(now, zone, holidays) else next_noon(local, holidays)
    return Times(now, promised, now + QUARTER)


def next_day(now: datetime, zone: str, holidays: Collection[date] = ()) -> Times:
    """Somebody asks by noon on the next working day."""
    by = next_noon(now.astimezone(ZoneInfo(zone)), holidays)
    return Times(by, by, by)


def next_noon(local: datetime, holidays: Collection[date] = ()) -> datetime:
    """Noon on the next working day: today when it has not opened yet, else the first working day after."""
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    while not works(day, holidays):
        day += timedelta(days=1)
    return datetime.combine(day, NOON, local.tzinfo)


def quarter(moment: datetime) -> datetime:
    """`moment`, rounded up to a quarter of an hour."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment + QUARTER - past
