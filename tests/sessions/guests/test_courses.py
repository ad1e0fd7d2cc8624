"""A companion for the whole course: booked once, one link for each session, until the patient leaves."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, NotFound
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.message_text import HEALTH_WORDS
from backtolife.sessions.guests import courses
from backtolife.sessions.guests import services as guests
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.room.seats import seat_of
from backtolife.sessions.room.services import for_date
from tests.support.sessions.hall import Hall, open_hall

READY = {"camera": "everyone", "private": "y"}


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def place(hall: Hall, db: Session, number: int = 0) -> Enrolment:
    hall.group.db = hall.group.make.db = db
    return hall.group.make.enrolment_of(hall.group.patients[number], hall.group.cohort)


def book(hall: Hall, name: str = "Marek", number: int = 0) -> guests.Invited:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        enrolment = place(hall, db, number)
        lead = hall.group.make.actor(hall.group.lead)
        return courses.book(db, enrolment=enrolment, name=name, actor=lead, now=clock.now())


def next_meets_now(hall: Hall) -> GroupSession:
    """Session 1 is over, and session 2 is about to start."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        first, second, *_ = dates_of(db, hall.group.cohort.id)
        db.get_one(GroupSession, hall.group.group_session.id).status = GroupStatus.ENDED
        first.starts_at, first.ends_at = (clock.now() - timedelta(days=7, minutes=each) for each in (90, 0))
        second.starts_at, second.ends_at = (clock.now() + timedelta(minutes=each) for each in (5, 95))
        return for_date(db, second)


def sits_in(hall: Hall, person: Person, group_session_id: str) -> bool:
    with hall.database() as db:
        return seat_of(db, group_session_id=group_session_id, person_id=person.id) is not None


def test_one_link_opens_each_session_in_turn(hall: Hall) -> None:
    booked = book(hall)
    first = hall.app.test_client()
    assert "session 1" in first.get(f"/guest/{booked.token}").text
    answer = first.post(f"/guest/{booked.token}", data=READY)
    assert answer.location == f"/sessions/{hall.group.group_session.id}/room"
    assert first.get(answer.location).status_code == 200
    assert sits_in(hall, booked.person, hall.group.group_session.id)
    following = next_meets_now(hall)
    second = hall.app.test_client()
    assert "session 2" in second.get(f"/guest/{booked.token}").text
    assert second.post(f"/guest/{booked.token}", data=READY).location == f"/sessions/{following.id}/room"
    assert second.get(f"/sessions/{following.id}/room").status_code == 200
    assert sits_in(hall, booked.person, following.id)


