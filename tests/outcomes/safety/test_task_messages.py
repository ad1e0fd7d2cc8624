"""Who is written to about a safety task, when, and that no message says anything about health."""

from datetime import timedelta

from sqlmodel import Session, select

from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.models import TaskState
from backtolife.outcomes.safety import tasks
from backtolife.outcomes.safety.escalating import escalate_late
from backtolife.outcomes.safety.rota_models import TaskEscalation
from backtolife.people.access import System
from backtolife.people.models import Person, Role
from tests.outcomes.safety.test_safety_tasks import staff, the_task
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, a_patient


def test_messages_to_staff_say_nothing_about_health(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    messages = db.exec(select(OutgoingMessage).where(OutgoingMessage.key.startswith("task:"))).all()  # type: ignore[attr-defined]
    names = {db.get_one(Person, message.person_id).shown_name for message in messages}
    told = " ".join(message.subject + message.body for message in messages).lower()
    assert names == {"Dora", "Grace"}
    assert not [word for word in ("harm", "mood", "suicid", "phq", "answer", "patient") if word in told]
    assert db.get_one(Person, patient.enrolment.person_id).shown_name not in told


def told(db: Session) -> dict[str, str]:
    """The words about tasks that each person was written, by their name."""
    rows = db.exec(select(OutgoingMessage).where(OutgoingMessage.key.startswith("task:"))).all()  # type: ignore[attr-defined]
    return {db.get_one(Person, each.person_id).shown_name: each.body for each in rows}


def test_a_milder_answer_writes_to_everybody_who_covers_and_says_whose_task_it_is(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 1)
    assert set(told(db)) == {"Dora", "Grace", "Priya"}
    assert [name for name, words in told(db).items() if "a new task for you" in words] == ["Dora"]


def test_an_empty_answer_writes_to_the_owner_only(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("phq-9")
    patient.say_all(response, {str(number): 0 for number in range(1, 9)})
    patient.send(response)
    assert set(told(db)) == {"Dora"}


def test_a_task_that_nobody_takes_goes_to_the_backup_once(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    system = System("reminders", patient.enrolment.service_id)
    later = patient.now + timedelta(minutes=16)
    assert escalate_late(db, actor=system, site=SITE, now=patient.now) == 0
    assert escalate_late(db, actor=system, site=SITE, now=later) == 1
    assert escalate_late(db, actor=system, site=SITE, now=later + timedelta(minutes=5)) == 0
    assert the_task(db).state is TaskState.NEW


def test_a_taken_task_does_not_go_to_the_backup(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    tasks.take(
        db, actor=make.actor(staff(make, patient, Role.DUTY_CLINICIAN)), task_id=the_task(db).id, now=patient.now
    )
    system = System("reminders", patient.enrolment.service_id)
    assert escalate_late(db, actor=system, site=SITE, now=patient.now + timedelta(minutes=30)) == 0


def test_a_promise_that_was_not_kept_is_told_to_everyone_above_once_a_day(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    patient.say(patient.open("phq-9"), "9", 2)
    task = the_task(db)
    tasks.take(db, actor=make.actor(staff(make, patient, Role.DUTY_CLINICIAN)), task_id=task.id, now=patient.now)
    system = System("reminders", patient.enrolment.service_id)
    overdue = task.promised_at + timedelta(minutes=1)
    told = [
        escalate_late(db, actor=system, site=SITE, now=at)
        for at in (overdue, overdue + timedelta(hours=1), overdue + timedelta(days=1))
    ]
    assert told == [2, 0, 2]
    rows = db.exec(select(TaskEscalation).where(TaskEscalation.task_id == task.id)).all()
    assert {row.told_id for row in rows} == {task.owner_id, staff(make, patient, Role.CLINICAL_LEAD).id}
    assert task.state is TaskState.TAKEN


def test_what_cannot_wait_goes_by_text_as_well_to_who_has_a_mobile(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    grace = db.exec(select(Person).where(Person.shown_name == "Grace")).one()
    grace.phone = "07700 900123"
    patient.say(patient.open("phq-9"), "9", 2)
    texts = db.exec(select(OutgoingMessage).where(OutgoingMessage.channel == Channel.SMS)).all()
    assert [(each.person_id, each.address) for each in texts] == [(grace.id, "+447700900123")]
    assert texts[0].urgent
    assert texts[0].text.endswith(
        f": a task cannot wait. Someone should act now. Please sign in and look: {SITE}/tasks"
    )
    mails = [each for each in db.exec(select(OutgoingMessage)) if each.person_id == grace.id]
    assert sorted(each.channel for each in mails) == [Channel.EMAIL, Channel.SMS]
