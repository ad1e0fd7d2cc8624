"""Whoever comes to a group after it began is asked what the others were asked before."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.errors import Conflict
from backtolife.outcomes.asking.due import due_for
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
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
