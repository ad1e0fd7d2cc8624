"""The home page of whoever sees every group asks as little for two hundred groups as for two."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.home.today import coming_sessions
from backtolife.outcomes.safety.tasks import open_tasks, take
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.room.services import next_for, schedule
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient
from tests.support.statements import statements_of


def test_the_sessions_to_come_take_the_same_statements_for_two_groups_and_for_ten(
    db: Session, make: Factory, now: datetime
) -> None:
    make.noise()
    service = make.service()
    actor, counts = make.actor(make.person(service, Role.ADMINISTRATOR)), []
    for many in (2, 8):
        for _ in range(many):
            cohort = make.cohort(service)
            schedule(db, cohort=cohort)
            make.enrolment(cohort)
        db.flush()
        db.expire_all()
        with statements_of(db.connection()) as seen:
            coming = coming_sessions(db, actor=actor, now=now)
        counts.append(len(seen))
    assert len(coming) == 10
    assert counts[0] == counts[1] <= 5, seen
    for each in coming:
        held = next_for(db, cohort_id=each.cohort.id, now=now)
        assert held is not None
        assert (each.people, each.join_code) == (1, held.join_code)
        assert each.date == dates_of(db, each.cohort.id)[0]


def test_open_tasks_take_the_same_statements_for_one_and_for_six(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    lead = make.person(service, Role.CLINICAL_LEAD, "Grace")
    cohort, counts = make.cohort(service, first_day=now.date()), []
    for many in (1, 5):
        for _ in range(many):
            enrolment = make.enrolment(cohort)
            patient = Patient(db, enrolment, make.actor(db.get_one(Person, enrolment.person_id)), now)
            patient.say(patient.open("phq-9"), "9", 3)
        db.flush()
        db.expire_all()
        with statements_of(db.connection()) as seen:
            tasks = open_tasks(db, actor=make.actor(lead))
        counts.append(len(seen))
    assert len(tasks) == 6
    assert counts[0] == counts[1], seen


def test_a_task_somebody_took_needs_no_one_else_and_is_theirs(app: Flask, client: FlaskClient) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        dan, grace = (make.person(service, Role.DUTY_CLINICIAN, name) for name in ("Dan", "Grace"))
        enrolment = make.enrolment(make.cohort(service, first_day=make.now.date()))
        patient = Patient(db, enrolment, make.actor(db.get_one(Person, enrolment.person_id)), make.now)
        patient.say(patient.open("phq-9"), "9", 3)
        task = open_tasks(db, actor=make.actor(grace))[0].task
        token, taker = signin.begin(db, person=dan, now=make.now), grace if task.owner_id == dan.id else dan
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    assert "1 safety task needs someone" in client.get("/").text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        take(db, actor=Factory(db, clock.now()).actor(taker), task_id=task.id, now=clock.now())
    assert "needs someone" not in client.get("/").text
    assert f"Owner: <bdi>{taker.full_name}</bdi>" in client.get(f"/tasks/{task.id}").text
