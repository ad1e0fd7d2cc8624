"""Two groups are made, twelve people are offered a place, and each answers in their own way."""

from backtolife.mail.channels import Channel
from tests.journeys.service.people import (
    BY_TEXT,
    FIRST_MEMBERS,
    NO,
    NOT_NOW,
    PHONES,
    SILENT,
    TWELVE,
    but,
)
from tests.journeys.service.town import Town
from tests.support.people.hands import Hands


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
    assert town.sent().names == {}
    assert town.traced("cohort_created") == {("Grace", "Evenings"), ("Grace", "Mornings")}


def offer(town: Town) -> None:
    for name in TWELVE:
        add(town.as_("Grace"), town.group("Evenings").id, name, "Not yet: offer them the place")
    told = town.sent()
    assert told.names == {"invitation": sorted(TWELVE)}
    told.says("invitation", "starts on Tue 29 Sep at 7pm", "http://localhost/offer", "Please answer by ")
    assert town.traced("enrolment_invited") == {("Grace", name) for name in TWELVE}
    assert town.steps() == (12, 0, 0, 0, 0)


def add(grace: Hands, group: str, name: str, how: str) -> None:
    grace.open(f"/groups/{group}/add")
    grace.fill("Full name", f"{name} Example")
    grace.fill("First name that the group sees", name)
    grace.fill("E-mail address", f"{name.lower()}@example.com")
    grace.fill("Phone number", PHONES[name])
    grace.tick(how)
    grace.press("Add the patient")
    assert f"{name} Example has" in grace.text()


def choose_texts(town: Town) -> None:
    for name in sorted(BY_TEXT):
        hands = town.as_(name)
        hands.open("/your-details/how-we-reach-you")
        hands.tick("By text message")
        hands.press("Save")
        assert "Saved." in hands.text()
    assert town.sent().names == {}


def answer(town: Town) -> None:
    """Nine say yes on their page, one no, one not now, one nothing until staff ring."""
    town.at("2026-09-02")
    said_yes = but(NO, NOT_NOW, SILENT)
    for name in said_yes:
        say(town, name, "Yes, I would like to come", "You have a place")
    say(town, NO, "No, thank you", "")
    say(town, NOT_NOW, "Not now, perhaps later", "")
    assert town.traced("offer_answered") == {(name, name) for name in but(SILENT)}
    assert town.traced("enrolment_declined") == {(name, name) for name in (NO, NOT_NOW)}
    assert town.traced("enrolment_enrolled") == {(name, name) for name in said_yes}
    assert town.traced("waiting_began") == {(NOT_NOW, "waiting")}
    town.at("2026-09-02", "10:10")
    told = town.sent()
    assert told.names == {"welcome": said_yes, "offer-declined": [NO], "offer-not-now": [NOT_NOW]}
    assert {each.name for each in told.letters if each.by is Channel.SMS} == BY_TEXT
    told.says("welcome", "http://localhost", "a place in o", "01632 960000")
    told.says("offer-declined", "no place for you", "change your mind", "01632 960000")
    told.says("offer-not-now", "waiting list", "01632 960000")
    by_mail = [each for each in told.letters if each.by is Channel.EMAIL and each.template == "welcome"]
    assert all(each.calendar.count("BEGIN:VEVENT") == 9 for each in by_mail)
    assert town.steps() == (12, 9, 0, 0, 0)
    town.at("2026-09-07")
    told = town.sent()
    assert told.names == {"invitation-reminder": [SILENT]}
    told.says("invitation-reminder", "http://localhost/offer")
    town.at("2026-09-09")
    grace = town.as_("Grace")
    grace.open("/offers")
    grace.click(f"{SILENT} Example")
    grace.tick("Yes")
    grace.press("Write down what they said")
    town.at("2026-09-09", "10:10")
    assert town.sent().names == {"welcome": [SILENT]}
    assert town.traced("offer_answered") == {("Grace", SILENT)}
    assert town.traced("enrolment_enrolled") == {("Grace", SILENT)}
    assert town.steps() == (12, 10, 0, 0, 0)


def say(town: Town, name: str, words: str, then: str) -> None:
    hands = town.as_(name)
    hands.open("/offer")
    hands.press(words)
    assert then in hands.text()


def agree(town: Town) -> None:
    """The words of the group are published, and agreed to before the first session."""
    grace = town.as_("Grace")
    grace.open("/agreements/group_agreement")
    grace.fill("Title", "Our group agreement")
    grace.fill("The words", "What is said in the group stays in the group.")
    grace.press("Publish these words")
    for name in FIRST_MEMBERS:
        town.as_(name).open("/agreement")
        town.as_(name).tick("Yes, I agree to keep to it")
        town.as_(name).press("Send my answers")
        assert "You said yes" in town.as_(name).text()
    assert town.sent().names == {}
    assert town.traced("consent_text_published") == {("Grace", "consent_text")}
    assert town.traced("consent_given") == {(name, name) for name in FIRST_MEMBERS}
