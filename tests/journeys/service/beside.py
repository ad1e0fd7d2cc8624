"""Who is booked beside somebody for the course: an interpreter by e-mail, and two who get texts."""

from icalendar import Calendar

from backtolife.mail.channels import Channel
from tests.journeys.service.people import BESIDE, REACHED, TWELVE
from tests.journeys.service.post import Letter, Told
from tests.journeys.service.town import Town


def book(town: Town) -> None:
    """Each gets a link that opens the sessions, and Olga the dates for her calendar."""
    for name, whom in BESIDE.items():
        grace = town.as_("Grace")
        grace.open(f"/patients/{town.place(whom).id}/companions")
        grace.fill("What is their name?", name)
        grace.fill("Their e-mail address" if "@" in REACHED[name] else "Their phone number", REACHED[name])
        grace.press("Book them for the course")
        assert f"We send {name} this link" in grace.text()
    told = town.sent()
    assert told.names == {"companion-booked": sorted(BESIDE)}
    told.says("companion-booked", "Tue 29 Sep", "7pm", "http://localhost/guest/")
    assert {each.name for each in told.letters if each.by is Channel.SMS} == {"Pia", "Stan"}
    assert town.traced("companion_booked") == {("Grace", name) for name in BESIDE}
    town.welcomed["Olga"] = told.letter("Olga", "companion-booked")
    keeps_quiet(told)


def is_told_of_new_date(town: Town, told: Told) -> None:
    """The session moved, and her calendar moves with it: the same entry, one step on."""
    told.says("companion-moved", "Tue 13 Oct", "Wed 14 Oct", "7pm")
    was, now = (entries(each, 3) for each in (town.welcomed["Olga"], told.letter("Olga", "companion-moved")))
    assert (was["UID"], was["SEQUENCE"], now["SEQUENCE"]) == (now["UID"], 0, 1)
    assert "guest" not in told.letter("Olga", "companion-moved").calendar, "no key to the room stands in a calendar"
    keeps_quiet(told)


def is_told_of_the_end(told: Told, name: str) -> None:
    """That it is over, in the same words for everybody, and never why."""
    told.says("companion-ended", "booking", "has ended", "01632 960000", to=name)
    letter = told.letter(name, "companion-ended")
    assert not {"died", "death", "sorry", "left"} & set(letter.words.lower().split())
    assert (letter.by is Channel.SMS) or letter.calendar.count("STATUS:CANCELLED") > 1
    keeps_quiet(told)


def keeps_quiet(told: Told) -> None:
    """No message to them names anybody of the group."""
    for each in told.letters:
        if each.name in BESIDE:
            assert not set(TWELVE) & set(each.words.replace(",", " ").split()), each


def entries(letter: Letter, number: int) -> dict[str, object]:
    """The entry of one session in the calendar file that came."""
    title = f"Online group, session {number}"
    [found] = [each for each in Calendar.from_ical(letter.calendar).walk("VEVENT") if each["SUMMARY"] == title]
    return dict(found)
