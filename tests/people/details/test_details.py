"""Your details: what is kept together, and where staff come back in."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role, SignedIn
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
