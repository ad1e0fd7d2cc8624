"""The pages of an offer: made by staff, answered by the patient, written down for somebody on the telephone."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.models import PlaceOffer
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory

NEW = {"full_name": "Linda Marsh", "shown_name": "Linda", "email": "linda@example.org", "phone": "01632 960111"}


@dataclass
class Desk:
    """A group that starts in two weeks, its facilitator signed in, and whoever they add."""

    app: Flask
    cohort: Cohort
    staff: FlaskClient

    def place(self) -> Enrolment:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.exec(select(Enrolment).where(Enrolment.cohort_id == self.cohort.id)).one()

    def linda(self) -> FlaskClient:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            person = db.exec(select(Person).where(Person.email == NEW["email"])).one()
            return signed_in(self.app, signin.begin(db, person=person, now=clock.now()))


def signed_in(app: Flask, token: str) -> FlaskClient:
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    return browser


@pytest.fixture
def desk(app: Flask) -> Desk:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        make.person(service, Role.CLINICAL_LEAD)
        cohort = make.cohort(service, "Tuesdays", first_day=(clock.now() + timedelta(days=14)).date())
        schedule(db, cohort=cohort)
        token = signin.begin(db, person=make.facilitator(cohort, name="Priya"), now=clock.now())
    return Desk(app, cohort, signed_in(app, token))


def test_a_patient_is_offered_a_place_and_says_yes(desk: Desk) -> None:
    assert "Last day to answer" in desk.staff.get(f"/groups/{desk.cohort.id}/add").text
    page = desk.staff.post(f"/groups/{desk.cohort.id}/add", data={**NEW, "how": "offer"}, follow_redirects=True)
    assert "has been offered a place" in page.text
    assert "1 of 12 places taken" in page.text
    assert desk.place().state is EnrolmentState.INVITED
    linda = desk.linda()
    assert linda.get("/").headers["Location"] == "/offer"
    page = linda.get("/offer").text
    for words in ("Tuesdays", "9 times, 90 minutes", "Priya", "Please answer by", "Yes, I would like to come"):
        assert words in page
    assert linda.get(f"/groups/{desk.cohort.id}/board").status_code == 404, "not before they say yes"
    said = linda.post(f"/offer/{desk.place().id}", data={"said": "yes", "dates": "0"}, follow_redirects=True)
    assert "You have a place" in said.text
    assert desk.place().state is EnrolmentState.ENROLLED
    again = linda.post(f"/offer/{desk.place().id}", data={"said": "no"}, follow_redirects=True)
    assert "so you have a place" in again.text


def test_what_is_no_answer_is_refused(desk: Desk) -> None:
    desk.staff.post(f"/groups/{desk.cohort.id}/add", data=NEW)
    assert desk.linda().post(f"/offer/{desk.place().id}", data={"said": "nothing"}).status_code == 400
    assert desk.place().state is EnrolmentState.INVITED


def test_who_said_yes_to_staff_has_the_place_at_once(desk: Desk) -> None:
    page = desk.staff.post(f"/groups/{desk.cohort.id}/add", data={**NEW, "how": "said_yes"}, follow_redirects=True)
    assert "Linda Marsh" in page.text
    assert desk.place().state is EnrolmentState.ENROLLED


def test_a_last_day_that_is_over_is_said_beside_its_field(desk: Desk) -> None:
    answer = desk.staff.post(f"/groups/{desk.cohort.id}/add", data={**NEW, "answer_by": "2020-01-01"})
    assert answer.status_code == 400
    assert "This day is over" in answer.text
    assert 'value="Linda Marsh"' in answer.text


def test_staff_write_down_what_was_said_on_the_telephone(desk: Desk) -> None:
    desk.staff.post(f"/groups/{desk.cohort.id}/add", data=NEW)
    at = f"/places/{desk.place().id}"
    assert "What did they say?" in desk.staff.get(at).text
    assert "Choose what they said" in desk.staff.post(f"{at}/answer", follow_redirects=True).text
    page = desk.staff.post(f"{at}/answer", data={"said": "not_now"}, follow_redirects=True).text
    assert "written down by <bdi>Priya Example</bdi>" in page
    assert "It is written down, and we write to them." in page
    assert desk.place().state is EnrolmentState.DECLINED
    late = desk.linda().post(f"/offer/{desk.place().id}", data={"said": "yes"}, follow_redirects=True).text
    assert "You said not now on" in late
    assert "Said yes after the offer had ended" in desk.staff.get("/offers").text
    assert "1 person needs a call about their offer" in desk.staff.get("/").text


def test_who_gives_no_answer_is_on_the_list_for_a_call(desk: Desk) -> None:
    desk.staff.post(f"/groups/{desk.cohort.id}/add", data=NEW)
    assert "1 offer waits for an answer" in desk.staff.get("/").text
    with session_scope(desk.app.extensions["backtolife.engine"]) as db:
        db.exec(select(PlaceOffer)).one().answer_by = clock.now() - timedelta(hours=1)
    page = desk.staff.get("/offers").text
    assert "No answer" in page
    assert "01632 960111" in page
    assert "1 person needs a call about their offer" in desk.staff.get("/").text
    assert "Your place is still here" in desk.linda().get("/offer").text


def test_an_administrator_sees_offers_and_places_and_writes_down_an_answer_but_not_why_somebody_left(
    desk: Desk,
) -> None:
    desk.staff.post(f"/groups/{desk.cohort.id}/add", data=NEW)
    with session_scope(desk.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.numbers = iter(range(5000, 6000))  # type: ignore[assignment]
        service = db.get_one(Service, desk.cohort.service_id)
        token = signin.begin(db, person=make.person(service, Role.ADMINISTRATOR), now=clock.now())
    admin, place = signed_in(desk.app, token), f"/places/{desk.place().id}"
    assert "Linda Marsh" in admin.get("/offers").text
    assert place in admin.get(f"/groups/{desk.cohort.id}").text
    assert "Write down what they said" in admin.get(place).text
    assert "It is written down." in admin.post(f"{place}/answer", data={"said": "yes"}, follow_redirects=True).text
    assert desk.place().state is EnrolmentState.ENROLLED
    why = {"decided_by": "patient", "reason": "worse", "words": "Pain in both legs", "later": "no"}
    assert admin.post(f"{place}/leave", data=why).status_code == 403
    assert "leaves the group" not in admin.get(place).text
    desk.staff.post(f"{place}/leave", data=why)
    page = admin.get(place).text
    assert "Has left" in page
    assert "Pain in both legs" not in page
    assert "Got worse" not in page


def test_an_offer_is_taken_back_on_the_page_of_the_place_and_the_patient_reads_so(desk: Desk) -> None:
    desk.staff.post(f"/groups/{desk.cohort.id}/add", data=NEW)
    at = f"/places/{desk.place().id}"
    assert f"{at}#mistake" in desk.staff.get("/offers").text
    assert "Was the offer a mistake?" in desk.staff.get(at).text
    linda = desk.linda()
    page = desk.staff.post(f"{at}/take-back-offer", follow_redirects=True).text
    assert "The offer is taken back, and the place is free." in page
    assert "Was the offer a mistake?" not in page
    assert "We offered you a place by mistake" in linda.get("/offer").text
    late = linda.post(f"/offer/{desk.place().id}", data={"said": "yes"}, follow_redirects=True).text
    assert "had to take the offer back" in late
    assert desk.place().state is EnrolmentState.OFFER_TAKEN_BACK
    again = desk.staff.post(f"{at}/take-back-offer", follow_redirects=True).text
    assert "waits for no answer any more" in again


def test_a_yes_written_down_by_mistake_is_corrected_on_the_page_of_the_place(desk: Desk) -> None:
    desk.staff.post(f"/groups/{desk.cohort.id}/add", data={**NEW, "how": "said_yes"})
    at = f"/places/{desk.place().id}"
    assert "Was the answer written down by mistake?" in desk.staff.get(at).text
    assert "Choose what is true" in desk.staff.post(f"{at}/correct-answer", follow_redirects=True).text
    page = desk.staff.post(f"{at}/correct-answer", data={"to": "no"}, follow_redirects=True).text
    assert "The answer is corrected." in page
    assert "A mistake, corrected by <bdi>Priya Example</bdi>" in page
    assert desk.place().state is EnrolmentState.DECLINED
    refused = desk.staff.post(f"{at}/correct-answer", data={"to": "no"}, follow_redirects=True).text
    assert "cannot be corrected any more" in refused


def test_in_a_group_that_has_begun_an_answer_is_asked_for_before_the_next_session(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service(), "Begun", first_day=(clock.now() - timedelta(days=4)).date())
        schedule(db, cohort=cohort)
        token = signin.begin(db, person=make.facilitator(cohort), now=clock.now())
    staff, at = signed_in(app, token), f"/groups/{cohort.id}/add"
    eve = (clock.now() + timedelta(days=2)).date()
    assert f'value="{eve}"' in staff.get(at).text
    late = staff.post(at, data={**NEW, "answer_by": f"{eve + timedelta(days=4)}"})
    assert (late.status_code, "This is after their first session" in late.text) == (400, True)
