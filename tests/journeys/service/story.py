"""Twelve people and a group, from offer to discharge, each step by the page on which it is done."""

from datetime import datetime, timedelta

from backtolife.mail.channels import Channel
from tests.journeys.service.town import LONDON, Town
from tests.support.people.hands import Hands

TWELVE = ("Ann", "Ben", "Cara", "Dev", "Eve", "Fay", "Gus", "Hal", "Ida", "Jan", "Kit", "Lou")
NO, NOT_NOW, SILENT = "Ben", "Cara", "Dev"
"""Who said no, who said not now and starts late, and who answered by telephone alone."""
BY_MAIL, BY_TEXT = "Ann", "Ida"
"""Two who do the same all the way, and are told so in two ways."""
MOVES, LEAVES, DIES = "Fay", "Gus", "Hal"
STAY = sorted(set(TWELVE) - {NO, MOVES, LEAVES, DIES})
"""Who comes to the last session of Evenings."""
FUNNEL = ("Referred 13", "Offered a place 13", "Said yes 11", "Came to a session 11", "Completed 8", "Measured 8")
"""Twelve people and one who was offered a place twice. Who moved counts once, in the group they moved to."""
ASKED_AFTER = 8
"""The session after which the questions at the end are asked."""
DONE = {
    "cohort_created",
    "consent_text_published",
    "consent_given",
    "dates_moved",
    "dates_put_off",
    "death_recorded",
    "enrolment_completed",
    "enrolment_declined",
    "enrolment_died",
    "enrolment_enrolled",
    "enrolment_invited",
    "enrolment_started",
    "enrolment_withdrawn",
    "offer_answered",
    "place_discharged",
    "place_transferred",
    "said_not_coming",
    "session_covered",
    "switched_off",
    "waiting_began",
    "waiting_offered",
    "work_handed_over",
}
"""What the audit log says at the end, beside what is looked at and who signs in."""


def make_groups(town: Town) -> None:
    """Two groups: Evenings, which this is about, and Mornings, to which somebody moves."""
    for name, day, weekday, at, lead, spotter in (
        ("Evenings", "2026-09-29", "Tuesday", "19:00", "Priya", "Tom"),
        ("Mornings", "2026-10-01", "Thursday", "10:00", "Sam", "Tom"),
    ):
        grace = town.as_("Grace")
        grace.open("/groups/new")
        grace.fill("Name of the group", name)
        grace.choose("How often does it meet?", "Once a week")
        grace.fill("First session", day)
        grace.tick(weekday)
        grace.fill("At what time?", at)
        grace.choose("Lead", f"{lead} Example")
        grace.choose("Spotter", f"{spotter} Example")
        grace.press("Make the group")
        assert name in grace.text()


def offer(town: Town) -> None:
    for name in TWELVE:
        add(town.as_("Grace"), town.group("Evenings").id, name, "Not yet: offer them the place")
    assert town.sent() == {"invitation": sorted(TWELVE)}


def add(grace: Hands, group: str, name: str, how: str) -> None:
    grace.open(f"/groups/{group}/add")
    grace.fill("Full name", f"{name} Example")
    grace.fill("First name that the group sees", name)
    grace.fill("E-mail address", f"{name.lower()}@example.com")
    grace.fill("Phone number", "07700 900123")
    grace.tick(how)
    grace.press("Add the patient")
    assert f"{name} Example has" in grace.text()


def answer(town: Town) -> None:
    """Nine say yes on their page, one no, one not now, one nothing until staff ring."""
    town.at("2026-09-02")
    for name in TWELVE:
        if name in (NO, NOT_NOW, SILENT):
            continue
        say(town, name, "Yes, I would like to come", "You have a place")
    say(town, NO, "No, thank you", "")
    say(town, NOT_NOW, "Not now, perhaps later", "")
    town.at("2026-09-02", "10:10")
    assert town.sent() == {"welcome": sorted(set(TWELVE) - {NO, NOT_NOW, SILENT})}
    town.at("2026-09-07")
    assert town.sent() == {"invitation-reminder": [SILENT]}
    town.at("2026-09-09")
    grace = town.as_("Grace")
    grace.open("/offers")
    grace.click(f"{SILENT} Example")
    grace.tick("Yes")
    grace.press("Write down what they said")
    town.at("2026-09-09", "10:10")
    assert town.sent() == {"welcome": [SILENT]}


