"""What the programme says of itself, to those it is for."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.programme.plan.loading import shipped
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


@dataclass
class House:
    """A group that has not begun, with a patient and the one who leads it."""

    patient: FlaskClient
    lead: FlaskClient
    anybody: FlaskClient


@pytest.fixture
def house(app: Flask) -> House:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service, "Tuesdays", first_day=clock.now().date())
        patient = db.get_one(Person, make.enrolment(cohort, "Linda").person_id)
        lead = make.facilitator(cohort)
    return House(browser_of(app, patient), browser_of(app, lead), app.test_client())


def test_anybody_reads_about_it_and_only_staff_what_is_written_for_clinicians(house: House) -> None:
    about = shipped().about
    for reader in (house.anybody, house.patient):
        page = reader.get("/programme").text
        assert str(escape(about.accessibility[0])) in page
        for words in (*about.who_it_is_for["not_suitable"], about.authors_note, shipped().review.status):
            assert str(escape(words)) not in page
    page = house.lead.get("/programme").text
    for words in (*about.who_it_is_for["not_suitable"], about.authors_note, shipped().review.status):
        assert str(escape(words)) in page


def test_a_patient_reads_the_aims_of_a_session_and_not_the_notes_for_staff(house: House) -> None:
    session = shipped().session(1)
    page, staff = (who.get("/programme/sessions/1").text for who in (house.patient, house.lead))
    script = next(shipped().relaxation[each.script_id] for each in session.sections if each.script_id)
    for words in session.learning_aims:
        assert str(escape(words)) in page
    for words in (session.lead_notes, session.sections[0].facilitator_notes, script.take_care):
        assert str(escape(words)) not in page
        assert str(escape(words)) in staff
    assert house.patient.get("/programme/sessions/10").status_code == 404


def test_the_welcome_pack_is_one_press_from_home_with_the_agreement_in_it(house: House) -> None:
    assert "Your welcome pack" in house.patient.get("/").text
    page = house.patient.get("/programme/welcome").text
    for words in ("Your kit", "What is said here stays here"):
        assert words in page
    assert house.anybody.get("/programme/welcome").status_code in {302, 403}


def test_the_facilitator_guide_is_a_page_for_staff(house: House) -> None:
    assert "/programme/staff-guide" in house.lead.get("/").text
    assert "Who does what" in house.lead.get("/programme/staff-guide").text
    assert house.patient.get("/programme/staff-guide").status_code == 403
