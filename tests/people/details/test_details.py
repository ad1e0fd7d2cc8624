"""Your details: what is kept together, and where staff come back in."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import GUESTS, Person, Role, SignedIn
from backtolife.people.roles import holding
from backtolife.people.signing_in import signin
from tests.support.factories import Factory


def signed_in(app: Flask, client: FlaskClient, role: Role) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        token = signin.begin(db, person=make.person(make.service(), role), now=clock.now())
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token


def test_an_emergency_name_needs_a_number(app: Flask, client: FlaskClient) -> None:
    signed_in(app, client, Role.PATIENT)
    typed = {"shown_name": "Ann", "emergency_name": "Brian"}
    page = client.post("/your-details", data=typed)
    assert (page.status_code, "Enter their phone number as well" in page.text) == (400, True)
    assert client.post("/your-details", data={**typed, "emergency_phone": "01632 960001"}).status_code == 302


@pytest.mark.parametrize("role", sorted(set(Role) - GUESTS))
def test_whom_to_call_and_what_they_are_like_is_asked_of_patients_only(
    app: Flask, client: FlaskClient, role: Role
) -> None:
    signed_in(app, client, role)
    page = client.get("/your-details").text
    asks = [words in page for words in ("Who should we call", "About you", "Devices we remember")]
    assert asks == [role is Role.PATIENT] * 3
    assert client.get("/your-details/about-you").status_code == (200 if role is Role.PATIENT else 403)
    assert "Name to show" in page


def test_what_staff_gave_before_stays_when_they_save_what_is_theirs(app: Flask, client: FlaskClient) -> None:
    signed_in(app, client, Role.CLINICAL_LEAD)
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        db.exec(select(Person).where(holding(Role.CLINICAL_LEAD))).one().emergency_name = "Brian"
    assert client.post("/your-details", data={"shown_name": "Amira", "phone": "01632 960001"}).status_code == 302
    with session_scope(engine) as db:
        saved = db.exec(select(Person).where(holding(Role.CLINICAL_LEAD))).one()
        assert (saved.shown_name, saved.phone, saved.emergency_name) == ("Amira", "01632 960001", "Brian")


def idle(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        for place in db.exec(select(SignedIn)):
            place.seen_at = clock.now() - timedelta(minutes=31)
            place.expires_at = clock.now() - timedelta(minutes=1)


def test_staff_whose_sign_in_ended_come_to_their_own_sign_in_and_patients_to_theirs(
    app: Flask, client: FlaskClient
) -> None:
    for role, page in ((Role.CLINICAL_LEAD, "/staff/sign-in"), (Role.PATIENT, "/sign-in")):
        signed_in(app, client, role)
        idle(app)
        answer = client.get("/your-details", headers={"Accept": "text/html"})
        assert answer.location == f"{page}?next=/your-details"
