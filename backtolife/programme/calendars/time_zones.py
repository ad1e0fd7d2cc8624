"""The block that tells a calendar when a zone's clocks change. Pure: the zone's own data in, a component out.

The library's own maker puts some changes an hour late, so that this one is ours.
"""

from calendar import isleap
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def time_zone(name: str, first: datetime, last: datetime) -> Timezone:
    """The block of zone `name`, whole for every moment from the year of `first` to `last`."""
    zone = ZoneInfo(name)
    block = Timezone()
    block.add("tzid", name)
    begin = datetime(first.astimezone(UTC).year, 1, 1, tzinfo=UTC)
    years = range(begin.year, last.astimezone(UTC).year + 1)
    for moment in (begin, *(each for year in years for each in changes(zone, year) if each < last)):
        block.add_component(observance(zone, moment))
    return block


@cache
def changes(zone: ZoneInfo, year: int) -> tuple[datetime, ...]:
    """The moments of a year, in UTC, at which the zone's distance from it changes, to the second."""
    days = [datetime(year, 1, 1, tzinfo=UTC) + number * DAY for number in range(366 + isleap(year))]
    pairs = [(day, later) for day, later in pairwise(days) if offset(zone, day) != offset(zone, later)]
    return tuple(found_between(zone, day, later) for day, later in pairs)


def found_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the new distance."""
    old = offset(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if offset(zone, middle) == old else (before, middle)
    return after


def observance(zone: ZoneInfo, moment: datetime) -> TimezoneStandard | TimezoneDaylight:
    """What holds from `moment` on. It begins at the time that the clocks showed before they changed."""
    local, was = moment.astimezone(zone), offset(zone, moment - SECOND)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", (moment + was).astimezone(UTC).replace(tzinfo=None))
    part.add("tzoffsetfrom", was)
    part.add("tzoffsetto", offset(zone, moment))
    part.add("tzname", local.tzname() or zone.key)
    return part


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