def say(town: Town, name: str, words: str, then: str) -> None:
    hands = town.as_(name)
    hands.open("/offer")
    hands.press(words)
    assert then in hands.text()


def choose_texts(town: Town) -> None:
    hands = town.as_(BY_TEXT)
    hands.open("/your-details/how-we-reach-you")
    hands.tick("By text message")
    hands.press("Save")
    assert "Saved." in hands.text()


def agree(town: Town) -> None:
    """The words of the group are published, and agreed to before the first session."""
    grace = town.as_("Grace")
    grace.open("/agreements/group_agreement")
    grace.fill("Title", "Our group agreement")
    grace.fill("The words", "What is said in the group stays in the group.")
    grace.press("Publish these words")
    for name in sorted(set(TWELVE) - {NO, NOT_NOW}):
        town.as_(name).open("/agreement")
        town.as_(name).tick("Yes, I agree to keep to it")
        town.as_(name).press("Send my answers")
        assert "You said yes" in town.as_(name).text()


def begin(town: Town) -> None:
    """Reminders, somebody who cannot come, the first session, and who moves to the other group after it."""
    town.at("2026-09-28", "19:30")
    for name in STAY:
        if name != NOT_NOW:
            town.fill_in(name, "baseline")
    assert town.sent()["reminder-24h"] == sorted(set(TWELVE) - {NO, NOT_NOW})
    eve = town.as_("Eve")
    eve.open("/")
    eve.unfold("come to this session?")
    eve.press("I cannot come")
    town.at("2026-09-29", "18:10")
    assert town.sent()["reminder-1h"] == sorted(set(TWELVE) - {NO, NOT_NOW, "Eve"})
    town.at("2026-09-29", "19:00")
    town.hold(1, sorted(set(TWELVE) - {NO, NOT_NOW, "Eve"}))
    town.at("2026-09-30")
    town.sent()
    grace = town.as_("Grace")
    grace.open(f"/places/{town.place(MOVES).id}/move")
    grace.choose("To which group?", "Mornings")
    grace.press("Move to this group")
    town.at("2026-09-30", "10:10")
    assert MOVES in town.sent()["group-changed"]


def start_late(town: Town) -> None:
    """Who said "not now" is on the waiting list; the free place is theirs after the first session."""
    grace = town.as_("Grace")
    grace.open("/waiting")
    grace.click(f"{NOT_NOW} Example")
    grace.choose("Group", "Evenings")
    grace.fill("Last day to answer the offer", "2026-10-04")
    grace.press("Offer the place")
    assert town.sent() == {"invitation": [NOT_NOW]}
    say(town, NOT_NOW, "Yes, I would like to come", "You have a place")
    town.at("2026-10-01")
    assert NOT_NOW in town.sent()["welcome"]
    town.fill_in(NOT_NOW, "baseline")
    town.at("2026-10-06", "19:00")
    town.hold(2, sorted(set(TWELVE) - {NO, MOVES}))


def change_dates(town: Town) -> None:
    """Session 3 moves by a day, and nobody meets on the day of session 5."""
    in_evenings = sorted(set(TWELVE) - {NO, MOVES})
    town.at("2026-10-07")
    town.sent()
    move(town, 3, "Move this session only", "2026-10-14")
    assert set(in_evenings) <= set(town.sent()["cohort-moved"])
    assert town.starts()[2] == "Wed 14 Oct 19:00"
    town.at("2026-10-14", "19:00")
    town.hold(3, in_evenings)
    town.at("2026-10-15")
    town.sent()
    move(town, 5, "Do not meet on this date", "")
    assert set(in_evenings) <= set(town.sent()["cohort-dates-moved"])
    assert len(town.starts()) == 9
    assert all(each.endswith("19:00") for each in town.starts())
    assert "Tue 27 Oct 19:00" not in town.starts()


