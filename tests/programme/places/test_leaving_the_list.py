"""Whoever has a place or an offer waits no more, whichever way they came to it, and staff are told."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.places import leaving, offers
from backtolife.programme.places.letters.waiting import tell_off_list, tell_on_list
from backtolife.programme.places.queue import waiting
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason, Said, Wishes
from tests.programme.places.test_waiting import LAST_DAY, SITE, admin_of, names, waits
from tests.support.factories import Factory


@pytest.mark.parametrize("how", ["offered", "said yes", "yes after not now", "given back"])
def test_who_has_a_place_by_another_way_waits_no_more(db: Session, make: Factory, how: str) -> None:
    service = make.service()
    admin, cohort = admin_of(make, service), make.cohort(service)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    ann = make.person(service, Role.PATIENT, "Ann")

    def offered() -> Enrolment:
        return offers.offer(db, patient=ann, cohort=cohort, answer_by=LAST_DAY, site=SITE, actor=admin, now=make.now)

    def said_yes() -> Enrolment:
        return offers.place_after_yes(db, patient=ann, cohort=cohort, actor=admin, now=make.now)

    if how == "yes after not now":
        place = offered()
        offers.answer(db, enrolment=place, said=Said.NOT_NOW, actor=admin, by_telephone=True, now=make.now)
    if how == "given back":
        place = said_yes()
        left = Leaving(DecidedBy.PATIENT, Reason.WORK)
        leaving.withdraw(db, enrolment=place, leaving=left, actor=lead, now=make.now)
    row = waiting.wait(db, person=ann, wishes=Wishes(), actor=admin, now=make.now)
    if how == "offered":
        place = offered()
    elif how == "given back":
        leaving.reinstate(db, enrolment=place, actor=lead, now=make.now)
    elif how == "said yes":
        place = said_yes()
    else:
        offers.answer(db, enrolment=place, said=Said.YES, actor=admin, by_telephone=True, now=make.now)
    assert names(db, admin) == []
    assert (row.left_because, row.enrolment_id) == ("offered", place.id)
    entry = db.exec(select(AuditEntry).where(AuditEntry.action == "waiting_offered")).one()
    assert entry.detail == {"enrolment": place.id}


def test_who_is_added_to_a_group_is_off_the_list_and_staff_read_that(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service, "Group B", first_day=(clock.now() + timedelta(days=20)).date())
        lead = make.person(service, Role.CLINICAL_LEAD)
        waits(make, make.actor(lead), "Ann", days=9)
        noor = make.db.get_one(Person, waits(make, make.actor(lead), "Noor", days=1).person_id)
        token, at = signin.begin(db, person=lead, now=clock.now()), f"/groups/{cohort.id}/add"
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    typed = {"full_name": "N. Other", "shown_name": "Noor", "email": noor.email, "phone": noor.phone, "how": "offer"}
    assert "They are number 2 on the waiting list" in browser.post(at, data=typed).text
    done = browser.post(at, data={**typed, "known": noor.id}, follow_redirects=True).text
    assert "They were number 2 on the waiting list, and are off it now." in done
    assert noor.full_name not in browser.get("/waiting").text


def test_a_letter_that_is_held_until_somebody_has_looked_is_dropped_as_well(db: Session, make: Factory) -> None:
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann")
    db.get_one(Person, row.person_id).others_read = True
    tell_on_list(db, row=row, now=make.now)
    letters = select(OutgoingMessage).where(OutgoingMessage.person_id == row.person_id)
    assert db.exec(letters).one().state is MessageState.HELD
    assert not tell_off_list(db, row=row, now=make.now)
    assert db.exec(letters).all() == []
