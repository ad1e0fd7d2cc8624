"""The page that shows that nothing was missed asks the answers, not the tasks."""

from datetime import timedelta

from sqlmodel import Session, select

from backtolife.outcomes.models import Level, SafetyTask
from backtolife.outcomes.safety import tasks
from backtolife.outcomes.safety.assurance import assurance
from backtolife.people.models import Person, Role, Service
from tests.outcomes.safety.test_safety_tasks import NOTES
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient, staffed
from tests.support.statements import statements_of


def lead_of(make: Factory, patient: Patient) -> Person:
    return make.person(make.db.get_one(Service, patient.enrolment.service_id), Role.CLINICAL_LEAD)


def test_every_kind_of_alert_is_listed_with_its_task(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    mild, grave, empty, fine = (a_patient(make, cohort) for _ in range(4))
    elsewhere = a_patient(make)
    elsewhere.say(elsewhere.open("phq-9"), "9", 3)
    mild.say(mild.open("phq-9"), "9", 1)
    response = grave.open("phq-9")
    grave.say(response, "9", 3)
    grave.say(response, "9", 0, now=grave.now + timedelta(minutes=1))
    left = empty.open("phq-9")
    empty.say(left, "1", 2)
    empty.send(left)
    fine.say(fine.open("phq-9"), "9", 0)
    found = assurance(db, actor=make.actor(lead_of(make, mild)), now=mild.now)
    assert (len(found.raised), found.gaps, found.open, found.late) == (3, 0, 3, 0)
    assert {each.level for each in found.raised} == {Level.SAME_DAY, Level.URGENT, Level.UNANSWERED}


def test_an_answer_without_its_task_is_a_gap(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    task = db.exec(select(SafetyTask)).one()
    actor = make.actor(lead_of(make, patient))
    task.level = Level.SAME_DAY
    db.flush()
    assert assurance(db, actor=actor, now=patient.now).gaps == 1
    db.delete(task)
    db.flush()
    assert assurance(db, actor=actor, now=patient.now).gaps == 1


def test_a_task_done_after_the_promise_is_called_late(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    task, actor = db.exec(select(SafetyTask)).one(), make.actor(lead_of(make, patient))
    tasks.take(db, actor=actor, task_id=task.id, now=patient.now)
    late = task.promised_at + timedelta(minutes=5)
    tasks.close(db, actor=actor, task_id=task.id, notes=NOTES, now=late)
    found = assurance(db, actor=actor, now=late)
    assert (found.gaps, found.open, found.late) == (0, 0, 1)
    assert found.raised[0].taken_by is not None


def test_looking_for_what_was_missed_asks_the_same_of_two_forms_and_of_eight(make: Factory, db: Session) -> None:
    cohort, counts = staffed(make), []
    for many in (2, 6):
        for _ in range(many):
            patient = a_patient(make, cohort)
            patient.say(patient.open("phq-9"), "9", 3)
        db.flush()
        db.expire_all()
        actor = make.actor(lead_of(make, patient))
        with statements_of(db.connection()) as seen:
            found = assurance(db, actor=actor, now=patient.now)
        counts.append(len(seen))
    assert (len(found.raised), found.gaps) == (8, 0)
    assert counts[0] == counts[1], "\n".join(seen)
