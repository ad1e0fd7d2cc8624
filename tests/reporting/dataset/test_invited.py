"""Who was asked what, and from when. What was so when questions opened stays so, whatever is said or done later."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from backtolife.outcomes.asking.schedule import Ask, asks_of
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.places.transfer import transfer
from backtolife.reporting.dataset.invited import invited_at, stays_of
from tests.support.factories import FIRST_DAY, Factory

DAY = timedelta(days=1)
LATER = ConsentKind.LATER


def later_one(db: Session, cohort: Cohort) -> Ask:
    return next(ask for ask in asks_of(db, cohort) if ask.later)


def asked(db: Session, place: Enrolment, ask: Ask, now: datetime) -> datetime | None:
    return invited_at(stays_of(db, [place])[place.id], ask, now)


def who_left(make: Factory, *, agreed: bool) -> tuple[Service, Cohort, Enrolment]:
    service = make.service()
    make.asks(service, LATER)
    cohort = make.cohort(service)
    return service, cohort, make.withdrawn(make.enrolment(cohort, agreed=False), agreed_later=agreed)


def says(make: Factory, place: Enrolment, now: datetime, *, agreed: bool) -> None:
    replace(make, now=now).agrees(make.db.get_one(Person, place.person_id), agreed=agreed, kinds=[LATER])


def test_new_words_change_nothing_of_questions_that_had_opened(db: Session, make: Factory) -> None:
    service, cohort, place = who_left(make, agreed=True)
    ask = later_one(db, cohort)
    make.asks(service, LATER, now=ask.opens_at + DAY)
    assert asked(db, place, ask, ask.closes_at) == ask.opens_at


def test_nobody_who_left_is_asked_on_a_yes_to_words_that_asked_again(db: Session, make: Factory) -> None:
    service, cohort, place = who_left(make, agreed=True)
    ask = later_one(db, cohort)
    make.asks(service, LATER, now=ask.opens_at - DAY)
    assert asked(db, place, ask, ask.closes_at) is None
    says(make, place, ask.opens_at + DAY, agreed=True)
    assert asked(db, place, ask, ask.closes_at) == ask.opens_at + DAY, "from when they said it again"


def test_a_no_said_later_takes_nothing_back_and_a_yes_said_too_late_adds_nothing(db: Session, make: Factory) -> None:
    _, cohort, place = who_left(make, agreed=True)
    ask = later_one(db, cohort)
    says(make, place, ask.opens_at + DAY, agreed=False)
    assert asked(db, place, ask, ask.closes_at) == ask.opens_at
    _, cohort, place = who_left(make, agreed=False)
    says(make, place, ask.closes_at, agreed=True)
    assert asked(db, place, ask, ask.closes_at + DAY) is None


def test_nobody_is_asked_after_their_death_or_for_an_offer_they_declined(db: Session, make: Factory) -> None:
    _, cohort, place = who_left(make, agreed=True)
    ask = later_one(db, cohort)
    assert asked(db, place, ask, ask.closes_at) == ask.opens_at
    db.get_one(Person, place.person_id).died_at = ask.opens_at - DAY
    assert asked(db, place, ask, ask.closes_at) is None
    _, cohort, place = who_left(make, agreed=True)
    place.state = EnrolmentState.DECLINED
    assert asked(db, place, ask, ask.closes_at) is None


def test_who_moved_was_asked_from_when_they_came_and_not_again_how_they_were_before(db: Session, make: Factory) -> None:
    service = make.service()
    cohort, lead = make.cohort(service), make.actor(make.person(service, Role.CLINICAL_LEAD))
    other = make.cohort(service, first_day=FIRST_DAY + timedelta(days=14))
    new, under_way, since = make.enrolment(cohort), make.enrolment(cohort), dates_of(db, cohort.id)[1].ends_at
    change_state(db, enrolment=under_way, to=EnrolmentState.STARTED, actor=lead, now=since - DAY)
    for place in (new, under_way):
        transfer(db, enrolment=place, to=other, words="", site="http://localhost", actor=lead, now=since)
    first = next(ask for ask in asks_of(db, other) if ask.before_start)
    assert first.opens_at < since < first.closes_at
    assert asked(db, new, first, first.closes_at) == since
    assert asked(db, under_way, first, first.closes_at) is None
