"""The only `now()`. Inside the product every time is aware and in UTC; the service's zone is for showing."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from backtolife.errors import Invalid

NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})
"""Names that a system knows and browsers do not."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_zone(moment: datetime, zone: str) -> datetime:
    """`moment` as the wall clock of `zone` (an IANA name such as Europe/London) shows it."""
    return moment.astimezone(ZoneInfo(zone))


def end_of_quiet(moment: datetime, zone: str, *, first: int, last: int) -> datetime | None:
    """When somebody may be disturbed again who may be from `first` to `last` o'clock; None when they may at `moment`.

    The hours are those on the wall: a clock change moves neither.
    """
    local = in_zone(moment, zone)
    if first <= local.hour < last:
        return None
    day = local.date() if local.hour < first else local.date() + timedelta(days=1)
    return datetime.combine(day, time(first), ZoneInfo(zone))


def years_later(moment: datetime, years: int) -> datetime:
    """The same day and hour so many years on; back, where `years` is below 0. 29 February becomes 1 March."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


@cache
def places() -> frozenset[str]:
    return frozenset(available_timezones()) - NOT_PLACES


def known_zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`, which browsers know as well. Raises Invalid when there is none."""
    if name not in places():
        raise Invalid(f"There is no time zone called {name!r}. Use a name such as Europe/London.", "zone")
    return ZoneInfo(name)
