"""An administrator sees where a colleague is signed in, and signs them out everywhere."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.colleagues.sign_ins import NOWHERE, OWN, SHOWN
from backtolife.people.models import Person, Role, SignedIn
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


@dataclass
class Office:
    app: Flask
    sam: Person
    priya: Person

    def address(self, person: Person, action: str = "") -> str:
        return f"/staff/people/{person.id}{action}"

    def rows(self, browser: FlaskClient) -> list[list[str]]:
        """The table on the page of the colleague."""
        section = browser.get(self.address(self.priya)).text.split('id="sign-ins"')[1].split("</section>")[0]
        lines = re.findall(r"<tr>(.*?)</tr>", section, re.S)[1:]
        return [[cell.strip() for cell in re.findall(r"<td>(.*?)</td>", line, re.S)] for line in lines]


@pytest.fixture
def office(app: Flask) -> Office:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        sam = make.person(service, Role.ADMINISTRATOR, "Sam")
        return Office(app, sam, make.person(service, Role.FACILITATOR, "Priya"))


def sign_in(db: Session, person: Person, browser: str, *, ago: timedelta, ended: bool = False) -> None:
    signin.begin(db, person=person, now=clock.now() - ago, browser=browser)
    db.flush()
    if ended:
        db.exec(select(SignedIn).where(SignedIn.browser == browser)).one().ended_at = clock.now()


def test_each_sign_in_says_when_on_what_and_whether_it_still_opens_something(office: Office) -> None:
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        sign_in(db, office.priya, "Chrome on Windows", ago=timedelta(minutes=2))
        sign_in(db, office.priya, "Safari on iPhone", ago=timedelta(hours=1), ended=True)
        sign_in(db, office.priya, "Edge on Windows", ago=timedelta(hours=2))
        sign_in(db, office.priya, "Firefox on Linux", ago=timedelta(days=91))
    rows = office.rows(browser_of(office.app, office.sam))
    assert [(row[0], row[3]) for row in rows] == [
        ("Chrome on Windows", "Signed in"),
        ("Safari on iPhone", "Signed out"),
        ("Edge on Windows", "Signed out"),
    ], "half an hour without a page ends it for staff, and what is three months old says nothing any more"
    assert all("at" in row[1] and "at" in row[2] for row in rows)


def test_a_long_list_ends_with_the_newest(office: Office) -> None:
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        for hours in range(SHOWN + 3):
            sign_in(db, office.priya, f"Chrome {hours}", ago=timedelta(hours=hours + 1))
    rows = office.rows(browser_of(office.app, office.sam))
    assert [row[0] for row in rows] == [f"Chrome {hours}" for hours in range(SHOWN)]


def test_signed_out_everywhere_at_once_with_a_trace_and_a_letter(office: Office) -> None:
    phone, desk = browser_of(office.app, office.priya), browser_of(office.app, office.priya)
    assert phone.get("/").status_code == 200
    sam = browser_of(office.app, office.sam)
    done = sam.post(office.address(office.priya, "/sign-out"), follow_redirects=True).text
    assert "is signed out everywhere" in done
    assert [browser.get("/your-details").status_code for browser in (phone, desk)] == [403, 403]
    assert {row[3] for row in office.rows(sam)} == {"Signed out"}
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "signed_out_by_administrator")).one()
        letter = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == office.priya.id)).one()
        assert db.get_one(Person, office.priya.id).active
    assert (entry.actor_id, entry.subject_id, entry.detail) == (office.sam.id, office.priya.id, {"browsers": 2})
    assert "Sam signed you out" in letter.body
    again = sam.post(office.address(office.priya, "/sign-out"))
    assert (again.status_code, NOWHERE in again.text) == (409, True)
    assert browser_of(office.app, office.priya).get("/").status_code == 200, "they can sign in again"


def test_ones_own_are_ended_on_ones_own_page(office: Office) -> None:
    sam = browser_of(office.app, office.sam)
    page = sam.get(office.address(office.sam)).text
    assert 'href="/your-details/signed-in"' in page
    assert "Sign them out everywhere" not in page
    refused = sam.post(office.address(office.sam, "/sign-out"))
    assert (refused.status_code, OWN in refused.text) == (409, True)
    assert sam.get("/").status_code == 200


def test_nobody_but_an_administrator_signs_a_colleague_out(office: Office) -> None:
    priya = browser_of(office.app, office.priya)
    assert priya.post(office.address(office.sam, "/sign-out")).status_code == 403
