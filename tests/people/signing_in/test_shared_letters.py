"""A couple who read the same mail ask for a link: one letter has a part for each, and no text wakes the other one."""

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.contact.routes import quiet_until
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import link_requests
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory

COUPLE = "the.longs@example.org"
NIGHT, NOON = 1, 12


@dataclass
class Home:
    """Linda and Bert Long share an address; Linda's group meets now, and Bert is in no group."""

    app: Flask
    service: str
    linda: str
    bert: str
    code: str

    def database(self) -> AbstractContextManager[Session]:
        return session_scope(self.app.extensions["backtolife.engine"])

    def takes_texts(self, *people: str) -> None:
        with self.database() as db:
            for number, each in enumerate(people):
                person = db.get_one(Person, each)
                person.channel, person.phone = Channel.SMS, f"07700 90012{number}"

    def letters(self) -> list[OutgoingMessage]:
        with self.database() as db:
            return list(db.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.queued_at))))


@pytest.fixture
def home(site: Flask, now: datetime) -> Home:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service)
        linda = db.get_one(Person, make.enrolment(cohort, "Linda").person_id)
        bert = make.person(service, Role.PATIENT, "Bert")
        linda.email, bert.email, bert.shares_address = COUPLE, COUPLE, True
        code = schedule(db, cohort=cohort)[0].join_code
        return Home(site, service.id, linda.id, bert.id, code)


def at(hour: int, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """It is this hour on the wall of the service, as far as quiet hours go."""
    moment = now.replace(hour=hour)
    monkeypatch.setattr(link_requests, "quiet_until", lambda who, *, zone, now: quiet_until(who, zone=zone, now=moment))


def part_of(name: str, letter: str) -> str:
    """What stands under somebody's name."""
    found = re.search(rf"^\W?{name}\W?\n((?:.+\n)+)", letter, re.MULTILINE)
    assert found, letter
    return found[1]


def test_one_asking_is_one_letter_with_which_each_comes_in_as_themselves(home: Home) -> None:
    tablet = home.app.test_client()
    tablet.post("/sign-in", data={"email": COUPLE})
    (letter,) = home.letters()
    assert letter.body.startswith("Hello,\n"), "it names nobody as if it were theirs alone"
    assert "Linda" not in letter.subject
    for name in ("Linda", "Bert"):
        link = re.search(r"http://localhost(/link/\S+)", part_of(name, letter.body))
        assert link
        tablet.post(link[1])
        assert f'value="{name}"' in tablet.get("/your-details").text
        tablet.post("/sign-out")


@pytest.mark.parametrize("name", ["Linda", "Bert"])
def test_each_has_a_code_of_their_own_in_it(home: Home, name: str) -> None:
    tablet = home.app.test_client()
    tablet.post("/sign-in", data={"email": COUPLE})
    code = re.search(r"(?:code|sign-in page)[^\n]*?: (\d{6})", part_of(name, home.letters()[0].body))
    assert code
    tablet.post("/sign-in/code", data={"email": COUPLE, "code": code[1]})
    assert f'value="{name}"' in tablet.get("/your-details").text


def test_at_the_door_of_a_group_the_letter_is_to_who_is_in_it_alone(home: Home) -> None:
    home.app.test_client().post(f"/j/{home.code}/who", data={"email": COUPLE})
    (letter,) = home.letters()
    assert "Hello Linda," in letter.body
    assert "Bert" not in letter.body


def test_no_text_wakes_the_one_who_did_not_ask(home: Home, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    home.takes_texts(home.bert)
    at(NIGHT, monkeypatch, now)
    home.app.test_client().post("/sign-in", data={"email": COUPLE})
    (letter,) = home.letters()
    assert (letter.channel, letter.address) == (Channel.EMAIL, COUPLE)
    assert part_of("Bert", letter.body)
    at(NOON, monkeypatch, now)
    home.app.test_client().post("/sign-in", data={"email": COUPLE})
    _, *by_day = home.letters()
    assert sorted((each.channel, each.address) for each in by_day) == [
        (Channel.EMAIL, COUPLE),
        (Channel.SMS, "+447700900120"),
    ]
    assert "Hello Linda," in next(each.body for each in by_day if each.channel is Channel.EMAIL)


def test_who_shares_with_nobody_gets_the_text_they_asked_for_at_night_too(
    home: Home, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.takes_texts(home.bert)
    with home.database() as db:
        db.get_one(Person, home.bert).email = "bert@example.org"
    at(NIGHT, monkeypatch, now)
    home.app.test_client().post("/sign-in", data={"email": "bert@example.org"})
    (text,) = home.letters()
    assert text.channel is Channel.SMS


def test_two_of_the_same_name_are_told_apart(home: Home) -> None:
    with home.database() as db:
        bert = db.get_one(Person, home.bert)
        bert.shown_name, bert.full_name = "Linda", "Linda Short"
    home.app.test_client().post("/sign-in", data={"email": COUPLE})
    (letter,) = home.letters()
    assert part_of("Linda Short", letter.body)


def test_two_services_that_know_one_person_write_a_letter_each(home: Home, now: datetime) -> None:
    with home.database() as db:
        make = Factory(db, now)
        make.person(make.service(), Role.PATIENT, "Linda").email = COUPLE
        db.get_one(Person, home.bert).email = "bert@example.org"
    home.app.test_client().post("/sign-in", data={"email": COUPLE})
    assert len({each.service_id for each in home.letters()}) == 2
