"""Signing in: links spent by a button, codes, passwords, remembered devices."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife.database.session import session_scope
from backtolife.errors import Invalid, NotFound
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import LinkPurpose, Person, Role, SignedIn
from backtolife.people.signing_in import devices, signin
from backtolife.people.signing_in.password_signin import set_password
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory

PASSWORD = "lantern orchard pebble"
BROWSER = "the secret of one browser"


def test_a_link_works_once(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    token = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now).token
    assert signin.spend_link(db, token=token, purpose=LinkPurpose.SIGN_IN, now=now).id == person.id
    with pytest.raises(NotFound, match="Ask for a new one"):
        signin.spend_link(db, token=token, purpose=LinkPurpose.SIGN_IN, now=now)


def test_a_link_ends_after_fifteen_minutes(db: Session, make: Factory, now: datetime) -> None:
    token = signin.issue_link(db, person=make.person(make.service()), purpose=LinkPurpose.SIGN_IN, now=now).token
    with pytest.raises(NotFound):
        signin.find_link(db, token=token, purpose=LinkPurpose.SIGN_IN, now=now + timedelta(minutes=15))


def test_a_link_for_one_thing_opens_nothing_else(db: Session, make: Factory, now: datetime) -> None:
    token = signin.issue_link(db, person=make.person(make.service()), purpose=LinkPurpose.JOIN, now=now).token
    with pytest.raises(NotFound):
        signin.spend_link(db, token=token, purpose=LinkPurpose.SIGN_IN, now=now)


def test_a_new_link_ends_the_older_one(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    older = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now).token
    signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now)
    with pytest.raises(NotFound):
        signin.spend_link(db, token=older, purpose=LinkPurpose.SIGN_IN, now=now)


def test_five_wrong_codes_end_the_link(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now, browser=BROWSER)
    db.flush()
    wrong = f"{(int(issued.code) + 1) % 10**6:06}"
    for code in [wrong] * 5 + [issued.code]:
        with pytest.raises(Invalid, match="does not work"):
            signin.spend_code(db, email=person.email, code=code, browser=BROWSER, purpose=LinkPurpose.SIGN_IN, now=now)


def test_a_code_typed_with_a_gap_works(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now, browser=BROWSER)
    db.flush()
    typed = f" {issued.code[:3]} {issued.code[3:]} "
    found = signin.spend_code(
        db, email=person.email.upper(), code=typed, browser=BROWSER, purpose=LinkPurpose.SIGN_IN, now=now
    )
    assert found.id == person.id


def test_no_secret_is_kept_as_it_is(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now)
    kept = str(issued.link.model_dump())
    assert issued.token not in kept
    assert issued.code not in kept


def test_staff_idle_out_after_half_an_hour_and_patients_do_not(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    later = now + timedelta(minutes=31)
    for role, stays in ((Role.FACILITATOR, False), (Role.PATIENT, True)):
        token = signin.begin(db, person=make.person(service, role), now=now)
        db.flush()
        assert (signin.find_signed_in(db, token=token, now=later) is not None) is stays


def test_a_new_password_ends_every_sign_in(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service(), Role.FACILITATOR)
    token = signin.begin(db, person=person, now=now)
    db.flush()
    set_password(db, person=person, password_hash=hash_password(PASSWORD), now=now)
    assert signin.find_signed_in(db, token=token, now=now) is None


def test_a_forgotten_device_opens_nothing(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    token = devices.remember_device(db, person=person, now=now)
    db.flush()
    assert devices.person_of_device(db, token=token, now=now) == person
    assert devices.forget_devices(db, person=person, now=now) == 1
    assert devices.person_of_device(db, token=token, now=now) is None


@pytest.mark.parametrize("password", ["short", "password-password", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_weak_password_is_refused_with_a_reason(password: str) -> None:
    with pytest.raises(Invalid):
        hash_password(password)


# Through the pages


@pytest.fixture
def people(app: Flask, now: datetime) -> dict[str, str]:
    """The addresses of a patient and of a facilitator with a password."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        patient, facilitator = make.person(service), make.person(service, Role.FACILITATOR)
        set_password(db, person=facilitator, password_hash=hash_password(PASSWORD), now=now)
        return {"patient": patient.email, "facilitator": facilitator.email}


