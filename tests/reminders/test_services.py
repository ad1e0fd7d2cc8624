"""Reminders that are due are queued once, to the right people."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.delivery import OutgoingMessage
from backtolife.people.models import Service
from backtolife.programme import enrolment
from backtolife.programme.services import dates_of
from backtolife.reminders.services import remind_cohort
from tests.factories import Factory

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


def test_nobody_withdrawn_is_written_to(
    db: Session, make: Factory, settings: Settings, now: datetime, reminders: Reminders
) -> None:
    cohort = make.cohort(make.service())
    place = make.enrolment(cohort)
    stays = make.enrolment(cohort)
    lead = make.facilitator(cohort)
    enrolment.withdraw(db, enrolment=place, actor=make.actor(lead), reason="moved away", now=now)
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
