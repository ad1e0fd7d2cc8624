"""The group meets: reminders, a late starter, who moves on, dates that change, and staff who cannot be there."""

from datetime import datetime, timedelta

from icalendar import Calendar, Component

from tests.journeys.service.beside import is_told_of_new_date
from tests.journeys.service.offering import say
from tests.journeys.service.people import (
    BY_TEXT,
    CANNOT_COME,
    FIRST_MEMBERS,
    LATER_MEMBERS,
    LEAVES,
    LEAVES_FOR_GOOD,
    MOVES,
    NO,
    NOT_NOW,
    STAY,
    but,
)
from tests.journeys.service.post import Told
from tests.journeys.service.town import LONDON, Town

ASKED_AFTER = 8
"""The session after which the questions at the end are asked."""
WITH_WHO_MOVED = sorted([*STAY, MOVES])
QUESTIONS_BEFORE: dict[int, dict[str, list[str]]] = {
    5: {"questionnaire-due": WITH_WHO_MOVED},
    6: {"questionnaire-second-reminder": STAY},
    8: {"questionnaire-due": WITH_WHO_MOVED},
    9: {"questionnaire-due": WITH_WHO_MOVED},
}
"""Who is asked something in the weeks between; the other group's questions are due on its own days."""


def begin(town: Town) -> None:
    """Reminders, somebody who cannot come, and the first session."""
    town.at("2026-09-28", "19:30")
    told = town.sent()
    assert told.names == {"reminder-24h": FIRST_MEMBERS, "questionnaire-due": FIRST_MEMBERS}
    told.says("reminder-24h", "Tue 29 Sep", "7pm", "http://localhost/j")
    told.says("questionnaire-due", "http://localhost/questions")
    for name in STAY:
        if name != NOT_NOW:
            town.fill_in(name, "baseline")
    who = town.as_(CANNOT_COME)
    who.open("/")
    who.unfold("come to this session?")
    who.press("I cannot come")
    assert town.traced("said_not_coming") == {(CANNOT_COME, "group_session")}
    came = sorted({*FIRST_MEMBERS} - {CANNOT_COME})
    town.at("2026-09-29", "18:10")
    told = town.sent()
    assert told.names == {"reminder-1h": came}
    told.says("reminder-1h", "7pm", "http://localhost/j")
    town.at("2026-09-29", "19:00")
    town.hold(1, came)
    town.at("2026-09-30")
    assert town.sent().names == {}, "who said that they cannot come is not told that they were missed"
    assert town.traced("enrolment_started") == {("live room", name) for name in came}
    assert town.steps() == (12, 10, 9, 0, 0)


def move_on(town: Town) -> None:
    """Somebody goes on in the other group."""
    grace = town.as_("Grace")
    grace.open(f"/places/{town.place(MOVES).id}/move")
    grace.choose("To which group?", "Mornings")
    grace.press("Move to this group")
    town.at("2026-09-30", "10:10")
    told = town.sent()
    assert told.names == {"group-changed": [MOVES], "reminder-24h": [MOVES], "companion-group": ["Stan"]}
    told.says("companion-group", "Thu 1 Oct, 10am")
    told.says("group-changed", "Thu 1 Oct, 10am")
    told.says("reminder-24h", "Thu 1 Oct, 10am", "http://localhost/j")
    assert town.traced("place_transferred") == {("Grace", MOVES)}
    assert town.steps() == (12, 10, 9, 0, 0), "who moves is counted once"


def start_late(town: Town) -> None:
    """Who said "not now" is on the waiting list; the free place is theirs after the first session."""
    grace = town.as_("Grace")
    grace.open("/waiting")
    grace.click(f"{NOT_NOW} Example")
    grace.choose("Group", "Evenings")
    grace.fill("Last day to answer the offer", "2026-10-04")
    grace.press("Offer the place")
    told = town.sent()
    assert told.names == {"invitation": [NOT_NOW]}
    told.says("invitation", "http://localhost/offer")
    assert town.traced("waiting_offered") == {("Grace", "waiting")}
    assert town.steps() == (13, 10, 9, 0, 0), "an offer after a no is another one"
    say(town, NOT_NOW, "Yes, I would like to come", "You have a place")
    town.at("2026-10-01")
    told = town.sent()
    assert told.names == {"welcome": [NOT_NOW], "questionnaire-due": [NOT_NOW]}
    assert town.traced("offer_answered") == {(NOT_NOW, NOT_NOW)}
    assert town.steps() == (13, 11, 9, 0, 0)
    town.fill_in(NOT_NOW, "baseline")
    town.at("2026-10-06", "19:00")
    town.hold(2, LATER_MEMBERS)
    town.at("2026-10-07")
    assert town.sent().names == {"reminder-24h": [MOVES]}, "for Thursday's group, and nobody else"
    assert town.traced("enrolment_started") == {("live room", NOT_NOW), ("live room", CANNOT_COME)}
    assert town.steps() == (13, 11, 11, 0, 0)