def move(town: Town, number: int, how: str, day: str) -> None:
    priya = town.as_("Priya")
    priya.open(f"/groups/{town.group('Evenings').id}/dates/{number}")
    priya.tick(how)
    if day:
        priya.fill("New date", day)
    priya.press("Show the new dates")
    priya.press("Save these dates, and tell everybody")
    assert "The dates are changed" in priya.text()


def lose_people(town: Town) -> None:
    """Somebody withdraws, somebody dies, and a facilitator is ill at ten minutes' notice."""
    grace = town.as_("Grace")
    grace.open(f"/places/{town.place(LEAVES).id}/leave")
    grace.tick("The patient")
    grace.choose("What was the main reason?", "Lost to technology")
    grace.tick("Yes, they agreed")
    grace.press("End the place")
    town.at("2026-10-15", "10:10")
    town.sent()
    town.at("2026-10-20", "18:50")
    town.sent()
    grace = town.as_("Grace")
    grace.open(f"/groups/{town.group('Evenings').id}/staff")
    grace.choose("Lead on this day", "Sam Example")
    grace.press("Lead on this day")
    assert town.sent()["staff-place"] == ["Sam"]
    town.at("2026-10-20", "19:00")
    town.hold(4, sorted(set(TWELVE) - {NO, MOVES, LEAVES}))
    town.at("2026-10-22")
    town.sent()
    grace = town.as_("Grace")
    grace.open(f"/places/{town.place(DIES).id}/died")
    grace.fill("Who told you, and when?", "His daughter, by telephone, this morning.")
    grace.tick("I am sure")
    grace.press("Record it and stop everything")
    leave_staff(town)


def leave_staff(town: Town) -> None:
    """Tom leaves the service, and Uma has his groups."""
    town.at("2026-10-23")
    assert DIES not in str(town.sent())
    grace = town.as_("Grace")
    grace.open("/staff")
    grace.click("Tom Example")
    grace.choose("Who takes over their work?", "Uma Example")
    grace.press("Switch off")
    grace.open(f"/groups/{town.group('Evenings').id}")
    assert "Uma" in grace.text()


def finish(town: Town) -> None:
    """After the last session who took part is discharged; three weeks later the whole way is in the figures."""
    last = datetime.strptime(f"{town.starts()[-1]} 2026", "%a %d %b %H:%M %Y").replace(tzinfo=LONDON)
    town.at(f"{last + timedelta(days=1):%Y-%m-%d}")
    town.sent()
    grace = town.as_("Grace")
    grace.open(f"/groups/{town.group('Evenings').id}/discharge")
    grace.press("Discharge who is ticked")
    assert f"{len(STAY)} people are discharged" in grace.text()
    assert town.sent()["programme-over"] == STAY
    town.at(f"{last + timedelta(days=40):%Y-%m-%d}")
    grace = town.as_("Grace")
    grace.open("/results")
    assert town.told_by(BY_TEXT, Channel.EMAIL) == set(), "what waited goes the new way too"
    assert town.told_by(BY_TEXT, Channel.SMS) == town.told_by(BY_MAIL, Channel.EMAIL) > {"welcome", "cohort-moved"}
    for step in FUNNEL:
        assert step in grace.text()
    assert town.audited() >= DONE


def go_on(town: Town) -> None:
    """The sessions that are left, over the end of summer time; nobody who is gone is written to."""
    for number, start in enumerate(town.starts()[4:], 5):
        day = datetime.strptime(f"{start} 2026", "%a %d %b %H:%M %Y").replace(tzinfo=LONDON)
        town.at(f"{day:%Y-%m-%d}", "18:10")
        told = town.sent()
        assert told["reminder-1h"] == STAY
        assert not {NO, LEAVES, DIES} & {name for names in told.values() for name in names}
        town.at(f"{day:%Y-%m-%d}", "19:00")
        town.hold(number, STAY)
        if number == ASKED_AFTER:
            town.now += timedelta(hours=3)
            for name in STAY:
                town.fill_in(name, "end")
