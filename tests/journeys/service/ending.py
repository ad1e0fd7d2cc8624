"""How places end: two leave, one dies, a colleague goes, the rest are discharged; and what is asked of whom later."""

from datetime import datetime, timedelta

from tests.journeys.service.beside import is_told_of_the_end
from tests.journeys.service.people import DIES, LEAVES, LEAVES_FOR_GOOD, MOVES, STAY
from tests.journeys.service.town import LONDON, Town

FUNNEL = ("Referred 13", "Offered a place 13", "Said yes 11", "Came to a session 11", "Completed 7", "Measured 7")
"""Twelve people and one who was offered a place twice. Who moved counts once, in the group they moved to."""


def leave(town: Town) -> None:
    """Two withdraw; one of them may be asked later how they are."""
    for name, reason, agrees in (
        (LEAVES, "Lost to technology", "Yes, they agreed"),
        (LEAVES_FOR_GOOD, "Work", "No"),
    ):
        grace = town.as_("Grace")
        grace.open(f"/places/{town.place(name).id}/leave")
        grace.tick("The patient")
        grace.choose("What was the main reason?", reason)
        grace.tick(agrees)
        grace.press("End the place")
    town.at("2026-10-15", "10:10")
    told = town.sent()
    assert told.names == {"place-ended": [LEAVES, LEAVES_FOR_GOOD], "companion-ended": ["Pia"]}
    told.says("place-ended", "has ended", "01632 960000")
    is_told_of_the_end(told, "Pia")
    left = [told.letter(name, "place-ended") for name in (LEAVES, LEAVES_FOR_GOOD)]
    assert all("STATUS:CANCELLED" in each.calendar for each in left), "its dates leave the calendar"
    assert town.traced("enrolment_withdrawn") == {("Grace", LEAVES), ("Grace", LEAVES_FOR_GOOD)}
    assert town.steps() == (13, 11, 11, 0, 0)


def die(town: Town) -> None:
    grace = town.as_("Grace")
    grace.open(f"/places/{town.place(DIES).id}/died")
    grace.fill("Who told you, and when?", "His daughter, by telephone, this morning.")
    grace.tick("I am sure")
    grace.press("Record it and stop everything")
    assert town.sent().names == {}, "nothing is sent to him ever again, nor by itself to who came with him"
    grace.open("/messages")
    assert "Olga" in grace.text(), "somebody rings her"
    assert town.traced("death_recorded") == {("Grace", DIES)}
    assert town.traced("enrolment_died") == {("Grace", DIES)}
    assert town.steps() == (13, 11, 11, 0, 0)


def leave_staff(town: Town) -> None:
    """Tom leaves the service, and Uma has his groups."""
    town.at("2026-10-23")
    assert town.sent().names == {}
    grace = town.as_("Grace")
    grace.open("/staff")
    grace.click("Tom Example")
    grace.choose("Who takes over their work?", "Uma Example")
    grace.press("Switch off")
    grace.open(f"/groups/{town.group('Evenings').id}")
    assert "Uma" in grace.text()
    assert town.sent().names == {"handed-over": ["Uma"]}
    assert town.traced("switched_off") == {("Grace", "Tom")}
    assert town.traced("work_handed_over") == {("Grace", "Tom")}


def finish(town: Town) -> None:
    """After the last session who took part is discharged; three weeks later the whole way is in the figures."""
    last = datetime.strptime(f"{town.starts()[-1]} 2026", "%a %d %b %H:%M %Y").replace(tzinfo=LONDON)
    town.at(f"{last + timedelta(days=1):%Y-%m-%d}")
    assert town.sent().names == {}
    grace = town.as_("Grace")
    grace.open("/results")
    assert FUNNEL[0] not in grace.text(), "no figure tells of a group whose last questions are open"
    grace.open(f"/groups/{town.group('Evenings').id}/discharge")
    grace.press("Discharge who is ticked")
    assert f"{len(STAY)} people are discharged" in grace.text()
    told = town.sent()
    assert told.names == {"programme-over": STAY}
    told.says("programme-over", "group has come to its end", "http://localhost")
    for action in ("place_discharged", "enrolment_completed"):
        assert town.traced(action) == {("Grace", name) for name in STAY}
    assert town.steps() == (13, 11, 11, len(STAY), len(STAY))


def follow_up(town: Town) -> None:
    """Three months after session 8 who took part is asked how they are, and of those who left only who agreed to it.

    By then the whole way is in the figures.
    """
    town.at("2027-01-31")
    told = town.sent()
    assert told.names == {"questionnaire-due": sorted([*STAY, MOVES, LEAVES])}
    told.says("questionnaire-due", "http://localhost/questions", "We have a few questions for you")
    grace = town.as_("Grace")
    grace.open("/results")
    for step in FUNNEL:
        assert step in grace.text()
