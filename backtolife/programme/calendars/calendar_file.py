"""A calendar file (RFC 5545, and RFC 5546 where it is an invitation). Plain values in, bytes out.

Times stand in UTC: every client knows it, whether it reads the zone's block, passes over it, or has never heard of
the zone. The block is there for those that show the group's own clock. See decision 26.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDuration, vText

from backtolife.programme.calendars.time_zones import time_zone

MAKER = "-//backtolife//group dates//EN"
REFRESH = timedelta(hours=1)


class Method(StrEnum):
    """What the one who gets the file is to do with it."""

    REQUEST = "REQUEST"
    """One session: put it in, or move it."""
    CANCEL = "CANCEL"
    """One session: take it out."""
    PUBLISH = "PUBLISH"
    """Several sessions: put them in, or move them."""


@dataclass(frozen=True)
class Mailbox:
    """Somebody by name and address."""

    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """One session in a calendar. `uid` stays the same for ever; `sequence` counts its changes; `link` may be empty."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    link: str
    cancelled: bool
    zone: str


def calendar_file(
    entries: Sequence[Entry],
    *,
    method: Method,
    organiser: Mailbox,
    attendee: Mailbox | None = None,
    made_at: datetime,
    name: str = "",
) -> bytes:
    """The file. `attendee` is for invitations alone; `name` is what a subscribed calendar is called."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH), encode=False)
    for zone in sorted({each.zone for each in entries}):
        there = [each for each in entries if each.zone == zone]
        first, last = min(each.starts_at for each in there), max(each.ends_at for each in there)
        calendar.add_component(time_zone(zone, first, last))
    for entry in entries:
        calendar.add_component(event(entry, organiser, attendee, made_at))
    return bytes(calendar.to_ical())


def event(entry: Entry, organiser: Mailbox, attendee: Mailbox | None, made_at: datetime) -> Event:
    found = Event()
    found.add("uid", entry.uid)
    found.add("sequence", entry.sequence)
    found.add("dtstamp", made_at.astimezone(UTC))
    found.add("dtstart", entry.starts_at.astimezone(UTC))
    found.add("dtend", entry.ends_at.astimezone(UTC))
    found.add("summary", entry.title)
    if entry.link:
        found.add("description", entry.link)
        found.add("url", entry.link)
    found.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    found.add("organizer", address_of(organiser), encode=False)
    if attendee is not None:
        invited = address_of(attendee)
        invited.params["ROLE"], invited.params["RSVP"] = vText("REQ-PARTICIPANT"), vText("FALSE")
        invited.params["PARTSTAT"] = vText("NEEDS-ACTION")
        found.add("attendee", invited, encode=False)
    return found


def address_of(mailbox: Mailbox) -> vCalAddress:
    found = vCalAddress(f"mailto:{mailbox.address}")
    if mailbox.name:
        found.params["CN"] = vText(mailbox.name)
    return found
