"""A reminder is decided when it is sent: what waited for a mail server is looked at once more."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.catalogue.wording import wording
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind_cohort
from backtolife.sessions.joining.running_late import say_coming
from backtolife.sessions.room.services import for_date
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient, staffed

BASELINE = ("rmdq-24", "peg-3", "semcd-6", "phq-9", "gad-7", "fft", "work-status")


@pytest.fixture
def cohort(make: Factory) -> Cohort:
    return staffed(make)


def queued(db: Session, template: str) -> list[OutgoingMessage]:
    return [each for each in db.exec(select(OutgoingMessage)) if each.key.startswith(f"{template}:")]


def answer_everything(patient: Patient, left: int = 0) -> None:
    """Send every form of the first milestone but the last `left`, which is only begun."""
    for name in BASELINE:
        response = patient.open(name)
        question = wording(name).questions[0]
        value: object = question.options[0].value if question.options else question.minimum
        patient.say(response, question.id, value, f"{name}-first")
        if name in BASELINE[: len(BASELINE) - left]:
            patient.send(response)


def remind(db: Session, cohort: Cohort, settings: Settings, now: datetime) -> None:
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now)


def test_nobody_who_has_answered_is_chased_by_a_message_that_waited(
    make: Factory, db: Session, cohort: Cohort, settings: Settings
) -> None:
    quick, slow = a_patient(make, cohort), a_patient(make, cohort)
    remind(db, cohort, settings, quick.now)
    answer_everything(quick)
    answer_everything(slow, left=1)
    wanted = {each.person_id: still_wanted(db, each, quick.now) for each in queued(db, "questionnaire-due")}
    assert wanted == {quick.actor.id: False, slow.actor.id: True}


def test_nobody_who_stopped_half_way_is_forgotten(
    make: Factory, db: Session, cohort: Cohort, settings: Settings
) -> None:
    done, half_way = a_patient(make, cohort), a_patient(make, cohort)
    answer_everything(done)
    answer_everything(half_way, left=1)
    late = dates_of(db, cohort.id)[0].starts_at - timedelta(days=4)
    remind(db, cohort, settings, late)
    reminded = queued(db, "questionnaire-second-reminder")
    assert [each.person_id for each in reminded] == [half_way.actor.id]
    assert still_wanted(db, reminded[0], late)


def test_nobody_withdrawn_is_written_to_though_a_message_waited(
    make: Factory, db: Session, cohort: Cohort, settings: Settings
) -> None:
    patient = a_patient(make, cohort)
    remind(db, cohort, settings, patient.now)
    waiting = queued(db, "questionnaire-due")
    make.withdrawn(patient.enrolment)
    assert [still_wanted(db, each, patient.now) for each in waiting] == [False]
    assert queued(db, "questionnaire-due") == [], "and it is taken out of the line"


def test_a_session_that_moved_or_began_is_not_announced_late(
    make: Factory, db: Session, cohort: Cohort, settings: Settings
) -> None:
    a_patient(make, cohort)
    date = dates_of(db, cohort.id)[0]
    before = date.starts_at - timedelta(minutes=50)
    remind(db, cohort, settings, before)
    message = queued(db, "reminder-1h")[0]
    assert still_wanted(db, message, before)
    assert not still_wanted(db, message, date.starts_at)
    date.starts_at += timedelta(hours=3)
    db.flush()
    assert not still_wanted(db, message, before)


def test_who_cannot_come_hears_no_more_of_that_session_and_the_others_do(
    make: Factory, db: Session, cohort: Cohort, settings: Settings
) -> None:
    away, comes = a_patient(make, cohort), a_patient(make, cohort)
    date = dates_of(db, cohort.id)[0]
    soon = date.starts_at - timedelta(hours=20)
    remind(db, cohort, settings, soon)
    group_session = for_date(db, date)
    person = db.get_one(Person, away.enrolment.person_id)
    say_coming(db, group_session=group_session, person=person, coming=False, now=soon)
    wanted = {each.person_id: still_wanted(db, each, soon) for each in queued(db, "reminder-24h")}
    assert wanted == {away.actor.id: False, comes.actor.id: True}
    remind(db, cohort, settings, date.starts_at - timedelta(minutes=50))
    assert [each.person_id for each in queued(db, "reminder-1h")] == [comes.actor.id]


def test_what_is_no_reminder_always_goes(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    message = OutgoingMessage(
        service_id=service.id, key="task:1:late:2", address="a@b.c", subject="", body="", queued_at=now, try_at=now
    )
    assert still_wanted(db, message, now)
