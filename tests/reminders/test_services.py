"""Reminders that are due are queued once, to the right people."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import due_for
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts import enrolment
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.letters.questions import windows_of
from backtolife.reminders.services import remind_cohort
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient

Reminders = Callable[[str], list[OutgoingMessage]]


@pytest.fixture
def reminders(db: Session) -> Reminders:
    def read(template: str) -> list[OutgoingMessage]:
        messages = db.exec(select(OutgoingMessage)).all()
        return [message for message in messages if message.key.startswith(f"{template}:")]

    return read


def test_a_tick_that_runs_twice_writes_once(
    db: Session, make: Factory, settings: Settings, reminders: Reminders
) -> None:
    make.noise()
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    hour_before = dates_of(db, cohort.id)[0].starts_at - timedelta(minutes=50)
    for _ in range(2):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=hour_before)
    assert len(reminders("reminder-1h")) == 1
    assert "/j/" in reminders("reminder-1h")[0].body


def test_a_session_that_moved_is_announced_anew(
    db: Session, make: Factory, settings: Settings, reminders: Reminders
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    date = dates_of(db, cohort.id)[0]
    now = date.starts_at - timedelta(minutes=50)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now)
    date.starts_at, date.ends_at = date.starts_at + timedelta(days=1), date.ends_at + timedelta(days=1)
    db.flush()
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=date.starts_at - timedelta(minutes=50))
    assert len(reminders("reminder-1h")) == 2


def test_nobody_withdrawn_is_written_to(db: Session, make: Factory, settings: Settings, reminders: Reminders) -> None:
    cohort = make.cohort(make.service())
    place = make.enrolment(cohort)
    stays = make.enrolment(cohort)
    make.withdrawn(place)
    remind_cohort(
        db, cohort_id=cohort.id, settings=settings, now=dates_of(db, cohort.id)[0].starts_at - timedelta(minutes=50)
    )
    assert {message.person_id for message in reminders("reminder-1h")} == {stays.person_id}


def test_questions_that_are_open_are_announced_once_and_not_at_night(
    db: Session, make: Factory, settings: Settings, reminders: Reminders
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    noon = dates_of(db, cohort.id)[0].starts_at - timedelta(days=7) + timedelta(hours=2)
    night = noon.replace(hour=2)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=night)
    assert reminders("questionnaire-due") == []
    for _ in range(2):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=noon)
    assert len(reminders("questionnaire-due")) == 1


def test_no_subject_says_what_it_is_about(db: Session, make: Factory, settings: Settings) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    assert db.get_one(Service, cohort.service_id)
    for days in (7, 1, 0):
        now = dates_of(db, cohort.id)[0].starts_at - timedelta(days=days) + timedelta(minutes=10)
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now)
    subjects = " ".join(message.subject.lower() for message in db.exec(select(OutgoingMessage)))
    assert subjects
    assert not any(word in subjects for word in ("pain", "back", "clinic", "mood", "rehab"))


def test_whoever_is_enrolled_late_is_welcomed_and_not_reminded_of_what_they_never_heard(
    db: Session, make: Factory, settings: Settings, reminders: Reminders
) -> None:
    cohort = make.cohort(make.service())
    make.now = dates_of(db, cohort.id)[0].starts_at - timedelta(days=1) + timedelta(hours=3)
    make.enrolment(cohort)
    for days in (0, 1, 2):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=make.now + timedelta(days=days))
        assert len(reminders("welcome")) == 1
        assert reminders("questionnaire-second-reminder") == []
    first, *later = sorted(db.exec(select(OutgoingMessage)).all(), key=lambda each: each.queued_at)
    assert first.key.startswith("welcome:") or first.queued_at == later[0].queued_at
    assert "You have a place" in reminders("welcome")[0].body


@pytest.mark.parametrize("told", [True, False])
def test_whoever_is_answering_is_not_reminded_before_the_questions_are_three_days_old_to_them(
    db: Session, make: Factory, settings: Settings, reminders: Reminders, told: bool
) -> None:
    cohort = make.cohort(make.service())
    make.now = dates_of(db, cohort.id)[0].starts_at - timedelta(hours=1)
    place = make.enrolment(cohort)
    patient = Patient(db, place, make.actor(db.get_one(Person, place.person_id)), make.now)
    if told:
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=make.now)
    patient.say(patient.open("peg-3"), "1", 3)
    for later in (timedelta(minutes=2), timedelta(days=2)):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=make.now + later)
        assert reminders("questionnaire-second-reminder") == []
    later = make.now + timedelta(minutes=5)
    due = next(each for each in due_for(db, enrolment=place, now=later) if each.begun)
    windows = dict(windows_of(due, later - timedelta(days=3), later, "Europe/London"))
    assert list(windows) == ["questionnaire-second-reminder"]
    assert windows["questionnaire-second-reminder"].is_open(later, "Europe/London")


def test_nobody_is_welcomed_long_after_they_came(
    db: Session, make: Factory, settings: Settings, reminders: Reminders
) -> None:
    cohort = make.cohort(make.service())
    place = make.enrolment(cohort)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=place.enrolled_at + timedelta(days=7, hours=1))
    assert reminders("welcome") == []


def test_somebody_in_two_groups_is_asked_once_for_each(
    db: Session, make: Factory, settings: Settings, now: datetime, reminders: Reminders
) -> None:
    service = make.service()
    first, second = make.cohort(service), make.cohort(service)
    place = make.enrolment(first)
    patient = db.get_one(Person, place.person_id)
    lead, later = make.actor(make.person(service, Role.ADMINISTRATOR)), now + timedelta(minutes=1)
    newer = enrolment.enrol(db, patient=patient, cohort=second, actor=lead, now=later)
    assert newer.enrolled_at > place.enrolled_at
    for cohort in (first, second):
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now + timedelta(hours=1))
    asked = [message.key for message in reminders("questionnaire-due")]
    assert sorted(asked) == sorted(f"questionnaire-due:baseline:{each.id}" for each in (place, newer))
    for each in (place, newer):
        assert still_wanted(db, message_about(each, later), now + timedelta(hours=1))


def message_about(place: Enrolment, now: datetime) -> OutgoingMessage:
    return OutgoingMessage(
        service_id="",
        key=f"questionnaire-due:baseline:{place.id}",
        person_id=place.person_id,
        address="",
        subject="",
        body="",
        queued_at=now,
    )
