"""Dates and times on a page as its language says them; in English by the wordings of `text.dates_in_words`."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_time
from flask_babel import gettext as _

from backtolife.clock import in_zone
from backtolife.text import dates_in_words
from backtolife.text.said import locale_name

IN_FULL = "EEEE d MMMM"
SHORT = "EEE d MMM"
WITH_YEAR = " y"
HOME = "Europe/London"


def in_english() -> bool:
    return locale_name() == "en_GB"


def said(moment: datetime | date, zone: str, pattern: str) -> str:
    local = in_zone(moment, zone) if isinstance(moment, datetime) else moment
    return str(format_date(local, pattern, locale=locale_name()))


def clock_time(moment: datetime, zone: str) -> str:
    return str(format_time(in_zone(moment, zone), "short", locale=locale_name()))


def day(moment: datetime | date, zone: str = HOME) -> str:
    return said(moment, zone, IN_FULL)


def day_and_year(moment: datetime | date, zone: str = HOME) -> str:
    return said(moment, zone, IN_FULL + WITH_YEAR)


def short_day(moment: datetime, zone: str) -> str:
    return said(moment, zone, SHORT)


def short_day_and_year(moment: datetime, zone: str) -> str:
    return said(moment, zone, SHORT + WITH_YEAR)


def day_this_year(moment: datetime, zone: str, now: datetime) -> str:
    same = in_zone(moment, zone).year == in_zone(now, zone).year
    return day(moment, zone) if same else day_and_year(moment, zone)


def day_and_time(moment: datetime, zone: str, now: datetime | None = None) -> str:
    told = day(moment, zone) if now is None else day_this_year(moment, zone, now)
    return str(_("%(day)s, %(time)s", day=told, time=clock_time(moment, zone)))


def near_day(moment: datetime, zone: str, now: datetime) -> str:
    """With "today" and "tomorrow" in the words of the language."""
    distance = in_zone(moment, zone).date() - in_zone(now, zone).date()
    at = clock_time(moment, zone)
    if distance == timedelta(0):
        return str(_("today at %(time)s", time=at))
    if distance == timedelta(days=1):
        return str(_("tomorrow at %(time)s", time=at))
    return str(_("%(day)s, %(time)s", day=day_this_year(moment, zone, now), time=at))


def last_day(closes_at: datetime, zone: str) -> str:
    return day(closes_at - timedelta(minutes=1), zone)


OTHER: dict[str, Callable[..., str]] = {
    "last_day": last_day,
    "clock_time": clock_time,
    "day": day,
    "day_and_year": day_and_year,
    "day_this_year": day_this_year,
    "short_day": short_day,
    "short_day_and_year": short_day_and_year,
    "day_and_time": day_and_time,
    "near_day": near_day,
}


def by_language(name: str) -> Callable[..., str]:
    """The filter of this name, which asks at each use in which language the page is."""

    english: Callable[..., str] = getattr(dates_in_words, name)

    def chosen(*args: object, **more: object) -> str:
        return english(*args, **more) if in_english() else OTHER[name](*args, **more)

    return chosen


def filters() -> dict[str, Callable[..., object]]:
    """All filters of dates that templates have, by name."""
    return {"in_zone": in_zone, **{name: by_language(name) for name in OTHER}}
