"""Who holds both the waiting list and a group takes the list first, so that no two of them wait for each other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlmodel import col, select

from backtolife.database.session import open_engine, session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Role
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places import offers
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue import waiting
from backtolife.programme.places.queue.listed import hold_list
from backtolife.programme.places.rules import Said, Wishes
from tests.programme.places.test_offers import LAST_DAY, SITE, offered
from tests.support.factories import Factory

MEET = 1.0
"""Seconds in which the two come to hold what they hold first."""


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_not_now_and_an_offer_from_the_list_at_once_are_both_done(url: str, now: datetime) -> None:
    engine = open_engine(url, connections=4)
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service)
        place, patient, lead = offered(make, cohort)
        bob, earlier = make.person(service, Role.PATIENT, "Bob"), now - timedelta(days=1)
        waits = waiting.wait(db, person=bob, wishes=Wishes(), actor=lead, now=now, since=earlier)
        ids = place.id, cohort.id, waits.id
    answered, list_held = Event(), Event()

    def says_not_now(who: Actor) -> bool:
        with session_scope(engine) as db:
            own = db.get_one(Enrolment, ids[0])
            told = offers.answer(db, enrolment=own, said=Said.NOT_NOW, actor=who, by_telephone=False, now=now)
            answered.set()
            list_held.wait(MEET)
            waiting.after_not_now(db, enrolment=own, actor=who, now=now)
            return told.counted

    def offers_from_list(who: Actor) -> EnrolmentState:
        answered.wait(MEET)
        with session_scope(engine) as db:
            hold_list(db, who.service_id)
            list_held.set()
            bob = waiting.find_waiting(db, actor=who, waiting_id=ids[2])
            group = db.get_one(Cohort, ids[1])
            return waiting.offer_from_list(
                db, waits=bob, cohort=group, jump="", answer_by=LAST_DAY, site=SITE, actor=who, now=now
            ).state

    with ThreadPoolExecutor(2) as at_once:
        first, second = at_once.submit(says_not_now, patient), at_once.submit(offers_from_list, lead)
        assert (first.result(30), second.result(30)) == (True, EnrolmentState.INVITED)
    with session_scope(engine) as db:
        still = select(Waiting.person_id).where(col(Waiting.left_at).is_(None))
        assert db.exec(still).all() == [patient.id]
    engine.dispose()
