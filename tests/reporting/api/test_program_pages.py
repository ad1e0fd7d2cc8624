"""The page on which programs are let in: the token is shown once, and who lets one in signs in again."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.passwords import hash_password
from backtolife.reporting.api import clients
from backtolife.reporting.api.models import ApiClient
from tests.support.factories import Factory

PASSWORD = "three quiet green hills"
ASKED = {"name": "Trust dashboard", "scopes": "results", "days": "90", "password": PASSWORD}


@pytest.fixture
def signed_in(app: Flask, now: datetime, request: pytest.FixtureRequest) -> FlaskClient:
    """A browser of someone in the role the test names."""
    role = getattr(request, "param", Role.SERVICE_LEAD)
    client = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        person = make.person(make.service(), role)
        person.password_hash = hash_password(PASSWORD)
        token = signin.begin(db, person=person, now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


def clients_in(app: Flask) -> list[ApiClient]:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return list(db.exec(select(ApiClient)))


def reads(app: Flask, token: str) -> int:
    return app.test_client().get("/api/v1/people", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.mark.parametrize("signed_in", [Role.ADMINISTRATOR], indirect=True)
def test_an_administrator_who_may_see_no_results_makes_no_token_and_can_shut_a_program_out(
    app: Flask, signed_in: FlaskClient, now: datetime
) -> None:
    assert signed_in.post("/programs", data=ASKED).status_code == 403
    assert clients_in(app) == []
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = db.exec(select(Person).where(holding(Role.ADMINISTRATOR))).one().service_id
        lead = make.actor(make.person(db.get_one(Service, service), Role.SERVICE_LEAD))
        client, token = clients.create(
            db, actor=lead, name="Trust dashboard", scopes=["results:read"], days=30, confirmed=True, now=clock.now()
        )
        client_id = client.id
    page = signed_in.get("/programs").text
    assert "Trust dashboard" in page
    assert "Make a token" not in page
    assert signed_in.post(f"/programs/{client_id}/revoke").status_code == 302
    assert reads(app, token) == 401


def test_a_program_is_let_in_reads_and_is_shut_out(app: Flask, signed_in: FlaskClient) -> None:
    made = signed_in.post("/programs", data=ASKED)
    (token,) = re.findall(r"<code>(btl_[\w-]+)</code>", made.text)
    assert reads(app, token) == 200
    again = signed_in.get("/programs").text
    assert token not in again
    assert "Trust dashboard" in again
    (client,) = clients_in(app)
    assert signed_in.post(f"/programs/{client.id}/revoke").status_code == 302
    assert reads(app, token) == 401
    with session_scope(app.extensions["backtolife.engine"]) as db:
        entries = db.exec(select(AuditEntry).where(AuditEntry.subject_id == client.id)).all()
    assert [entry.action for entry in entries] == ["client_created", "client_revoked"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": ""}, "Enter your password once more"),
        ({"password": "not this one at all"}, "not your password"),
        ({"name": "  "}, "Give the program a name"),
        ({"days": "9999"}, "Choose one of the times shown"),
        ({"scopes": "everything"}, "Choose what the program may read"),
    ],
)
def test_without_all_it_takes_no_program_is_let_in(
    app: Flask, signed_in: FlaskClient, change: dict[str, str], words: str
) -> None:
    refused = signed_in.post("/programs", data={**ASKED, **change})
    assert (refused.status_code, words in refused.text) == (400, True)
    assert clients_in(app) == []


def test_a_name_with_a_script_in_it_stays_words(signed_in: FlaskClient) -> None:
    page = signed_in.post("/programs", data={**ASKED, "name": "<script>alert(1)</script>"}).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