@pytest.fixture
def mailed(app: Flask) -> Callable[[], list[OutgoingMessage]]:
    def read() -> list[OutgoingMessage]:
        with session_scope(app.extensions["backtolife.engine"]) as db:
            return list(db.exec(select(OutgoingMessage)))

    return read


def link_in(message: OutgoingMessage) -> str:
    found = re.search(r"http://localhost(/\S+)", message.body)
    assert found
    return found[1]


def test_a_patient_signs_in_by_the_link_that_was_mailed(
    client: FlaskClient, people: dict[str, str], mailed: Callable[[], list[OutgoingMessage]]
) -> None:
    client.post("/sign-in", data={"email": people["patient"]})
    link = link_in(mailed()[0])
    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200, "a mail scanner that opens the link spends nothing"
    assert client.post(link).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    client.post("/sign-out")
    assert client.post(link).status_code == 404


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: FlaskClient, people: dict[str, str], mailed: Callable[[], list[OutgoingMessage]]
) -> None:
    known = client.post("/sign-in", data={"email": people["patient"]})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert len(mailed()) == 1


def test_wrong_codes_are_counted_although_the_page_says_no(
    client: FlaskClient, people: dict[str, str], mailed: Callable[[], list[OutgoingMessage]]
) -> None:
    client.post("/sign-in", data={"email": people["patient"]})
    code = re.search(r"\b(\d{6})\b", mailed()[0].body)
    assert code
    wrong = f"{(int(code[1]) + 1) % 10**6:06}"
    for typed in [wrong] * 5 + [code[1]]:
        answer = client.post("/sign-in/code", data={"email": people["patient"], "code": typed})
        assert answer.status_code == 400


def test_staff_sign_in_with_their_password(client: FlaskClient, people: dict[str, str]) -> None:
    wrong = client.post("/staff/sign-in", data={"email": people["facilitator"], "password": "not the password"})
    assert (wrong.status_code, "do not match" in wrong.text) == (400, True)
    right = client.post("/staff/sign-in", data={"email": people["facilitator"], "password": PASSWORD})
    assert right.headers["Location"] == "/"


def test_a_forgotten_password_is_replaced_by_mail(
    client: FlaskClient, people: dict[str, str], mailed: Callable[[], list[OutgoingMessage]]
) -> None:
    client.post("/staff/reset", data={"email": people["facilitator"]})
    link = link_in(mailed()[0])
    assert client.post(link, data={"password": "short"}).status_code == 400
    assert client.post(link, data={"password": "river copper window"}).status_code == 302
    assert client.get("/").status_code == 200


def test_after_signing_in_people_land_on_a_page_of_ours_only(client: FlaskClient, people: dict[str, str]) -> None:
    for wanted in ("//elsewhere.example", "https://elsewhere.example/x", "/\\elsewhere.example"):
        client.get("/sign-in", query_string={"next": wanted})
        answer = client.post("/staff/sign-in", data={"email": people["facilitator"], "password": PASSWORD})
        assert answer.headers["Location"] == "/"
        client.post("/sign-out")


def test_signing_out_ends_the_sign_in(app: Flask, client: FlaskClient, people: dict[str, str]) -> None:
    client.post("/staff/sign-in", data={"email": people["facilitator"], "password": PASSWORD})
    client.post("/sign-out")
    assert client.get("/", headers={"Accept": "text/html"}).headers["Location"].startswith("/sign-in")
    with session_scope(app.extensions["backtolife.engine"]) as db:
        theirs = select(SignedIn).join(Person, col(Person.id) == col(SignedIn.person_id))
        place = db.exec(theirs.where(Person.email == people["facilitator"])).one()
        assert place.ended_at is not None
