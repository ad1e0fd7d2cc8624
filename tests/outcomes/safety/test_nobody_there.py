"""An answer that must be seen while every clinician is away: no name is promised, and everybody who can is told."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.answering.support import Support, support_of
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety import rota
from backtolife.outcomes.safety.escalating import escalate_late
from backtolife.outcomes.safety.rota_models import StaffLeave
from backtolife.outcomes.safety.tasks import open_tasks
from backtolife.people.access import System, may
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, Patient, a_patient, staffed

CLINICIANS = {"Dora", "Grace", "Priya"}
CHRISTMAS = datetime.fromisoformat("2026-12-25T10:00:00+00:00")


@pytest.fixture
def cohort(make: Factory) -> Cohort:
    cohort = staffed(make)
    make.person(make.db.get_one(Service, cohort.service_id), Role.ADMINISTRATOR, "Ada")
    return cohort


def away(db: Session, cohort: Cohort, first: date, last: date, names: set[str] = CLINICIANS) -> None:
    for person in rota.clinicians(db, cohort.service_id):
        if person.shown_name in names:
            row = StaffLeave(service_id=cohort.service_id, person_id=person.id, first_day=first, last_day=last)
            db.add(row)
    db.flush()


def told(db: Session, kind: str = "task:") -> set[str]:
    rows = [each for each in db.exec(select(OutgoingMessage)) if each.key.startswith(kind)]
    return {db.get_one(Person, each.person_id).shown_name for each in rows}


def answer(db: Session, patient: Patient, value: int) -> tuple[SafetyTask, Support]:
    """Open the form while somebody is there, then give the answer."""
    response = patient.open("phq-9")
    patient.say(response, "9", value)
    return db.exec(select(SafetyTask)).one(), support_of(db, response)


@pytest.mark.parametrize("value", [1, 3])
def test_while_everyone_is_away_the_task_goes_to_one_who_may_work_it_and_is_there_when_the_call_is_promised(
    make: Factory, db: Session, cohort: Cohort, patient: Patient, value: int
) -> None:
    response = patient.open("phq-9")
    today = patient.now.date()
    away(db, cohort, today, today, CLINICIANS - {"Grace"})
    away(db, cohort, today, today + timedelta(days=1), {"Grace"})
    patient.say(response, "9", value)
    task, support = db.exec(select(SafetyTask)).one(), support_of(db, response)
    assert task.promised_at == (patient.now + timedelta(days=1)).replace(hour=12)
    owner = db.get_one(Person, task.owner_id)
    assert may(make.actor(owner), "task.work", patient.enrolment)
    assert (owner.shown_name, support.owner) == ("Dora", owner)


@pytest.mark.parametrize("value", [1, 3])
def test_while_everyone_is_away_everybody_who_may_work_the_task_is_told_and_nobody_else(
    db: Session, cohort: Cohort, patient: Patient, value: int
) -> None:
    response = patient.open("phq-9")
    away(db, cohort, patient.now.date(), patient.now.date())
    patient.say(response, "9", value)
    assert told(db) == CLINICIANS


def test_no_name_and_no_hour_is_promised_while_nobody_comes_back_for_weeks(
    db: Session, cohort: Cohort, patient: Patient
) -> None:
    response = patient.open("phq-9")
    away(db, cohort, patient.now.date(), patient.now.date() + timedelta(days=60))
    patient.say(response, "9", 1)
    assert support_of(db, response) == Support(True, None, None, support_of(db, response).number)
    assert told(db) == CLINICIANS


def test_a_name_is_no_longer_promised_once_its_person_has_gone_on_leave(
    db: Session, cohort: Cohort, patient: Patient
) -> None:
    response = patient.open("phq-9")
    patient.say(response, "9", 1)
    before = support_of(db, response)
    assert before.owner is not None
    away(db, cohort, patient.now.date(), patient.now.date(), {before.owner.shown_name})
    after = support_of(db, response)
    assert (after.owner, after.promised_at) == (None, before.promised_at)


def test_where_nobody_may_work_a_task_it_stands_without_an_owner_and_those_who_can_invite_are_told(
    make: Factory, db: Session, cohort: Cohort, patient: Patient
) -> None:
    response = patient.open("phq-9")
    for person in rota.clinicians(db, cohort.service_id):
        person.active = False
    patient.say(response, "9", 3)
    task = db.exec(select(SafetyTask)).one()
    assert (task.owner_id, support_of(db, response).owner) == (None, None)
    assert "Ada" in told(db)
    assert {row.subject for row in db.exec(select(OutgoingMessage)) if ":no-cover:" in row.key} == {
        "A task is waiting, and nobody can work on it"
    }
    dr_new = make.person(db.get_one(Service, cohort.service_id), Role.DUTY_CLINICIAN, "New")
    (work,) = open_tasks(db, actor=make.actor(dr_new))
    assert work.owner is None
    escalate_late(db, actor=System("scheduler", cohort.service_id), site=SITE, now=patient.now + timedelta(minutes=20))
    assert "New" in told(db, f"task:{task.id}:late")


def test_christmas_day_promises_no_call_on_christmas_day_though_nobody_entered_it(
    make: Factory, db: Session, cohort: Cohort, patient: Patient
) -> None:
    patient.now = CHRISTMAS
    response = patient.open("phq-9", now=make.now)
    patient.say(response, "9", 1, now=CHRISTMAS)
    task = db.exec(select(SafetyTask)).one()
    assert task.promised_at == datetime.fromisoformat("2026-12-29T12:00:00+00:00")  # the 28th is Boxing Day, observed


def test_the_support_page_shows_the_phone_lines_and_names_nobody_who_is_away(app: Flask, client: FlaskClient) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        first_day = (now + timedelta(days=3)).date()
        service = make.service()
        cohort = make.cohort(service, first_day=first_day)
        make.person(service, Role.DUTY_CLINICIAN, "Dora")
        patient = a_patient(make, cohort)
        response = patient.open("phq-9")
        away(db, cohort, now.date() - timedelta(days=1), now.date() + timedelta(days=60), {"Dora"})
        patient.say(response, "9", 3)
        token = signin.begin(db, person=db.get_one(Person, patient.actor.id), now=now)
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    page = client.get(f"/questions/{response.id}/support").text
    assert [words for words in ("Call 999", "116 123", "SHOUT", "Please do not wait for us") if words not in page] == []
    assert "Dora" not in page
    assert "will call you" not in page
