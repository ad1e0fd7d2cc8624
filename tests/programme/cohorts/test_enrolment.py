"""Enrolling patients into a cohort."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from backtolife.errors import Conflict, NotFound
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts import enrolment, services
from backtolife.programme.cohorts.models import EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState
from tests.support.factories import Factory


def test_a_cohort_has_nine_dates_that_keep_their_wall_clock_time(db: Session, make: Factory) -> None:
    make.noise()
    cohort = make.cohort(make.service())
    dates = services.dates_of(db, cohort.id)
    assert [each.number for each in dates] == list(range(1, 10))
    assert {f"{each.starts_at.hour:02}" for each in dates} == {"10", "09"}, "the clocks change on 29 March"


def test_a_full_cohort_takes_nobody_more(make: Factory) -> None:
    make.noise()
    cohort = make.cohort(make.service(), capacity=1)
    first = make.enrolment(cohort)
    with pytest.raises(Conflict, match="full"):
        make.enrolment(cohort)
    make.withdrawn(first)
    assert make.enrolment(cohort).state == EnrolmentState.ENROLLED


def test_every_change_of_an_enrolment_is_kept(db: Session, make: Factory) -> None:
    place = make.enrolment(make.cohort(make.service()))
    changes = db.exec(select(EnrolmentChange).where(EnrolmentChange.enrolment_id == place.id)).all()
    assert {change.state for change in changes} == {EnrolmentState.INVITED, EnrolmentState.ENROLLED}


def test_another_services_facilitator_cannot_find_the_cohort(db: Session, make: Factory) -> None:
    other = make.facilitator(make.noise())
    cohort = make.cohort(make.service())
    with pytest.raises(NotFound):
        services.find_cohort(db, actor=make.actor(other), cohort_id=cohort.id)


def test_a_facilitator_of_the_service_finds_only_their_own_cohorts(db: Session, make: Factory) -> None:
    service = make.service()
    mine, theirs = make.cohort(service), make.cohort(service)
    me = make.actor(make.facilitator(mine))
    make.facilitator(theirs)
    assert [cohort.id for cohort in services.cohorts_for(db, actor=me)] == [mine.id]


def test_someone_already_in_the_group_is_not_enrolled_twice(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place = make.enrolment(cohort)
    admin = make.person(db.get_one(Service, cohort.service_id), Role.ADMINISTRATOR)
    patient = next(person for each, person in enrolment.enrolled_in(db, cohort.id) if each.id == place.id)
    with pytest.raises(Conflict, match="already"):
        enrolment.enrol(db, patient=patient, cohort=cohort, actor=make.actor(admin), now=now)
