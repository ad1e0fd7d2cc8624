"""At a death nothing is sent to who came with the patient; and who never had their link is sent a new one later."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.sessions.room.services import schedule
from tests.sessions.guests.beside import LEAVING, book, kinds, maker, sent
from tests.support.sessions.hall import Hall


def test_at_a_death_nothing_is_sent_to_a_companion_and_somebody_rings(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    """Even minutes before a session, and never where the patient themselves was reached."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        patient = db.get_one(Person, place.person_id)
        patient.phone, address = "07700 900131", patient.email
    book(lead, place, email=address, phone="+44 7700 900131")
    sent(hall)
    page = lead.post(f"/places/{place.id}/died", data={"words": "Her husband rang", "sure": "y"}, follow_redirects=True)
    assert "is sent nothing: please ring them" in page.text
    with hall.database() as db:
        [call] = [each for each in db.exec(select(OutgoingMessage)) if each.key.startswith("companion-ended:")]
    assert (call.channel, call.state, call.at_once) == (Channel.TELEPHONE, MessageState.WAITING, False)
    assert call.address == ""
    shown = lead.get(f"/messages/{call.id}").text
    assert "They may be family, and may be mourning" in shown
    assert "has ended" in shown
    assert "tel:" not in shown
    assert address not in shown


def test_at_a_death_a_companion_with_a_number_of_their_own_is_rung_there(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    book(lead, place, phone="07700 900555")
    sent(hall)
    lead.post(f"/places/{place.id}/died", data={"words": "Her husband rang", "sure": "y"})
    assert sent(hall)[1:] == [("companion-ended", "07700 900555")]


def failed(hall: Hall, kind: str) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for each in db.exec(select(OutgoingMessage).where(col(OutgoingMessage.key).startswith(f"{kind}:"))):
            each.state, each.body, each.trouble = MessageState.FAILED, "", "No such place."


def other_group(hall: Hall, place: Enrolment) -> Cohort:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        at = clock.now().date() + timedelta(days=3)
        other = maker(hall, db).cohort(db.get_one(Service, place.service_id), "Later", first_day=at)
        schedule(db, cohort=other)
    return other


def test_who_never_had_their_link_is_sent_a_new_one_when_their_patient_moves(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    token = book(lead, place)
    failed(hall, "companion-booked")
    lead.post(f"/places/{place.id}/move", data={"cohort": other_group(hall, place).id, "words": ""})
    assert kinds(hall) == ["companion-booked"], (
        "a new one in place of the one that failed, and no word of another group"
    )
    with hall.database() as db:
        [letter] = [each for each in db.exec(select(OutgoingMessage)) if each.key.startswith("companion-booked:")]
    assert letter.state is MessageState.SENT
    fresh = letter.body.split("/guest/")[1][:43]
    assert hall.app.test_client().get(f"/guest/{token}").status_code == 404
    assert hall.app.test_client().get(f"/guest/{fresh}").status_code == 200


def test_a_link_that_had_not_gone_when_somebody_left_is_made_again_when_they_come_back(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    book(lead, place)
    lead.post(f"/places/{place.id}/leave", data=LEAVING)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for each in db.exec(select(OutgoingMessage).where(col(OutgoingMessage.key).startswith("companion-booked:"))):
            db.delete(each)  # as the sender does with what is not wanted as it leaves
    lead.post(f"/places/{place.id}/back")
    assert sent(hall) == [("companion-booked", "olga@example.org")]


def test_a_link_that_had_not_gone_at_a_death_is_made_again_when_it_is_taken_back(
    hall: Hall, lead: FlaskClient, place: Enrolment
) -> None:
    book(lead, place)
    lead.post(f"/places/{place.id}/died", data={"words": "His daughter rang", "sure": "y"})
    assert sent(hall) == []
    lead.post(f"/places/{place.id}/not-died")
    assert sent(hall) == [("companion-booked", "olga@example.org")]
