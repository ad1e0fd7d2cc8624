"""Every usual way to write a phone number or a code is taken, wherever it is typed, and kept in one way."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.mail.mail_address import address_kept
from backtolife.people import services
from backtolife.people.access import System
from backtolife.people.forms import AskForm
from backtolife.people.models import LinkPurpose, Person, Role, SignInLink
from backtolife.people.numbers import code_kept, dialled, phone_kept, text_number
from backtolife.people.signing_in import signin
from backtolife.sessions.room.models import Seat
from tests.support.factories import Factory
from tests.support.sessions.hall import open_hall

CASES = Path(__file__).parent / "cases"
PHONES = json.loads((CASES / "phones.json").read_text())
CODES = json.loads((CASES / "codes.json").read_text())
BROWSER = "the secret of one browser"
WAYS = [*PHONES["must_be_taken"], *PHONES["kept_as_today"]]
READY = {"camera": "off", "where": "At home", "address": "3 Elm Road", "emergency_name": "Brian"}
KEPT = {"07700 900117", "01632 960001", "01632 960 001", "+44 7700 900117"}


@pytest.mark.parametrize("typed", WAYS)
def test_every_usual_way_to_write_a_number_is_kept_in_one_way(typed: str) -> None:
    assert phone_kept(typed) in KEPT
    assert phone_kept(phone_kept(typed)) == phone_kept(typed)


@pytest.mark.parametrize("typed", ["none", "12345", "07700x900117", "ring me", "0" * 40, "07700 900117 (Brian)"])
def test_what_nobody_can_ring_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid, match="like 01632 960001"):
        phone_kept(typed)


def test_of_two_numbers_the_first_is_kept() -> None:
    for between in (" / ", ", ", " or ", "; ", "/"):
        assert phone_kept(f"07700 900117{between}07700 900118") == "07700 900117"


def test_an_extension_or_a_word_in_front_does_not_stop_anybody() -> None:
    assert phone_kept("Tel: 01632 960001 ext 12") == "01632 960001"
    assert phone_kept("\u200b") == ""


def test_every_place_takes_every_way(app: Flask) -> None:
    engine = app.extensions["backtolife.engine"]
    with open_hall(app) as hall:
        patient, cohort = hall.group.patients[0], hall.group.cohort
        browsers = {}
        for person in (patient, hall.group.lead):
            browsers[person.id] = app.test_client()
            with session_scope(engine) as db, browsers[person.id].session_transaction() as cookie:
                cookie["signed_in"] = signin.begin(db, person=person, now=clock.now())
        own, staff = browsers[patient.id], browsers[hall.group.lead.id]
        for number, typed in enumerate(WAYS):
            ready = {**READY, "phone": typed, "emergency_phone": typed}
            there = own.post(f"/sessions/{hall.group.group_session.id}/get-ready", data=ready)
            assert there.status_code == 302, f"before the session: {typed!r}"
            details = {"shown_name": "Linda", "channel": "email", "phone": typed, "emergency_phone": typed}
            assert own.post("/your-details", data=details).status_code == 302, f"your details: {typed!r}"
            new = {"full_name": "A B", "shown_name": "A", "email": f"new{number}@example.org", "phone": typed}
            there = staff.post(f"/groups/{cohort.id}/add", data=new)
            assert there.status_code == 302 or "full" in there.text, f"a new patient: {typed!r}"
            with session_scope(engine) as db:
                seat = db.exec(select(Seat).where(Seat.person_id == patient.id)).one()
                me = db.get_one(Person, patient.id)
                assert {seat.phone, seat.emergency_phone, me.phone, me.emergency_phone} == {phone_kept(typed)}


@pytest.mark.parametrize("rule", [phone_kept, code_kept, address_kept])
def test_what_is_far_too_long_is_refused_before_its_characters_are_put_in_order(rule: Callable[[str], str]) -> None:
    with pytest.raises(Invalid, match="too long"):
        rule("a" + "\u0315\u0300" * 5000 + "@example.org")


def test_an_address_that_is_too_long_is_not_looked_into_any_further(site: Flask) -> None:
    with site.test_request_context(method="POST", data={"email": "a." * 200 + "@example.org"}):
        form = AskForm(meta={"csrf": False})
        assert not form.validate()
        assert form.email.errors == ["E-mail address: use at most 254 characters"]


def test_a_service_and_its_staff_keep_numbers_the_same_way(db: Session, now: datetime) -> None:
    service = services.open_service(
        db, name="S", short_name="S", phone="\u202a(01632) 960001\u202c", zone="Europe/London", now=now
    )
    assert service.phone == "01632 960001"
    person = services.add_person(
        db, actor=System("t", service.id), roles={Role.FACILITATOR}, email="a@example.org", full_name="A",
        shown_name="A", phone="01632/960001", now=now,
    )  # fmt: skip
    assert person.phone == "01632 960001"


@pytest.mark.parametrize("typed", CODES["must_open"])
def test_a_code_opens_however_its_digits_are_typed(db: Session, make: Factory, now: datetime, typed: str) -> None:
    person = make.person(make.service())
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now, browser=BROWSER)
    issued.link.code_hash = signin.code_digest(person.id, CODES["of_code"])
    db.flush()
    assert (
        signin.spend_code(db, email=person.email, code=typed, browser=BROWSER, purpose=LinkPurpose.SIGN_IN, now=now)
        == person
    )


@pytest.mark.parametrize("typed", ["12345", "1234567", "12a456", "", "½23456"])
def test_what_is_no_code_is_asked_for_again_and_is_no_wrong_try(
    db: Session, make: Factory, now: datetime, typed: str
) -> None:
    person = make.person(make.service())
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now, browser=BROWSER)
    db.flush()
    with pytest.raises(Invalid, match="all six digits"):
        signin.spend_code(db, email=person.email, code=typed, browser=BROWSER, purpose=LinkPurpose.SIGN_IN, now=now)
    assert db.get_one(SignInLink, issued.link.id).tries == 0
    with pytest.raises(Invalid):
        code_kept(typed)


def test_the_page_takes_a_code_in_other_digits(app: Flask) -> None:
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        make = Factory(db, clock.now())
        person = make.person(make.service())
    for typed in CODES["must_open"]:
        with session_scope(engine) as db:
            link = LinkPurpose.SIGN_IN
            issued = signin.issue_link(db, person=person, purpose=link, now=clock.now(), browser=BROWSER)
            issued.link.code_hash = signin.code_digest(person.id, CODES["of_code"])
        client = app.test_client()
        with client.session_transaction() as session:
            session["asking"] = BROWSER
        answer = client.post("/sign-in/code", data={"email": person.email, "code": typed})
        assert answer.status_code == 302, repr(typed)


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("00447700900123", "+447700900123"),
        ("07624 900123", "+447624900123"),
        ("+358 40 123 4567", "+358401234567"),
        ("01632 960001", ""),
        ("+44 1632 960001", ""),
        ("070 1234 5678", ""),
        ("07600 900123", ""),
        ("07700 90012", ""),
        ("0401234567", ""),
        ("", ""),
    ],
)
def test_only_a_number_that_takes_texts_is_sent_one(phone: str, number: str) -> None:
    assert text_number(phone) == number


@pytest.mark.parametrize(
    "typed", ["07700 900123", "+44 7700 900123", "00447700900123", "+44 (0)7700 900123", "7700-900123"]
)
def test_a_number_is_looked_for_however_it_was_written(typed: str) -> None:
    assert dialled(typed) == "7700900123"


@pytest.mark.parametrize("typed", ["", "077", "linda2026@example.org", "Mill Lane 1234"])
def test_what_is_no_number_is_not_looked_for_as_one(typed: str) -> None:
    assert dialled(typed) == ""
