"""Where one is signed in: what the list says, ending one, and ending all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import LinkPurpose, Person, RememberedDevice, Role, SignedIn
from backtolife.people.signing_in import devices, signin
from backtolife.people.signing_in.browser_names import name_of
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory

PASSWORD = "lantern orchard pebble"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (WINDOWS, "Chrome on Windows"),
        (WINDOWS + " Edg/140.0", "Edge on Windows"),
        (IPHONE, "Safari on iPhone"),
        (ANDROID, "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605 Version/17.0 Safari/605", "Safari on Mac"),
        ("curl/8", "A browser"),
        ("", "A browser"),
        ("<script>alert(1)</script>" * 900, "A browser"),
    ],
)
def test_a_browser_is_called_as_its_owner_would(told: str, name: str) -> None:
    assert name_of(told) == name


@dataclass
class Home:
    app: Flask
    person: Person
    now: datetime

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def browser(self, told: str) -> FlaskClient:
        client = self.app.test_client()
        given = {"email": self.person.email, "password": PASSWORD}
        assert client.post("/staff/sign-in", data=given, headers={"User-Agent": told}).status_code == 302
        return client

    def places(self) -> dict[str, str]:
        """The ids of open sign-ins by what their browsers are called."""
        with self.db() as db:
            found = db.exec(select(SignedIn).where(SignedIn.person_id == self.person.id))
            return {each.browser: each.id for each in found if each.ended_at is None}


@pytest.fixture
def home(site: Flask, monkeypatch: pytest.MonkeyPatch) -> Home:
    start = clock.now()
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, start)
        make.noise()
        person = make.person(make.service(), Role.CLINICAL_LEAD, "Grace")
        person.password_hash = hash_password(PASSWORD)
    found = Home(site, person, start)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


def test_the_list_names_each_browser_marks_this_one_and_leaves_out_what_is_over(home: Home) -> None:
    idle = home.browser(ANDROID)
    assert idle.get("/your-details").status_code == 200
    home.now += timedelta(minutes=31)
    home.browser(IPHONE)
    here = home.browser(WINDOWS)
    page = here.get("/your-details/signed-in").text
    assert "Chrome on Windows: this one" in page
    assert "Safari on iPhone" in page
    assert "Safari on iPhone: this one" not in page
    assert "Android" not in page, "it idled out"


def test_ending_one_ends_that_one_at_once(home: Home) -> None:
    phone, here = home.browser(IPHONE), home.browser(WINDOWS)
    assert phone.get("/your-details").status_code == 200
    answer = here.post(f"/your-details/signed-in/{home.places()['Safari on iPhone']}/end", follow_redirects=True)
    assert "Safari on iPhone is signed out." in answer.text
    assert phone.get("/your-details").status_code == 403
    assert here.get("/your-details").status_code == 200
    with home.db() as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "signed_out_elsewhere")).one()
        assert (entry.actor_id, entry.subject_id) == (home.person.id, home.person.id)


def test_nobody_ends_somebody_elses(home: Home) -> None:
    with home.db() as db:
        other = Factory(db, home.now).person(Factory(db, home.now).service(), Role.PATIENT, "Mei")
        other.email = "mei@example.org"
        signin.begin(db, person=other, now=home.now)
        theirs = db.exec(select(SignedIn).where(SignedIn.person_id == other.id)).one().id
    here = home.browser(WINDOWS)
    answer = here.post(f"/your-details/signed-in/{theirs}/end", follow_redirects=True)
    assert "not signed in there any more" in answer.text
    with home.db() as db:
        assert db.get_one(SignedIn, theirs).ended_at is None


def test_signing_out_everywhere_ends_all_of_them_and_forgets_devices(home: Home) -> None:
    phone, here = home.browser(IPHONE), home.browser(WINDOWS)
    with home.db() as db:
        devices.remember_device(db, person=db.get_one(Person, home.person.id), now=home.now)
    answer = here.post("/your-details/signed-in/end-all", follow_redirects=True)
    assert "signed out everywhere" in answer.text
    assert "Staff sign in" in answer.text
    assert [browser.get("/your-details").status_code for browser in (phone, here)] == [403, 403]
    assert not home.places()
    with home.db() as db:
        assert db.exec(select(RememberedDevice)).one().revoked_at == home.now


def test_a_patient_sees_the_phone_they_used_a_link_on(home: Home) -> None:
    with home.db() as db:
        patient = Factory(db, home.now).person(Factory(db, home.now).service(), Role.PATIENT, "Linda")
        patient.email = "linda@example.org"
        link = signin.issue_link(db, person=patient, purpose=LinkPurpose.SIGN_IN, now=home.now).token
    client = home.app.test_client()
    client.post(f"/link/{link}", headers={"User-Agent": IPHONE})
    page = client.get("/your-details/signed-in").text
    assert "Safari on iPhone: this one" in page
    assert "call your team" in page
