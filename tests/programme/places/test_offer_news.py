"""Who has an invitation and has not answered hears of another first session, and says yes to dates they saw."""

from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places import offers
from backtolife.programme.places.rules import Said
from backtolife.sessions.room.services import schedule
from tests.programme.changes.desk import Desk, desk_of
from tests.programme.places.test_offer_pages import signed_in
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory

EARLIER = Wish(ChangeKind.MOVED, 1, date(2026, 3, 8), time(10))
LATER = Wish(ChangeKind.MOVED, 1, date(2026, 3, 11), time(10))
SECOND = Wish(ChangeKind.MOVED, 2, date(2026, 3, 18), time(10))


@pytest.fixture
def desk(db: Session, make: Factory, settings: Settings, now: object) -> Desk:
    return desk_of(make, db, settings, make.now)


def offered(desk: Desk, make: Factory, *, sent: bool = True) -> Enrolment:
    person = make.person(desk.db.get_one(Service, desk.cohort.service_id), Role.PATIENT, "Linda")
    place = offers.offer(
        desk.db,
        patient=person,
        cohort=desk.cohort,
        answer_by=date(2026, 3, 9),
        site="http://localhost",
        actor=desk.member(make, Role.ADMINISTRATOR),
        now=desk.now,
    )
    if sent:
        key = f"invitation:{place.id}"
        desk.db.exec(select(OutgoingMessage).where(OutgoingMessage.key == key)).one().state = MessageState.SENT
    return place


def test_who_has_the_invitation_reads_the_new_first_session_and_the_same_link(desk: Desk, make: Factory) -> None:
    place = offered(desk, make)
    desk.change(LATER)
    [letter] = desk.mails("invitation-moved")
    for words in ("Hello Linda", "starts on Wed 11 Mar at 10am", "http://localhost/offer", "answer by Mon 9 Mar"):
        assert words in letter.body
    assert still_wanted(desk.db, letter, desk.now)
    offers.answer(
        desk.db,
        enrolment=place,
        said=Said.NO,
        actor=desk.member(make, Role.CLINICAL_LEAD),
        by_telephone=True,
        now=desk.now,
    )
    assert not still_wanted(desk.db, letter, desk.now)


def test_each_move_is_told_and_an_older_letter_that_waits_goes_no_more(desk: Desk, make: Factory) -> None:
    offered(desk, make)
    desk.change(LATER)
    desk.change(Wish(ChangeKind.UNDONE, 0), desk.now + timedelta(hours=1))
    first, second = sorted(desk.mails("invitation-moved"), key=lambda each: each.queued_at)
    now = desk.now + timedelta(hours=1)
    assert [still_wanted(desk.db, each, now) for each in (first, second)] == [False, True]
    assert "Tue 10 Mar" in second.body


def test_no_offer_waits_longer_than_to_its_new_first_session(desk: Desk, make: Factory) -> None:
    place = offered(desk, make)
    desk.change(EARLIER)
    made = offers.offer_of(desk.db, place)
    assert made is not None
    assert made.answer_by == desk.starts(1)
    assert "answer by Sun 8 Mar" in desk.mails("invitation-moved")[0].body


def test_nobody_is_told_twice_or_without_need(desk: Desk, make: Factory) -> None:
    offered(desk, make, sent=False)
    desk.change(LATER)
    assert desk.mails("invitation-moved") == [], "the invitation itself is written anew"
    offered(desk, make)
    desk.change(SECOND)
    assert desk.mails("invitation-moved") == [], "the first session is the same"


def test_a_yes_to_dates_that_moved_is_refused_kindly_and_the_new_ones_are_shown(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make, now = Factory(db, clock.now()), clock.now()
        service = make.service()
        cohort = make.cohort(service, "Tuesdays", first_day=(now + timedelta(days=14)).date())
        schedule(db, cohort=cohort)
        jo, linda = make.facilitator(cohort, name="Jo"), make.person(service, Role.PATIENT, "Linda")
        place = offers.offer(
            db,
            patient=linda,
            cohort=cohort,
            answer_by=(now + timedelta(days=5)).date(),
            site="http://localhost",
            actor=make.actor(jo),
            now=now,
        )
        tokens = [signin.begin(db, person=each, now=now) for each in (linda, jo)]
        ids, day = (place.id, cohort.id), (now + timedelta(days=15)).date()
    linda_sees, jo_sees = (signed_in(app, each) for each in tokens)
    assert 'name="dates" value="0"' in linda_sees.get("/offer").text
    asked = jo_sees.post(
        f"/groups/{ids[1]}/dates/1",
        data={"kind": "moved", "day": f"{day}", "at": "10:00", "weeks": "1", "version": "0"},
    ).text
    assert "Offered a place here, and not answered yet: <strong>Linda Example</strong>" in asked
    with session_scope(app.extensions["backtolife.engine"]) as db:
        db.get_one(Cohort, ids[1]).version = 1
    page = linda_sees.post(f"/offer/{ids[0]}", data={"said": "yes", "dates": "0"}, follow_redirects=True).text
    assert "The dates have changed since you opened this page" in page
    assert 'name="dates" value="1"' in page
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get_one(Enrolment, ids[0]).state is EnrolmentState.INVITED
    linda_sees.post(f"/offer/{ids[0]}", data={"said": "yes", "dates": "1"})
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get_one(Enrolment, ids[0]).state is EnrolmentState.ENROLLED
