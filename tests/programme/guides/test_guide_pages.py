"""The guides as anybody reads them, and the signature without which nobody reads a translation."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit.entries import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.programme.plan import loading
from backtolife.programme.signed.models import GuideSignature
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

URDU = "guide-urgent-help.ur"
SIGN = f"/guides/translations/{URDU}"
READ = "/guides/guide-urgent-help?language=ur"
TITLE = "فوری مدد کب لینی ہے"


@dataclass
class House:
    """A service with a clinical lead and a patient in a group, and somebody who is not signed in."""

    app: Flask
    service: Service
    lead: FlaskClient
    patient: FlaskClient
    anybody: FlaskClient

    def digest(self) -> str:
        found = re.search(r"[0-9a-f]{64}", self.lead.get(SIGN).text)
        assert found is not None
        return found.group()

    def sign(self, **given: str) -> int:
        return self.lead.post(SIGN, data={"digest": self.digest(), "read": "y"} | given).status_code

    def signatures(self) -> list[GuideSignature]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return list(db.exec(select(GuideSignature)))

    def noted(self) -> list[str]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            found = db.exec(select(AuditEntry.action).where(AuditEntry.subject_type == "guide"))
            return list(found)


@pytest.fixture
def house(app: Flask) -> House:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service, "Tuesdays", first_day=clock.now().date())
        patient = db.get_one(Person, make.enrolment(cohort, "Linda").person_id)
        lead = make.person(service, Role.CLINICAL_LEAD)
    return House(app, service, browser_of(app, lead), browser_of(app, patient), app.test_client())


def test_anybody_reads_the_guides_and_finds_one_by_need(house: House) -> None:
    page = house.anybody.get("/guides").text
    assert "I want to stay at work" in page
    found = house.anybody.post("/guides", data={"words": "work"}).text
    assert "Staying active at work" in found
    assert "My flare-up plan" not in found
    assert "<h1" in house.anybody.get("/guides/guide-active-at-work").text


def test_words_that_are_in_no_guide_lead_to_all_of_them_and_stay(house: House) -> None:
    page = house.anybody.post("/guides", data={"words": "teeth <b>"}).text
    assert "We found no guide with “teeth &lt;b&gt;”" in page
    assert 'value="teeth &lt;b&gt;"' in page
    assert "My flare-up plan" in page


def test_the_footer_leads_to_urgent_help_from_every_page(house: House) -> None:
    assert 'href="/guides/urgent-help"' in house.anybody.get("/privacy").text
    answer = house.anybody.get("/guides/urgent-help")
    assert answer.location == "/guides/guide-urgent-help"


def test_a_draft_is_shown_to_nobody_until_it_is_signed_by_name(house: House) -> None:
    for reader in (house.anybody, house.patient):
        assert TITLE not in reader.get("/guides").text
        assert TITLE not in reader.get(READ).text
    assert house.sign() == 302
    (row,) = house.signatures()
    assert (row.guide, row.language) == ("guide-urgent-help", "ur")
    for reader in (house.anybody, house.patient):
        page = reader.get(READ).text
        assert re.search(r'<article[^>]* lang="ur" dir="rtl">\s*<h1[^>]*>' + TITLE, page)
        assert 'hreflang="ur"' in reader.get("/guides").text
    assert house.noted() == ["guide_signed"]


def test_a_signature_is_withdrawn_and_given_again(house: House) -> None:
    house.sign()
    house.lead.post(f"{SIGN}/withdraw", data={"digest": house.digest()})
    assert TITLE not in house.anybody.get(READ).text
    house.lead.post(f"{SIGN}/withdraw", data={"digest": house.digest()})
    assert house.sign() == 302
    assert TITLE in house.anybody.get(READ).text
    assert [each.withdrawn_at is None for each in house.signatures()] == [False, True]
    assert house.noted() == ["guide_signed", "guide_signature_withdrawn", "guide_signed"]


def test_signing_twice_leaves_one_signature(house: House) -> None:
    digest = house.digest()
    for _ in range(2):
        assert house.lead.post(SIGN, data={"digest": digest, "read": "y"}).status_code == 302
    assert len(house.signatures()) == 1


def test_nothing_is_signed_unread_or_in_words_that_have_changed(house: House) -> None:
    unread = house.lead.post(SIGN, data={"digest": house.digest()})
    assert unread.status_code == 400
    assert "Tick this once the words are checked" in unread.text
    changed = house.lead.post(SIGN, data={"digest": "0" * 64, "read": "y"})
    assert changed.status_code == 409
    assert "These words have changed since you opened the page" in changed.text
    assert house.lead.get("/guides/translations/guide-none.ur").status_code == 404
    assert house.signatures() == []


def test_another_service_and_the_public_of_several_read_no_words_that_it_did_not_sign(house: House) -> None:
    house.sign()
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        other = make.service("Other")
        stranger = make.person(other, Role.CLINICAL_LEAD)
    elsewhere = browser_of(house.app, stranger)
    assert TITLE not in elsewhere.get(READ).text
    assert TITLE not in house.anybody.get(READ).text
    assert TITLE not in house.anybody.get(f"{READ}&service={other.id}").text
    assert TITLE in house.anybody.get(f"{READ}&service={house.service.id}").text
    assert f"service={house.service.id}" in house.anybody.get(f"/guides?service={house.service.id}").text


def test_the_public_of_several_services_find_the_other_languages_under_the_service_that_signed_them(
    house: House,
) -> None:
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        Factory(db, clock.now()).service("Other")
    guide = "/guides/guide-urgent-help"
    assert "In other languages" not in house.anybody.get("/guides").text
    house.sign()
    page, shelf = house.anybody.get(guide).text, house.anybody.get("/guides").text
    (link,) = re.findall(r'hreflang="ur" href="([^"]+)"', page)
    assert TITLE in house.anybody.get(link.replace("&amp;", "&")).text
    (link,) = re.findall(r'hreflang="ur" href="([^"]+)"', shelf)
    there = house.anybody.get(link).text
    assert "language=ur" in there
    assert "In other languages" not in there, "the service is named by now"
    assert "In other languages" not in house.anybody.get("/guides/guide-active-at-work").text, "it is signed in none"
    assert "In other languages" not in house.patient.get(guide).text


def test_a_patient_reads_in_the_language_they_are_written_to(house: House) -> None:
    house.sign()
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        patient = db.exec(select(Person).where(Person.kind == Kind.PATIENT)).one()
        patient.message_language = "ur"
    assert TITLE in house.patient.get("/guides/guide-urgent-help").text
    assert TITLE not in house.patient.get("/guides/guide-urgent-help?language=en-GB").text


def test_what_is_no_guide_for_patients_is_not_found(house: House) -> None:
    for guide in ("guide-none", "facilitator-guide", loading.shipped().welcome.id):
        assert house.anybody.get(f"/guides/{guide}").status_code == 404
