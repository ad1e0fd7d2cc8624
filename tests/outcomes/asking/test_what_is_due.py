"""What is asked hangs on the dates of the group, and says what each patient has sent."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.errors import NotFound
from backtolife.outcomes.asking.due import due_for, due_for_actor
from backtolife.outcomes.asking.schedule import ask_of, asks_on, milestone_is_open
from backtolife.people.models import Role
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import dates_of
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient


def send_everything(patient: Patient, milestone: str = "baseline") -> None:
    """Send each form of a milestone with one answer at least."""
    due = next(each for each in dues(patient) if each.ask.id == milestone)
    for name in due.ask.instruments:
        response = patient.open(name, milestone)
        first = {"rmdq-24": ("1", 1), "fft": ("experience", "good"), "work-status": ("days_missed", 0)}
        patient.say(response, *first.get(name, ("1", 1)))
        patient.send(response)


def dues(patient: Patient) -> list:  # type: ignore[type-arg]
    return due_for(patient.db, enrolment=patient.enrolment, now=patient.now)


def test_every_milestone_of_the_programme_is_listed_in_the_order_it_is_due(make: Factory) -> None:
    found = dues(a_patient(make))
    assert [due.ask.id for due in found if not due.ask.after_session] == [
        "baseline",
        "mid",
        "end",
        "review",
        "month-3",
        "month-6",
        "month-12",
    ]
    assert sum(due.ask.after_session for due in found) == 9


def test_the_first_questions_are_open_from_midnight_two_weeks_before(make: Factory) -> None:
    baseline = dues(a_patient(make))[0]
    assert baseline.ask.opens_at == datetime(2026, 2, 24, tzinfo=UTC)
    assert baseline.ask.closes_at == datetime(2026, 3, 11, tzinfo=UTC)
    assert baseline.state == "due"


def test_a_session_that_moves_takes_its_questions_along(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    first = db.exec(
        select(SessionDate).where(SessionDate.cohort_id == patient.enrolment.cohort_id, SessionDate.number == 1)
    ).one()
    first.starts_at += timedelta(days=30)
    assert dues(patient)[0].state == "upcoming"


def test_questions_about_a_session_open_when_it_ends(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    cohort = db.get_one(Cohort, patient.enrolment.cohort_id)
    assert ask_of(db, cohort, "session-1").opens_at == datetime(2026, 3, 10, 11, 30, tzinfo=UTC)


def test_an_unknown_milestone_is_not_found(make: Factory, db: Session) -> None:
    cohort = db.get_one(Cohort, a_patient(make).enrolment.cohort_id)
    with pytest.raises(NotFound):
        ask_of(db, cohort, "nonsense")


def test_a_milestone_is_finished_when_every_form_is_sent(make: Factory) -> None:
    patient = a_patient(make)
    send_everything(patient)
    baseline = dues(patient)[0]
    assert baseline.finished
    assert baseline.sent_at == patient.now
    assert baseline.left == ()


def test_one_form_begun_is_begun_and_not_finished(make: Factory) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    assert not dues(patient)[0].begun
    patient.say(response, "1", 0)
    assert dues(patient)[0].begun
    assert not dues(patient)[0].finished


def test_someone_without_a_group_has_nothing_due(make: Factory, db: Session) -> None:
    stranger = make.person(make.service(), Role.PATIENT)
    assert due_for_actor(db, actor=make.actor(stranger), now=make.now) == []


def test_a_milestone_is_open_in_exactly_the_hours_in_which_its_questions_are(make: Factory, db: Session) -> None:
    cohort = db.get_one(Cohort, a_patient(make).enrolment.cohort_id)
    dates = dates_of(db, cohort.id)
    asks = [each for each in asks_on(db, cohort, dates, covered=True) if not each.after_session]
    begin, answers = dates[0].starts_at - timedelta(days=20), set()
    for hours in range(0, 24 * 500, 5):
        now = begin + timedelta(hours=hours)
        is_open = milestone_is_open(db, cohort, dates, since=now, until=now)
        assert is_open == any(each.opens_at <= now < each.closes_at for each in asks), now
        answers.add(is_open)
    assert answers == {True, False}


def test_a_milestone_that_opens_tomorrow_is_open_until_then(make: Factory, db: Session) -> None:
    cohort = db.get_one(Cohort, a_patient(make).enrolment.cohort_id)
    dates = dates_of(db, cohort.id)
    before = asks_on(db, cohort, dates, covered=True)[0].opens_at - timedelta(hours=1)
    assert not milestone_is_open(db, cohort, dates, since=before, until=before)
    assert milestone_is_open(db, cohort, dates, since=before, until=before + timedelta(days=1))