def change_dates(town: Town) -> None:
    """Session 3 moves by a day, and nobody meets on the day of session 5."""
    told = move(town, 3, "Move this session only", "2026-10-14")
    beside = ["Olga", "Pia"]
    staff = ["Priya", "Tom"]
    assert told.names == {"cohort-moved": LATER_MEMBERS, "companion-moved": beside, "staff-dates-changed": staff}
    is_told_of_new_date(town, told)
    told.says("cohort-moved", "Tue 13 Oct", "Wed 14 Oct", "7pm", "http://localhost/j")
    assert town.traced("dates_moved") == {("Priya", "Evenings")}
    assert town.starts()[2] == "Wed 14 Oct 19:00"
    for name in sorted(set(LATER_MEMBERS) - BY_TEXT):
        [was], [now] = events(town.welcomed[name].calendar, 3), events(told.letter(name, "cohort-moved").calendar, 3)
        assert now["UID"] == was["UID"]
        assert (was["SEQUENCE"], now["SEQUENCE"]) == (0, 1)
        assert f"{now.decoded('DTSTART').astimezone(LONDON):%a %d %b %H:%M}" == "Wed 14 Oct 19:00"
    town.at("2026-10-14", "19:00")
    town.hold(3, LATER_MEMBERS)
    town.at("2026-10-15")
    assert town.sent().names == {}
    told = move(town, 5, "Do not meet on this date", "")
    moved = {"cohort-dates-moved": LATER_MEMBERS, "companion-dates-moved": beside}
    assert told.names == {**moved, "staff-dates-changed": staff}
    told.says("companion-dates-moved", "Tue 27 Oct", "3 Nov", "7pm")
    told.says("cohort-dates-moved", "Tue 27 Oct", "3 Nov", "7pm")
    assert town.traced("dates_put_off") == {("Priya", "Evenings")}
    for name in sorted(set(LATER_MEMBERS) - BY_TEXT):
        file = told.letter(name, "cohort-dates-moved").calendar
        assert [each["SEQUENCE"] for each in Calendar.from_ical(file).walk("VEVENT")] == [1] * 5
    assert len(town.starts()) == 9
    assert all(each.endswith("19:00") for each in town.starts())
    assert "Tue 27 Oct 19:00" not in town.starts()


def move(town: Town, number: int, how: str, day: str) -> Told:
    priya = town.as_("Priya")
    priya.open(f"/groups/{town.group('Evenings').id}/dates/{number}")
    priya.tick(how)
    if day:
        priya.fill("New date", day)
    priya.press("Show the new dates")
    priya.press("Save these dates, and tell everybody")
    assert "The dates are changed" in priya.text()
    return town.sent()


def events(file: str, number: int) -> list[Component]:
    """The entries of one session in a calendar file."""
    found = Calendar.from_ical(file).walk("VEVENT")
    return [each for each in found if each["SUMMARY"] == f"Online group, session {number}"]


def fall_ill(town: Town) -> None:
    """A facilitator is ill at ten minutes' notice, and somebody stands in."""
    town.at("2026-10-20", "18:50")
    in_group = but(NO, MOVES, LEAVES, LEAVES_FOR_GOOD)
    assert town.sent().names == {"reminder-1h": in_group}
    grace = town.as_("Grace")
    grace.open(f"/groups/{town.group('Evenings').id}/staff")
    grace.choose("Lead on this day", "Sam Example")
    grace.press("Lead on this day")
    told = town.sent()
    assert told.names == {"staff-place": ["Sam"], "staff-relieved": ["Priya"]}
    told.says("staff-place", "Tuesday 20 October 2026, 7pm", "http://localhost/j")
    assert town.traced("session_covered") == {("Grace", "Evenings")}
    town.at("2026-10-20", "19:00")
    town.hold(4, in_group)
    town.at("2026-10-22")
    assert town.sent().names == {}


def go_on(town: Town) -> None:
    """The sessions that are left, over the end of summer time; nobody who is gone is written to."""
    for number, start in enumerate(town.starts()[4:], 5):
        day = datetime.strptime(f"{start} 2026", "%a %d %b %H:%M %Y").replace(tzinfo=LONDON)
        town.at(f"{day:%Y-%m-%d}", "18:10")
        told = town.sent()
        assert told.names == {"reminder-1h": STAY, **QUESTIONS_BEFORE.get(number, {})}
        told.says("reminder-1h", "7pm", "http://localhost/j")
        town.at(f"{day:%Y-%m-%d}", "19:00")
        town.hold(number, STAY)
        if number == ASKED_AFTER:
            town.now += timedelta(hours=3)
            for name in STAY:
                town.fill_in(name, "end")
    assert town.steps() == (13, 11, 11, 0, 0), "nobody has completed before the programme is over for them"
