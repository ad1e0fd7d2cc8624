"""The files of a welcome and of a move, as they are sent, and the feed say the same evenings over each clock change to
the library, to a strict parser and to a client that passes over zones.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar
from sqlmodel import Session

from backtolife.config import Settings
from backtolife.mail.sending import to_email
from backtolife.people.models import Person
from backtolife.programme.calendars.feeds import feed, make_feed
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.reminders.services import remind_cohort
from tests.programme.changes.desk import SENDER, Desk, desk_of
from tests.support.factories import Factory

SEVEN, SIX = time(19), time(18)
WEEKS = [timedelta(weeks=number) for number in range(8)]
MOVED_FROM = 2


@dataclass
class Files:
    """One group of nine Tuesdays at seven whose sessions all move to Wednesday at six from the second on."""

    welcome: str
    move: str
    feed: str


def by_the_library(file: str, zone: str) -> list[datetime]:
    return on_the_wall([each.decoded("DTSTART") for each in Calendar.from_ical(file).walk("VEVENT")], zone)


def by_a_strict_parser(file: str, zone: str) -> list[datetime]:
    calendar = vobject.readOne(file)
    assert calendar.validate(raiseException=True)
    return on_the_wall([each.dtstart.value for each in calendar.vevent_list], zone)


def without_zones(file: str, zone: str) -> list[datetime]:
    text = re.sub(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r?\n", "", file, flags=re.DOTALL)
    assert zone not in text
    stamps = re.findall(r"^DTSTART:(\d{8}T\d{6}Z)\r?$", text, re.MULTILINE)
    return on_the_wall([datetime.strptime(each, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for each in stamps], zone)


def on_the_wall(moments: list[datetime], zone: str) -> list[datetime]:
    return sorted(each.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for each in moments)


@pytest.fixture(
    params=[
        ("America/New_York", date(2026, 2, 10), date(2026, 3, 8)),
        ("Europe/London", date(2026, 9, 29), date(2026, 10, 25)),
        ("America/New_York", date(2026, 9, 29), date(2026, 11, 1)),
    ],
    ids=["New York in spring", "London in autumn", "New York in autumn"],
)
def over_a_change(request: pytest.FixtureRequest) -> tuple[str, date]:
    """The zone and the first evening; the clocks change between the first and the last."""
    zone, first, changes = request.param
    assert first < changes < first + WEEKS[-1]
    return zone, first


@pytest.fixture
def files(db: Session, settings: Settings, over_a_change: tuple[str, date]) -> Files:
    zone, first = over_a_change
    now = datetime.combine(first - timedelta(days=14), time(15), UTC)
    make = Factory(db, now)
    cohort = make.cohort(make.service(), first_day=first, wall_time=SEVEN, zone=zone)
    desk = desk_of(make, db, settings, now, cohort)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now)
    welcome = file_with(desk, "welcome", settings)
    desk.change(Wish(ChangeKind.MOVED_ALL, MOVED_FROM, first + timedelta(days=8), SIX))
    person = db.get_one(Person, desk.mails("welcome")[0].person_id)
    token = make_feed(db, actor=make.actor(person), now=now)
    held = feed(db, token=token, around=desk.around, sender=SENDER, now=now).decode()
    return Files(welcome, file_with(desk, "cohort-dates-moved", settings), held)


def file_with(desk: Desk, template: str, settings: Settings) -> str:
    """What goes with the message, once it was a mail."""
    mail = to_email(desk.mails(template)[0], settings, desk.now)
    [part] = [each for each in mail.walk() if each.get_content_type() == "text/calendar"]
    return str(part.get_payload(decode=True).decode())  # type: ignore[union-attr]


@pytest.mark.parametrize("read", [by_the_library, by_a_strict_parser, without_zones])
def test_every_reader_sees_the_evenings_that_everybody_was_told(
    files: Files, over_a_change: tuple[str, date], read: Callable[[str, str], list[datetime]]
) -> None:
    zone, first = over_a_change
    welcomed = read(files.welcome, zone)
    moved = [datetime.combine(each.date() + timedelta(days=1), SIX) for each in welcomed[MOVED_FROM - 1 :]]
    assert [each.date() for each in welcomed[:8]] == [first + each for each in WEEKS]
    assert len(welcomed) == 9
    assert {each.time() for each in welcomed} == {SEVEN}
    assert read(files.move, zone) == moved
    assert read(files.feed, zone) == [welcomed[0], *moved]


def test_a_move_is_the_same_entries_with_the_next_number(files: Files) -> None:
    was = {str(each["UID"]): int(each["SEQUENCE"]) for each in Calendar.from_ical(files.welcome).walk("VEVENT")}
    now = {str(each["UID"]): int(each["SEQUENCE"]) for each in Calendar.from_ical(files.move).walk("VEVENT")}
    assert now == {uid: was[uid] + 1 for uid in now}
    assert len(now) == 8
