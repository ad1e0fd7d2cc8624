"""While others try a staff password, its owner gets into a browser that is new, by a link to their mailbox."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.limits.backoff import FREE_TRIES
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import browser_link
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory

PASSWORD = "lantern orchard pebble"
WRONG, WAIT, IN = 400, 429, 302
OWN = r'nonce="[^"]+"|name="csrf_token" value="[^"]+"'
"""What each browser gets of its own."""


@dataclass
class Besieged:
    """A site with a facilitator whose password strangers try, so that new browsers have to wait."""

    app: Flask
    email: str
    patient: str

    def sign_in(self, client: FlaskClient, password: str = PASSWORD, address: str = "198.51.100.7") -> int:
        given = {"email": self.email, "password": password}
        return client.post("/staff/sign-in", data=given, environ_base={"REMOTE_ADDR": address}).status_code

    def ask(self, client: FlaskClient, email: str = "") -> int:
        return client.post("/staff/sign-in/link", data={"email": email or self.email}).status_code

    def links(self) -> list[str]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            bodies = [mail.body for mail in db.exec(select(OutgoingMessage))]
        return [found[0] for body in bodies if (found := re.search(r"/staff/this-browser/\S+", body))]


@pytest.fixture
def besieged(site: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Besieged:
    monkeypatch.setattr(clock, "now", lambda: now)
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        person = make.person(make.service(), Role.FACILITATOR)
        person.password_hash = hash_password(PASSWORD)
        found = Besieged(site, person.email, make.person(make.service(), Role.PATIENT).email)
    for number in range(FREE_TRIES + 1):
        found.sign_in(site.test_client(), "not it", f"192.0.2.{number}")
    return found


def test_the_owner_gets_into_a_new_browser_at_once_by_a_link_to_their_mailbox(besieged: Besieged) -> None:
    new = besieged.app.test_client()
    waits = new.post("/staff/sign-in", data={"email": besieged.email, "password": PASSWORD})
    assert (waits.status_code, "E-mail me a link" in waits.text) == (WAIT, True)
    assert besieged.ask(new) == IN
    (link,) = besieged.links()
    assert new.get(link).status_code == 200
    assert besieged.sign_in(new) == WAIT, "a mail scanner that opens the link has not pressed its button"
    assert new.post(link).headers["Location"] == "/staff/sign-in"
    assert new.get("/groups").status_code == 403, "the link alone signs nobody in"
    assert besieged.sign_in(new) == IN
    assert besieged.sign_in(besieged.app.test_client()) == WAIT, "everybody else still waits"
    with session_scope(besieged.app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(AuditEntry).where(AuditEntry.action == "browser_known")).one()
        assert row.actor_id == db.exec(select(Person).where(Person.email == besieged.email)).one().id


def test_a_browser_that_is_known_by_a_link_guesses_no_faster(besieged: Besieged) -> None:
    new = besieged.app.test_client()
    besieged.ask(new)
    new.post(besieged.links()[0])
    tries = [besieged.sign_in(new, "not it") for _ in range(FREE_TRIES + 1)]
    assert tries == [WRONG] * FREE_TRIES + [WAIT]


def test_a_link_of_ours_opens_for_a_quarter_of_an_hour_and_one_made_up_never(
    besieged: Besieged, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = besieged.app.test_client()
    besieged.ask(new)
    (link,) = besieged.links()
    assert new.post(f"{link}x").status_code == 404
    monkeypatch.setattr(browser_link, "LIFE", timedelta(seconds=-1))
    assert (new.get(link).status_code, new.post(link).status_code) == (404, 404)


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_mail(besieged: Besieged) -> None:
    known, unknown = besieged.app.test_client(), besieged.app.test_client()
    assert besieged.ask(known) == besieged.ask(unknown, "nobody@example.org") == IN
    pages = [re.sub(OWN, "", client.get("/staff/sign-in").text) for client in (known, unknown)]
    assert pages[0] == pages[1]
    assert "a message with a link is on its way" in pages[0]
    assert len(besieged.links()) == 1


def test_a_patient_has_no_password_and_gets_no_such_link(besieged: Besieged) -> None:
    assert besieged.ask(besieged.app.test_client(), besieged.patient) == IN
    assert besieged.links() == []
