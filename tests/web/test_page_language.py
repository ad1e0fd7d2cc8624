"""In which language pages are said: the reader's own, once a clinical lead has signed its words."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.text.catalogues import reading
from backtolife.text.catalogues.worded import worded
from backtolife.text.said import english as as_english
from backtolife.text.said import kept, told, translated
from backtolife.web.page_language import use_catalogues
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

SIGN = "/guides/translations/words-on-pages.{}"
POLISH_DOOR = "Wyślij mi link"


@dataclass
class House:
    """One service with a clinical lead and a patient, and somebody at its door."""

    app: Flask
    lead: FlaskClient
    patient: FlaskClient
    person_id: str
    anybody: FlaskClient

    def sign(self, tag: str, action: str = "") -> int:
        words = {"digest": reading.digest(tag), "read": "y"}
        return self.lead.post(SIGN.format(tag) + action, data=words).status_code

    def write_in(self, tag: str) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            db.get_one(Person, self.person_id).message_language = tag


@pytest.fixture
def house(app: Flask) -> House:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        patient = make.person(service, Role.PATIENT, "Linda")
        lead = make.person(service, Role.CLINICAL_LEAD, "Grace")
    return House(app, browser_of(app, lead), browser_of(app, patient), patient.id, app.test_client())


def html_of(page: str) -> str:
    found = re.search(r"<html [^>]*>", page)
    assert found is not None
    return found.group()


def test_words_that_nobody_has_signed_are_neither_offered_nor_shown(house: House) -> None:
    house.write_in("ur")
    assert html_of(house.patient.get("/your-details").text) == '<html lang="en-GB" dir="ltr">'
    assert "hreflang" not in house.anybody.get("/sign-in").text
    assert html_of(house.anybody.get("/sign-in?language=pl").text) == '<html lang="en-GB" dir="ltr">'


def test_a_language_is_offered_at_the_door_from_its_signature_on_and_kept_on_the_way_in(house: House) -> None:
    assert house.sign("pl") == 302
    assert 'hreflang="pl"' in house.anybody.get("/sign-in").text
    chosen = house.anybody.get("/sign-in?language=pl").text
    assert html_of(chosen) == '<html lang="pl" dir="ltr">'
    assert POLISH_DOOR in chosen
    assert 'hreflang="en-GB"' in chosen
    assert html_of(house.anybody.get("/privacy").text) == '<html lang="pl" dir="ltr">'
    assert html_of(house.anybody.get("/sign-in?language=en-GB").text) == '<html lang="en-GB" dir="ltr">'


def test_what_is_wrong_in_a_form_is_said_in_the_same_language(house: House) -> None:
    house.sign("pl")
    house.anybody.get("/sign-in?language=pl")
    page = house.anybody.post("/sign-in", data={"email": ""}).text
    assert "Enter your e-mail address" not in page
    assert reading.translations("pl").gettext("Enter your e-mail address") in page


def test_patients_read_in_the_language_they_chose_and_staff_go_on_in_english(house: House) -> None:
    house.sign("ur")
    house.write_in("ur")
    page = house.patient.get("/your-details").text
    assert html_of(page) == '<html lang="ur" dir="rtl">'
    assert reading.translations("ur").gettext("Save my details") in page
    assert html_of(house.lead.get("/your-details").text) == '<html lang="en-GB" dir="ltr">'


def test_what_the_programme_says_is_read_out_as_english_inside_a_page_from_right_to_left(house: House) -> None:
    house.sign("ur")
    house.write_in("ur")
    page = house.patient.get("/exercises").text
    assert reading.translations("ur").gettext("Moving safely") in page
    assert '<bdi lang="en-GB" dir="ltr">' in page
    assert '<bdi lang="en-GB" dir="ltr">' not in house.lead.get("/exercises").text


def test_a_page_that_is_in_the_catalogue_is_not_marked_as_english_a_page_of_staff_is(house: House) -> None:
    house.sign("ur")
    house.write_in("ur")
    assert '<div lang="en-GB" dir="ltr">' not in house.patient.get("/exercises").text
    house.anybody.get("/sign-in?language=ur")
    assert '<div lang="en-GB" dir="ltr">' in house.anybody.get("/staff/sign-in").text


def test_a_signature_that_is_withdrawn_takes_the_words_away_at_once(house: House) -> None:
    house.sign("ur")
    house.write_in("ur")
    assert house.sign("ur", "/withdraw") == 302
    assert html_of(house.patient.get("/your-details").text) == '<html lang="en-GB" dir="ltr">'


def test_another_services_signature_counts_for_nobody_here(house: House) -> None:
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        other = make.person(make.service(), Role.CLINICAL_LEAD, "Rhys")
    words = {"digest": reading.digest("cy"), "read": "y"}
    assert browser_of(house.app, other).post(SIGN.format("cy"), data=words).status_code == 302
    house.write_in("cy")
    assert 'lang="en-GB"' in html_of(house.patient.get("/your-details").text)
    with session_scope(house.app.extensions["backtolife.engine"]) as db:
        assert len(db.exec(select(Service)).all()) > 1
    assert "hreflang" not in house.anybody.get("/sign-in").text, "of several services, nobody knows whose words count"


def test_the_lead_reads_both_sides_word_for_word_before_signing(house: House) -> None:
    page = house.lead.get(SIGN.format("pl")).text
    for english in ("Save my details", "Call 999"):
        assert english in page
        assert reading.translations("pl").gettext(english) in page


def test_the_language_that_nobody_speaks_is_for_trying_only(house: House) -> None:
    assert html_of(house.anybody.get("/sign-in?language=en-XA").text) == '<html lang="en-XA" dir="ltr">'
    house.app.extensions["backtolife.settings"] = house.app.extensions["backtolife.settings"].__class__(
        **{**vars(house.app.extensions["backtolife.settings"]), "environment": "production"}
    )
    assert html_of(house.app.test_client().get("/sign-in?language=en-XA").text) == '<html lang="en-GB" dir="ltr">'


def test_words_of_rules_and_errors_are_said_in_the_same_language_with_their_gaps_filled(house: House) -> None:
    house.sign("ur")
    house.write_in("ur")
    missing = house.patient.get("/no-such-page").text
    assert reading.translations("ur").gettext("We could not find that page") in missing
    with house.app.test_request_context():
        g.page_language = "ur"
        use_catalogues()
        words = worded("You said yes on %(day)s, and you have your place.", day=date(2026, 3, 3))
        assert words == "You said yes on Tuesday 3 March 2026, and you have your place."
        pattern = reading.translations("ur").gettext("You said yes on %(day)s, and you have your place.")
        assert translated(words) == pattern % {"day": "منگل 3 مارچ 2026"}
        assert told("Nobody has put this into words") == as_english("Nobody has put this into words")
        assert kept(words) == translated(words)
        assert told(kept(words)) == kept(words), "what is translated is not marked as English"