def test_looking_at_the_link_sits_nobody_down_and_before_the_doors_it_says_when(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        date = db.get_one(SessionDate, hall.group.group_session.session_date_id)
        date.starts_at, date.ends_at = date.starts_at + timedelta(days=1), date.ends_at + timedelta(days=1)
    page = hall.app.test_client().get(f"/guest/{booked.token}")
    assert (page.status_code, "opens" in page.text) == (200, True)
    assert not sits_in(hall, booked.person, hall.group.group_session.id)


def test_when_the_patient_has_left_the_link_opens_nothing(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.make.withdrawn(place(hall, db))
    assert hall.app.test_client().get(f"/guest/{booked.token}").status_code == 404


def test_the_link_goes_with_a_patient_into_another_group(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        enrolment = place(hall, db)
        other = hall.group.make.cohort(hall.group.make.service())
        enrolment.cohort_id = other.id
        date = dates_of(db, other.id)[0]
        date.starts_at, date.ends_at = (clock.now() + timedelta(minutes=each) for each in (5, 95))
        wanted = for_date(db, date).id
    with hall.database() as db:
        assert courses.session_of(db, db.get_one(Person, booked.person.id), clock.now()).id == wanted


def test_the_link_of_one_course_opens_nothing_of_a_later_one(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        before = place(hall, db)
        before.state = EnrolmentState.COMPLETED
        later = hall.group.make.cohort(db.get_one(Service, before.service_id))
        admin = hall.group.make.actor(
            hall.group.make.person(db.get_one(Service, before.service_id), Role.ADMINISTRATOR)
        )
        patient = db.get_one(Person, before.person_id)
        again = enrol(db, patient=patient, cohort=later, actor=admin, now=clock.now())
        date = dates_of(db, later.id)[0]
        date.starts_at, date.ends_at = (clock.now() + timedelta(minutes=each) for each in (5, 95))
        held = for_date(db, date)
    assert hall.app.test_client().get(f"/guest/{booked.token}").status_code == 404
    with hall.database() as db:
        assert guests.guests_of(db, db.get_one(GroupSession, held.id)) == []
        assert courses.companions_of(db, again.id) == []
        with pytest.raises(NotFound):
            guests.find_guest(db, group_session=db.get_one(GroupSession, held.id), guest_id=booked.person.id)


def test_who_was_to_be_beside_somebody_who_has_left_is_counted_no_more(hall: Hall) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        enrolment, lead = place(hall, db), hall.group.make.actor(db.get_one(Person, hall.group.lead.id))
        held = db.get_one(GroupSession, hall.group.group_session.id)
        for role, name in ((Role.COMPANION, "Ewa"), (Role.OBSERVER, "Omar")):
            guests.invite(
                db, group_session=held, role=role, name=name, beside=enrolment.person_id, actor=lead, now=clock.now()
            )
        assert [each.full_name for each in guests.guests_of(db, held)] == ["Ewa", "Omar"]
        enrolment.state = EnrolmentState.WITHDRAWN
        db.flush()
        assert [each.full_name for each in guests.guests_of(db, held)] == ["Omar"]


def test_nobody_is_booked_after_the_last_session(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for date in dates_of(db, hall.group.cohort.id):
            date.starts_at, date.ends_at = date.starts_at - timedelta(days=900), date.ends_at - timedelta(days=900)
    with pytest.raises(Conflict, match="are over"):
        book(hall, "Ewa")
    with hall.database() as db:
        path = f"/patients/{place(hall, db).id}/companions"
    lead = hall.browser(hall.group.lead)
    assert "are over" in lead.post(path, data={"name": "Ewa"}).text
    assert lead.post(f"{path}/{booked.person.id}/link").status_code == 409


def test_a_booking_of_long_ago_whose_place_is_not_known_opens_nothing_and_says_so(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        place(hall, db)  # so that whoever acts is looked up by this handle, which writes
        db.get_one(Person, booked.person.id).beside_place_id = None
        db.flush()
        person, lead = db.get_one(Person, booked.person.id), hall.group.make.actor(hall.group.lead)
        with pytest.raises(Conflict, match="no session"):
            courses.course_link(db, person=person, actor=lead, now=clock.now())
    assert hall.app.test_client().get(f"/guest/{booked.token}").status_code == 404


def test_who_was_cancelled_is_given_no_new_link(hall: Hall) -> None:
    booked = book(hall)
    with hall.database() as db:
        path = f"/patients/{place(hall, db).id}/companions/{booked.person.id}"
    lead = hall.browser(hall.group.lead)
    lead.post(f"{path}/take-back")
    answer = lead.post(f"{path}/link")
    assert (answer.status_code, "has been cancelled" in answer.text) == (409, True)
    invited = lead.post(f"/sessions/{hall.group.group_session.id}/guests/{booked.person.id}/link")
    assert invited.status_code == 409


def test_after_the_last_session_the_link_says_that_it_is_over(hall: Hall) -> None:
    booked = book(hall)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for date in dates_of(db, hall.group.cohort.id):
            date.starts_at, date.ends_at = date.starts_at - timedelta(days=900), date.ends_at - timedelta(days=900)
    with hall.database() as db, pytest.raises(NotFound, match="are over"):
        courses.session_of(db, db.get_one(Person, booked.person.id), clock.now())


def test_a_guest_for_the_course_stands_on_the_page_of_each_session_and_is_cancelled_there_too(hall: Hall) -> None:
    booked = book(hall)
    following = next_meets_now(hall)
    lead = hall.browser(hall.group.lead)
    for held in (hall.group.group_session.id, following.id):
        assert "booked for the whole course" in lead.get(f"/sessions/{held}/guests").text
    lead.post(f"/sessions/{following.id}/guests/{booked.person.id}/take-back")
    assert hall.app.test_client().get(f"/guest/{booked.token}").status_code == 404
    with hall.database() as db:
        assert courses.companions_of(db, place(hall, db).id) == []


def test_two_at_most_are_beside_one_patient_and_nobody_beside_who_left(hall: Hall) -> None:
    book(hall), book(hall, "Ewa")
    with pytest.raises(Conflict, match="Cancel one first"):
        book(hall, "Jan")
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.make.withdrawn(place(hall, db, 1))
    with pytest.raises(Conflict, match="no session"):
        book(hall, "Jan", 1)


def test_the_page_books_sends_the_link_and_makes_a_new_one(hall: Hall) -> None:
    lead = hall.browser(hall.group.lead)
    with hall.database() as db:
        path = f"/patients/{place(hall, db).id}/companions"
    made = lead.post(path, data={"name": "Marek", "email": "marek@example.org"}).text
    found = re.search(r"/guest/([\w-]{20,})", made)
    assert found
    assert found[1] not in lead.get(path).text
    with hall.database() as db:
        (sent,) = db.exec(select(OutgoingMessage)).all()
    assert (sent.address, found[1] in sent.body) == ("marek@example.org", True)
    for told in (hall.group.patients[0].shown_name, hall.group.patients[0].full_name):
        assert told not in sent.body
    assert not HEALTH_WORDS.search(sent.subject + sent.body)
    again = lead.post(f"{path}/{sent.person_id}/link").text
    assert "/guest/" in again
    assert hall.app.test_client().get(f"/guest/{found[1]}").status_code == 404
    assert lead.post(f"{path}/{sent.person_id}/take-back").status_code == 302
    assert lead.post(f"{path}/nobody/take-back").status_code == 404
    refused = lead.post(path, data={"name": " ", "email": "marek"})
    assert (refused.status_code, "in the right format" in refused.text) == (400, True)
