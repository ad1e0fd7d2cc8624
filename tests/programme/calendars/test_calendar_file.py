"""Calendar files say the same hour to the library, to a strict parser, and to clients that know no zones at all."""

import re
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from icalendar import Calendar

from backtolife.programme.calendars.calendar_file import Entry, Mailbox, Method, calendar_file
from backtolife.programme.calendars.time_zones import time_zone
from backtolife.programme.cohorts.calendar import session_times
from backtolife.programme.plan.loading import shipped

MADE = datetime(2026, 1, 5, 9, tzinfo=UTC)
US = Mailbox("NHS Midtown", "no-reply@example.org")
ANN = Mailbox('Ann "A"; B, C', "ann@example.org")
SEVEN_IN_THE_EVENING = time(19)
OVER_A_CLOCK_CHANGE = [
    ("Europe/London", date(2026, 9, 29)),
    ("America/New_York", date(2026, 2, 10)),
    ("America/New_York", date(2026, 9, 29)),
    ("Australia/Lord_Howe", date(2026, 9, 1)),
    ("Asia/Kolkata", date(2026, 9, 29)),
]
over_a_clock_change = pytest.mark.parametrize(("zone", "first"), OVER_A_CLOCK_CHANGE)


def nine(zone: str, first: date) -> list[Entry]:
    times = session_times(
        shipped().schedule("weekly"), first_date=first, weekdays=[first.weekday()], at=SEVEN_IN_THE_EVENING, zone=zone
    )
    return [
        Entry(
            uid=f"{each.number}@backtolife",
            sequence=0,
            title=f"Online group, session {each.number}",
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            link=f"https://go.example.org/j/{each.number}",
            cancelled=False,
            zone=zone,
        )
        for each in times
    ]


def published(zone: str, first: date) -> str:
    return calendar_file(nine(zone, first), method=Method.PUBLISH, organiser=US, made_at=MADE).decode()


def evenings(first: date) -> list[datetime]:
    offsets = shipped().schedule("weekly").day_offsets
    return [datetime.combine(first + timedelta(days=days), SEVEN_IN_THE_EVENING) for days in offsets]


def on_the_wall(moments: list[datetime], zone: str) -> list[datetime]:
    return [each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in moments]


@over_a_clock_change
def test_nine_evenings_stay_at_seven_for_the_library(zone: str, first: date) -> None:
    events = Calendar.from_ical(published(zone, first)).walk("VEVENT")
    assert on_the_wall([each["DTSTART"].dt for each in events], zone) == evenings(first)
    assert {each["DTEND"].dt - each["DTSTART"].dt for each in events} == {timedelta(minutes=90)}


@over_a_clock_change
def test_nine_evenings_stay_at_seven_for_a_strict_parser(zone: str, first: date) -> None:
    calendar = vobject.readOne(published(zone, first))
    assert calendar.validate(raiseException=True)
    assert on_the_wall([each.dtstart.value for each in calendar.vevent_list], zone) == evenings(first)


@over_a_clock_change
def test_nine_evenings_stay_at_seven_for_a_client_that_passes_over_zones_or_knows_only_utc(
    zone: str, first: date
) -> None:
    text = re.sub(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", "", published(zone, first), flags=re.DOTALL)
    assert zone not in text
    stamps = re.findall(r"^DTSTART:(\d{8}T\d{6}Z)\r$", text, re.MULTILINE)
    moments = [datetime.strptime(each, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for each in stamps]
    assert on_the_wall(moments, zone) == evenings(first)


@over_a_clock_change
def test_the_zones_own_block_says_the_same_hour_to_whoever_never_heard_of_the_zone(zone: str, first: date) -> None:
    text = published(zone, first)
    [block] = re.findall(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", text, re.DOTALL)
    by_the_block = tzical(StringIO(block)).get(zone)
    events = Calendar.from_ical(text).walk("VEVENT")
    there = [each["DTSTART"].dt.astimezone(by_the_block).replace(tzinfo=None) for each in events]
    assert there == evenings(first)


def test_the_block_changes_the_clocks_at_the_second() -> None:
    block = time_zone("Europe/London", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    begins = [(part.name, part["DTSTART"].to_ical(), part["TZOFFSETFROM"].to_ical()) for part in block.subcomponents]
    assert begins[1:] == [("DAYLIGHT", b"20260329T010000", "+0000"), ("STANDARD", b"20261025T020000", "+0100")]


def test_a_file_is_written_as_the_standard_has_it() -> None:
    lines = published("Europe/London", date(2026, 9, 29)).encode().split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)


def test_an_invitation_names_who_sends_it_and_who_it_is_for_and_says_nothing_but_the_link() -> None:
    [entry, *_] = nine("Europe/London", date(2026, 9, 29))
    file = calendar_file([entry], method=Method.REQUEST, organiser=US, attendee=ANN, made_at=MADE)
    calendar = Calendar.from_ical(file)
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert (event["ORGANIZER"], event["ATTENDEE"]) == ("mailto:no-reply@example.org", "mailto:ann@example.org")
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ("Online group, session 1", entry.link)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("1@backtolife", 0, "CONFIRMED")
    assert vobject.readOne(file.decode()).validate(raiseException=True)
