"""A saved answer above 0 to the self-harm question opens one task for a named clinician; only a person closes it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.support import support_of
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.models import AdoptedInstrument, Level, SafetyTask, TaskState
from backtolife.outcomes.safety import tasks
from backtolife.outcomes.tasks.answers import asked_and_answered, history_of, label_of, labels_of
from backtolife.people.access import OutOfReach
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient, staffed

NOTES = tasks.Notes("Rang at 2pm.", "Low, no plan to act.", "Call again on Friday.", True)


def the_task(db: Session) -> SafetyTask:
    return db.exec(select(SafetyTask)).one()


def staff(make: Factory, patient: Patient, role: Role) -> Person:
    wanted = select(Person).where(Person.service_id == patient.enrolment.service_id, holding(role))
    return make.db.exec(wanted).first() or make.person(make.db.get_one(Service, patient.enrolment.service_id), role)


@pytest.mark.parametrize(("value", "level"), [(1, Level.SAME_DAY), (2, Level.URGENT), (3, Level.URGENT)])
def test_an_answer_above_0_opens_a_task_before_the_form_is_sent(
    make: Factory, db: Session, value: int, level: Level
) -> None:
    patient = a_patient(make)
    saved = patient.say(patient.open("phq-9"), "9", value)
    task = the_task(db)
    assert saved.alert
    assert (task.level, task.state, task.highest) == (level, TaskState.NEW, value)
    assert db.get_one(Person, task.owner_id).shown_name == "Dora"
    assert db.get_one(Person, task.backup_id).shown_name == "Grace"


def test_never_and_other_questions_open_nothing(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    assert not patient.say(response, "9", 0).alert
    assert not patient.say(response, "8", 3).alert
    assert db.exec(select(SafetyTask)).all() == []


def test_a_same_day_task_is_due_at_the_end_of_the_working_day(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    assert the_task(db).due_at == patient.now.replace(hour=17)
    assert the_task(db).promised_at == patient.now.replace(hour=17)


def test_an_urgent_task_is_due_now_and_promises_two_hours(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 3)
    assert the_task(db).due_at == patient.now
    assert the_task(db).promised_at == patient.now + timedelta(hours=2)


def test_changing_the_answer_back_leaves_the_task(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say(response, "9", 2)
    patient.say(response, "9", 0, now=patient.now + timedelta(minutes=1))
    assert (the_task(db).state, the_task(db).level, the_task(db).highest) == (TaskState.NEW, Level.URGENT, 2)
    work = tasks.as_work(db, the_task(db))
    assert [words for _, words in history_of(db, work)] == ["On over half of the days", "Never"]
    assert label_of(db, work) == "answered “On over half of the days” to the self-harm question"


def test_a_task_is_shown_with_the_bare_answer_where_nobody_holds_the_words_any_more(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say(response, "9", 2)
    work = tasks.as_work(db, the_task(db))
    db.get_one(AdoptedInstrument, response.adopted_id).wording_hash = "words that no release has"
    db.flush()
    assert labels_of(db, [work], {}) == [(work, "answered “2” to the self-harm question")]
    assert [(each.answer, each.concerns) for each in asked_and_answered(db, work)] == [("2", True)]
    assert [words for _, words in history_of(db, work)] == ["2"]


def test_a_second_alert_raises_the_open_task_and_does_not_double_it(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say(response, "9", 1)
    patient.say(response, "9", 3, now=patient.now + timedelta(minutes=1))
    patient.say(response, "9", 1, "again", now=patient.now + timedelta(minutes=2))
    assert (the_task(db).level, the_task(db).highest) == (Level.URGENT, 3)


def test_a_replay_of_an_old_alert_does_not_open_a_closed_task_again(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say(response, "9", 1, "first")
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    tasks.take(db, actor=lead, task_id=the_task(db).id, now=patient.now)
    tasks.close(db, actor=lead, task_id=the_task(db).id, notes=NOTES, now=patient.now)
    assert patient.say(response, "9", 1, "first").alert
    assert the_task(db).state is TaskState.DONE
    patient.say(response, "9", 2, "new", now=patient.now + timedelta(hours=1))
    assert len(db.exec(select(SafetyTask)).all()) == 2


def test_an_alert_on_a_closed_form_still_opens_a_task(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    saved = patient.say(response, "9", 2, now=patient.now + timedelta(days=30))
    assert saved.closed
    assert saved.alert
    assert the_task(db).level is Level.URGENT


def test_a_heavy_total_makes_a_same_day_task_urgent(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say_all(response, {str(number): 3 for number in range(1, 9)} | {"9": 1})
    assert the_task(db).level is Level.SAME_DAY
    patient.send(response)
    assert the_task(db).level is Level.URGENT


def test_an_empty_safety_question_prompts_staff_and_is_never_0(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say_all(response, {str(number): 0 for number in range(1, 9)})
    patient.send(response)
    assert (the_task(db).level, the_task(db).highest) == (Level.UNANSWERED, None)
    assert support_of(db, response).owner is None


def test_sending_does_not_open_a_task_again_that_was_closed(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say_all(response, {str(number): 0 for number in range(1, 9)} | {"9": 1})
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    tasks.take(db, actor=lead, task_id=the_task(db).id, now=patient.now)
    tasks.close(db, actor=lead, task_id=the_task(db).id, notes=NOTES, now=patient.now)
    patient.send(response)
    assert the_task(db).state is TaskState.DONE


def test_where_nobody_covers_the_question_it_is_not_asked(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    db.get_one(Service, patient.enrolment.service_id).covers_item_9 = False
    baseline = next(
        due for due in due_for(db, enrolment=patient.enrolment, now=patient.now) if due.ask.id == "baseline"
    )
    assert "phq-9" not in baseline.ask.instruments
    assert "phq-8" in baseline.ask.instruments


def test_without_any_clinician_the_question_is_not_asked(make: Factory, db: Session) -> None:
    cohort = make.cohort(make.service())
    enrolment = make.enrolment(cohort)
    baseline = next(due for due in due_for(db, enrolment=enrolment, now=make.now) if due.ask.id == "baseline")
    assert "phq-8" in baseline.ask.instruments


def test_a_form_begun_with_cover_stays_when_cover_ends(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.open("phq-9")
    db.get_one(Service, patient.enrolment.service_id).covers_item_9 = False
    baseline = next(
        due for due in due_for(db, enrolment=patient.enrolment, now=patient.now) if due.ask.id == "baseline"
    )
    assert "phq-9" in baseline.ask.instruments
    assert "phq-8" not in baseline.ask.instruments


def test_each_role_sees_the_tasks_it_should(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    service = db.get_one(Service, patient.enrolment.service_id)
    patient.say(patient.open("phq-9"), "9", 1)
    own = db.exec(select(Person).where(Person.shown_name == "Priya")).one()
    other_group = make.facilitator(make.cohort(service))
    elsewhere = make.person(make.service(), Role.CLINICAL_LEAD)
    seeing = [own, staff(make, patient, Role.CLINICAL_LEAD), staff(make, patient, Role.DUTY_CLINICIAN)]
    assert [len(tasks.open_tasks(db, actor=make.actor(each))) for each in seeing] == [1, 1, 1]
    for each in (other_group, elsewhere):
        assert tasks.open_tasks(db, actor=make.actor(each)) == []
        with pytest.raises(OutOfReach):
            tasks.take(db, actor=make.actor(each), task_id=the_task(db).id, now=patient.now)


def test_only_one_person_has_a_task(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    first, second = (make.actor(staff(make, patient, role)) for role in (Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD))
    tasks.take(db, actor=first, task_id=the_task(db).id, now=patient.now)
    tasks.take(db, actor=first, task_id=the_task(db).id, now=patient.now)
    with pytest.raises(Conflict, match="Dora has this task"):
        tasks.take(db, actor=second, task_id=the_task(db).id, now=patient.now)


@pytest.mark.parametrize("missing", ["contact", "assessment", "plan", "gp_informed"])
def test_a_task_is_not_closed_before_all_is_written_down(make: Factory, db: Session, missing: str) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    tasks.take(db, actor=lead, task_id=the_task(db).id, now=patient.now)
    parts = {"contact": "Rang.", "assessment": "Safe.", "plan": "Call.", "gp_informed": False}
    parts[missing] = None if missing == "gp_informed" else "  "
    with pytest.raises(Invalid) as refused:
        tasks.close(db, actor=lead, task_id=the_task(db).id, notes=tasks.Notes(**parts), now=patient.now)
    assert refused.value.field == missing
    assert the_task(db).state is TaskState.TAKEN


def test_a_task_nobody_took_cannot_be_closed(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    with pytest.raises(Conflict, match="Take this task first"):
        tasks.close(db, actor=lead, task_id=the_task(db).id, notes=NOTES, now=patient.now)


def test_every_step_of_a_task_leaves_a_trace_without_answers(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    task_id = the_task(db).id
    tasks.look_at(db, actor=lead, task_id=task_id, now=patient.now)
    tasks.take(db, actor=lead, task_id=task_id, now=patient.now)
    tasks.note(db, actor=lead, task_id=task_id, notes=NOTES, now=patient.now)
    tasks.close(db, actor=lead, task_id=task_id, notes=NOTES, now=patient.now)
    entries = db.exec(select(AuditEntry).where(AuditEntry.subject_id == task_id)).all()
    assert [entry.action for entry in sorted(entries, key=lambda entry: entry.number)] == [
        "task_raised",
        "task_seen",
        "task_taken",
        "task_noted",
        "task_noted",
        "task_closed",
    ]
    assert "Rang" not in str([entry.detail for entry in entries])


def test_the_database_itself_refuses_a_second_open_task(make: Factory, db: Session) -> None:
    patient = a_patient(make, staffed(make))
    patient.say(patient.open("phq-9"), "9", 1)
    copy = the_task(db).model_dump(exclude={"id"})
    db.add(SafetyTask(**copy))
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_the_database_itself_refuses_a_task_closed_without_a_note(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    the_task(db).state = TaskState.DONE
    with pytest.raises(IntegrityError):
        db.flush()
    db.rollback()


def test_when_the_backup_takes_a_task_somebody_else_is_the_backup(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    grace = staff(make, patient, Role.CLINICAL_LEAD)
    task = tasks.take(db, actor=make.actor(grace), task_id=the_task(db).id, now=patient.now)
    assert (task.acknowledged_by, db.get_one(Person, task.backup_id).shown_name) == (grace.id, "Dora")


def test_whoever_alone_can_work_a_task_has_no_backup(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    patient = a_patient(make, cohort)
    patient.say(patient.open("phq-9"), "9", 2)
    grace = staff(make, patient, Role.CLINICAL_LEAD)
    for person in db.exec(select(Person).where(Person.service_id == cohort.service_id, Person.id != grace.id)):
        person.password_hash = ""
    task = tasks.take(db, actor=make.actor(grace), task_id=the_task(db).id, now=patient.now)
    assert task.backup_id is None


def test_what_waits_is_counted_for_whoever_may_work_on_it(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    service = db.get_one(Service, patient.enrolment.service_id)
    lead = make.actor(staff(make, patient, Role.CLINICAL_LEAD))
    own = make.actor(make.facilitator(db.get_one(Cohort, patient.enrolment.cohort_id)))
    other = make.actor(make.facilitator(make.cohort(service)))
    assert [tasks.nobody_took(db, actor=each) for each in (lead, own, other)] == [1, 1, 0]
    tasks.take(db, actor=lead, task_id=the_task(db).id, now=patient.now)
    assert [tasks.nobody_took(db, actor=each) for each in (lead, own, other)] == [0, 0, 0]
