"""How dates and times read on a page: in full, on the clock of the zone, without a 24-hour clock."""

from datetime import date, datetime, timedelta

from backtolife.clock import in_zone


def clock_time(moment: datetime, zone: str) -> str:
    """10am, 6:30pm."""
    local = in_zone(moment, zone)
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def day(moment: datetime | date, zone: str = "Europe/London") -> str:
    """Thursday 11 February."""
    local = in_zone(moment, zone) if isinstance(moment, datetime) else moment
    return f"{local:%A} {local.day} {local:%B}"


def short_day(moment: datetime, zone: str) -> str:
    """Thu 11 Feb."""
    local = in_zone(moment, zone)
    return f"{local:%a} {local.day} {local:%b}"


def day_and_year(moment: datetime | date, zone: str = "Europe/London") -> str:
    """Thursday 11 February 2027, day and year by the same clock."""
    return f"{day(moment, zone)} {year_of(moment, zone)}"


def short_day_and_year(moment: datetime, zone: str) -> str:
    """Thu 11 Feb 2027, day and year by the same clock."""
    return f"{short_day(moment, zone)} {year_of(moment, zone)}"


def year_of(moment: datetime | date, zone: str) -> int:
    return (in_zone(moment, zone) if isinstance(moment, datetime) else moment).year


def day_and_time(moment: datetime, zone: str, now: datetime | None = None) -> str:
    """Thursday 11 February, 10am; where it is told what is `now`, of another year with the year."""
    told = day(moment, zone) if now is None else day_this_year(moment, zone, now)
    return f"{told}, {clock_time(moment, zone)}"


def near_day(moment: datetime, zone: str, now: datetime) -> str:
    """Today at 10am, tomorrow at 10am, else Thursday 11 February at 10am, with the year where it is another."""
    distance = in_zone(moment, zone).date() - in_zone(now, zone).date()
    at = clock_time(moment, zone)
    if distance == timedelta(0):
        return f"today at {at}"
    if distance == timedelta(days=1):
        return f"tomorrow at {at}"
    return f"{day_this_year(moment, zone, now)} at {at}"


def day_this_year(moment: datetime | date, zone: str, now: datetime) -> str:
    """Thursday 11 February; of another year with the year."""
    year = year_of(moment, zone)
    return day(moment, zone) if year == in_zone(now, zone).year else f"{day(moment, zone)} {year}"


def when(moment: datetime, zone: str, now: datetime) -> str:
    """At 10:42am, or with the day when it was another one: on Thu 11 Feb at 10:42am."""
    at = f"at {clock_time(moment, zone)}"
    same = in_zone(moment, zone).date() == in_zone(now, zone).date()
    return at if same else f"on {short_day(moment, zone)} {at}"


def last_day(closes_at: datetime, zone: str) -> str:
    """The last whole day before something closes: Thursday 11 February."""
    return day(closes_at - timedelta(minutes=1), zone)
