"""Whoever comes to a group after it began is asked what the others were asked before."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.errors import Conflict, NotFound
from backtolife.outcomes.asking.due import Due, due_for
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.transfer import transfer
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient, staffed


def comes(make: Factory, cohort: Cohort, at: datetime) -> Patient:
    """Somebody who gets a place at this moment."""
    place = replace(make, now=at).enrolment(cohort)
    return Patient(make.db, place, make.actor(make.db.get_one(Person, place.person_id)), at)


def test_a_late_starter_is_asked_until_their_own_first_session(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    first, second = (each.starts_at for each in dates_of(db, cohort.id)[:2])
    late = comes(make, cohort, first + timedelta(days=2))
    (baseline,) = [each for each in due_for(db, enrolment=late.enrolment, now=late.now) if each.ask.id == "baseline"]
    assert (baseline.state, baseline.ask.closes_at) == ("overdue", second)
    sheet = late.open("gad-7")
    assert late.say(sheet, "1", 0, now=second - timedelta(minutes=1)).refused == {}
    other = comes(make, cohort, first + timedelta(days=2))
    with pytest.raises(Conflict, match="closed"):
        other.open("gad-7", now=second)


def test_who_was_there_in_time_has_the_window_of_the_group(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    early, first = a_patient(make, cohort), dates_of(db, cohort.id)[0].starts_at
    comes(make, cohort, first + timedelta(days=2))
    baseline = due_for(db, enrolment=early.enrolment, now=first + timedelta(days=2))[0]
    assert (baseline.ask.id, baseline.state) == ("baseline", "closed")


def test_who_comes_on_the_day_or_while_they_meet_is_asked_until_the_next_session(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    first, second, third = (each.starts_at for each in dates_of(db, cohort.id)[:3])
    for came, until in ((first, second), (first + timedelta(hours=3), second), (second + timedelta(minutes=5), third)):
        late = comes(make, cohort, came)
        assert baseline_of(late, came).ask.closes_at == until


def test_a_session_that_does_not_take_place_is_not_their_first(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    first, second, third = dates_of(db, cohort.id)[:3]
    second.left_out_at = make.now
    late = comes(make, cohort, first.starts_at + timedelta(days=2))
    assert baseline_of(late, late.now).ask.closes_at == third.starts_at


def test_who_moves_here_before_they_ever_came_is_asked_until_their_first_session(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    first, second = (each.starts_at for each in dates_of(db, cohort.id)[:2])
    later = beside(make, cohort)
    patient, moved = a_patient(make, later), first + timedelta(days=2)
    move(make, patient.enrolment, cohort, moved)
    baseline = baseline_of(patient, moved)
    assert (baseline.state, baseline.ask.closes_at) == ("overdue", second)
    assert patient.say(patient.open("gad-7", now=moved), "1", 0, now=moved).refused == {}


def test_who_started_elsewhere_is_not_asked_how_they_were_before(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    moved = dates_of(db, cohort.id)[0].starts_at + timedelta(days=2)
    patient = a_patient(make, beside(make, cohort))
    lead = make.actor(make.person(make.db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))
    change_state(db, enrolment=patient.enrolment, to=EnrolmentState.STARTED, actor=lead, now=moved - timedelta(hours=1))
    move(make, patient.enrolment, cohort, moved)
    assert "baseline" not in {each.ask.id for each in due_for(db, enrolment=patient.enrolment, now=moved)}


def test_who_started_elsewhere_is_offered_nothing_of_before_the_start_unless_they_began_it(
    db: Session, make: Factory
) -> None:
    first_group = staffed(make)
    group = beside(make, first_group)
    silent, spoke = a_patient(make, first_group), a_patient(make, first_group)
    spoke.say(spoke.open("gad-7"), "1", 0)
    lead = make.actor(make.person(make.db.get_one(Service, group.service_id), Role.CLINICAL_LEAD))
    began, moved = (dates_of(db, first_group.id)[0].starts_at + timedelta(days=each) for each in (0, 2))
    for patient in (silent, spoke):
        change_state(db, enrolment=patient.enrolment, to=EnrolmentState.STARTED, actor=lead, now=began)
        move(make, patient.enrolment, group, moved)
    opens = dates_of(db, group.id)[0].starts_at - timedelta(days=1)
    asked = {
        name: {due.ask.id for due in due_for(db, enrolment=patient.enrolment, now=opens)}
        for name, patient in (("silent", silent), ("spoke", spoke))
    }
    assert asked["spoke"] - asked["silent"] == {"baseline"}
    with pytest.raises(NotFound):
        silent.open("gad-7", now=opens)


def baseline_of(patient: Patient, now: datetime) -> Due:
    return next(each for each in due_for(patient.db, enrolment=patient.enrolment, now=now) if each.ask.id == "baseline")


def beside(make: Factory, cohort: Cohort) -> Cohort:
    """Another group of the service, which begins weeks later."""
    service = make.db.get_one(Service, cohort.service_id)
    return make.cohort(service, first_day=cohort.first_day + timedelta(days=28))


def move(make: Factory, place: Enrolment, to: Cohort, now: datetime) -> None:
    lead = make.actor(make.person(make.db.get_one(Service, to.service_id), Role.CLINICAL_LEAD))
    transfer(make.db, enrolment=place, to=to, words="", site="http://localhost", actor=lead, now=now)
