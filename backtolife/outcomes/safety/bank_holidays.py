"""The bank holidays of a service's country, known without anybody entering them. Days of its own are added by hand."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

ENGLAND = ("GB", "ENG")
"""Where nothing else is known."""


@cache
def place_of(zone: str) -> tuple[str, str | None]:
    """The country of a time zone (ISO 3166), and the part of it whose holidays count; England for a zone of no country.

    A zone may lie in one of several parts of a country: then only the holidays of the whole country count.
    """
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and fields[2] == zone:
            return ENGLAND if fields[0] == ENGLAND[0] else (fields[0], None)
    return ENGLAND


def named(country: str) -> tuple[str, str | None]:
    place, _, part = country.partition("-")
    return place, part or None


@cache
def bank_holidays(zone: str, year: int, country: str = "") -> Mapping[date, str]:
    """The days of `year` on which people in the country do not work; none where they are not known.

    `country` is an ISO 3166 code such as DK, or with its part GB-SCT; empty: the country of `zone`.
    """
    import holidays  # noqa: PLC0415 - loads the calendars of every country, so only where one is asked for

    place, part = named(country) if country else place_of(zone)
    try:
        found = holidays.country_holidays(place, subdiv=part, years=year)
    except NotImplementedError:
        return {}
    return dict(sorted(found.items()))
