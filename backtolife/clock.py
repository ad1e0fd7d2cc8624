"""The only `now()`. Inside the product every time is aware and in UTC; the service's zone is for showing."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def in_zone(moment: datetime, zone: str) -> datetime:
    """`moment` as the wall clock of `zone` (an IANA name such as Europe/London) shows it."""
    return moment.astimezone(ZoneInfo(zone))
