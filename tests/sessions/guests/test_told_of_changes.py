"""From the pages of staff: a companion is told when the place of their patient changes, and reached where they are."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Role, Service, SignedIn
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.offers import offer
from backtolife.reminders.messages.what_became import NEW_COURSE_LINK
from backtolife.sessions.room.services import schedule
from tests.sessions.guests.beside import LEAVING, book, kinds, maker, olga, sent
from tests.support.sessions.hall import Hall


def test_a_leaving_and_its_undoing_are_told(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    token = book(lead, place)
    assert sent(hall) == [("companion-booked", "olga@example.org")]
    lead.post(f"/places/{place.id}/leave", data=LEAVING)
    assert kinds(hall)[1:] == ["companion-ended"]
    assert hall.app.test_client().get(f"/guest/{token}").status_code == 404
    lead.post(f"/places/{place.id}/back")
    assert kinds(hall)[2:] == ["companion-back"]
    assert hall.app.test_client().get(f"/guest/{token}").status_code == 200, "the link that they had"


def test_a_death_and_its_undoing_are_told_without_a_word_of_it(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    token = book(lead, place)
    sent(hall)
    lead.post(f"/places/{place.id}/died", data={"words": "His daughter rang", "sure": "y"})
    assert kinds(hall)[1:] == ["companion-ended"]
    lead.post(f"/places/{place.id}/not-died")
    assert kinds(hall)[2:] == ["companion-back"]
    assert hall.app.test_client().get(f"/guest/{token}").status_code == 200


def test_nobody_comes_again_with_somebody_whose_place_is_gone(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    book(lead, place)
    sent(hall)
    lead.post(f"/places/{place.id}/died", data={"words": "His daughter rang", "sure": "y"})
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        db.get_one(Cohort, place.cohort_id).capacity = 1
    sent(hall)
    page = lead.post(f"/places/{place.id}/not-died", follow_redirects=True).text
    assert "find them another place" in page
    assert "with them again" not in page
    assert kinds(hall)[1:] == ["companion-ended"]


def test_another_group_is_told_and_the_link_goes_with_them(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    token = book(lead, place)
    sent(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, place.service_id)
        at = clock.now().date() + timedelta(days=3)
        other = maker(hall, db).cohort(service, "Later", first_day=at)
        schedule(db, cohort=other)
    lead.post(f"/places/{place.id}/move", data={"cohort": other.id, "words": ""})
    assert kinds(hall)[1:] == ["companion-group"]
    page = hall.app.test_client().get(f"/guest/{token}")
    assert (page.status_code, "All your dates" in page.text) == (200, True)


def test_a_booking_that_is_cancelled_is_told_once(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    book(lead, place)
    sent(hall)
    for _ in range(2):
        lead.post(f"/patients/{place.id}/companions/{olga(hall).id}/take-back")
    assert kinds(hall)[1:] == ["companion-ended"]


def test_who_cancels_a_booking_of_somebody_we_cannot_write_to_tells_them(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    book(lead, place, email="")
    answer = lead.post(f"/patients/{place.id}/companions/{olga(hall).id}/take-back", follow_redirects=True)
    assert "Please tell them yourself" in answer.text
    assert sent(hall) == []


def test_a_wrong_address_is_put_right_and_its_link_opens_nothing_more(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    token = book(lead, place)
    sent(hall)
    stranger = hall.app.test_client()
    stranger.post(f"/guest/{token}", data={"camera": "off", "private": "y"})
    path = f"/patients/{place.id}/companions/{olga(hall).id}/reach"
    assert "olga@example.org" in lead.get(path).text
    page = lead.post(path, data={"email": "olga@right.example.org", "phone": ""})
    fresh = page.text.split("/guest/")[1][:43]
    assert sent(hall)[1:] == [("companion-booked", "olga@right.example.org")]
    assert hall.app.test_client().get(f"/guest/{token}").status_code == 404
    assert hall.app.test_client().get(f"/guest/{fresh}").status_code == 200
    whose = olga(hall).id
    with hall.database() as db:
        theirs = db.exec(select(SignedIn).where(SignedIn.person_id == whose)).all()
        assert [each.ended_at is not None for each in theirs] == [True]
        noted = db.exec(select(AuditEntry).where(AuditEntry.action == "companion_reach_changed")).all()
        assert [each.subject_id for each in noted] == [whose]


def test_a_number_beside_an_address_changes_no_link(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    token = book(lead, place)
    path = f"/patients/{place.id}/companions/{olga(hall).id}/reach"
    lead.post(path, data={"email": "olga@example.org", "phone": "07700 900131"})
    assert olga(hall).phone == "07700 900131"
    assert hall.app.test_client().get(f"/guest/{token}").status_code == 200
    assert lead.post(path, data={"email": "olga", "phone": ""}).status_code == 400
    assert olga(hall).guest_email == "olga@example.org"


def test_after_the_end_a_wrong_address_is_told_of_it_where_it_is_right(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    book(lead, place)
    sent(hall)
    lead.post(f"/places/{place.id}/leave", data=LEAVING)
    sent(hall)
    path = f"/patients/{place.id}/companions/{olga(hall).id}/reach"
    lead.post(path, data={"email": "olga@right.example.org", "phone": ""})
    assert sent(hall)[-1] == ("companion-ended", "olga@right.example.org")


def test_what_did_not_reach_a_companion_waits_for_the_facilitator_of_their_group(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    book(lead, place)
    whose = olga(hall).id
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        message = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == whose)).one()
        message.state, message.trouble, message.body = MessageState.FAILED, "No such place.", ""
        wanted = message.id
    facilitator = hall.browser(hall.group.lead)
    assert "Olga" in facilitator.get("/messages").text
    page = facilitator.get(f"/messages/{wanted}").text
    assert f"/patients/{place.id}/companions/{whose}/reach" in page
    assert NEW_COURSE_LINK in page
    assert "could not be given the link" in facilitator.get(f"/patients/{place.id}").text


def test_a_facilitator_of_another_group_sees_nothing_of_it(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    book(lead, place)
    whose = olga(hall).id
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        make = maker(hall, db)
        stranger = make.facilitator(make.cohort(db.get_one(Service, place.service_id), "Elsewhere"))
        wanted = db.exec(select(OutgoingMessage.id).where(OutgoingMessage.person_id == whose)).one()
    browser = hall.browser(stranger)
    assert "Olga" not in browser.get("/messages?show=all").text
    assert browser.get(f"/messages/{wanted}").status_code == 404


def test_a_telephone_yes_that_is_taken_back_ends_the_booking_and_another_brings_it_back(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        make, at = maker(hall, db), clock.now().date() + timedelta(days=20)
        service = db.get_one(Service, place.service_id)
        other = make.cohort(service, "Later", first_day=at)
        schedule(db, cohort=other)
        fay, grace = (make.person(service, role) for role in (Role.PATIENT, Role.CLINICAL_LEAD))
        by = at - timedelta(days=5)
        asked = offer(db, patient=fay, cohort=other, answer_by=by, site="", actor=make.actor(grace), now=clock.now())
    assert asked.state is EnrolmentState.INVITED
    lead.post(f"/places/{asked.id}/answer", data={"said": "yes"})
    book(lead, asked)
    sent(hall)
    lead.post(f"/places/{asked.id}/correct-answer", data={"to": "not_answered"})
    assert kinds(hall)[1:] == ["companion-ended"]
    lead.post(f"/places/{asked.id}/answer", data={"said": "yes"})
    assert kinds(hall)[2:] == ["companion-back"]


def test_a_mobile_number_alone_gets_the_link_by_text(hall: Hall, lead: FlaskClient, place: Enrolment) -> None:
    assert "they get a text" in lead.get(f"/patients/{place.id}/companions").text
    book(lead, place, email="", phone="07700 900131")
    assert sent(hall) == [("companion-booked", "+447700900131")]
    assert olga(hall).channel is Channel.SMS
