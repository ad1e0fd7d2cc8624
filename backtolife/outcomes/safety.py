"""Raising a safety task the moment an answer calls for one, and telling the people who must act."""

from datetime import datetime

from sqlmodel import col, select

from backtolife import audit, delivery
from backtolife.audit import Acting
from backtolife.clock import in_zone
from backtolife.db import Db, one_at_a_time
from backtolife.errors import Conflict
from backtolife.outcomes import cover
from backtolife.outcomes.cover_staff import clinicians_for, holidays_of, on_duty, on_leave
from backtolife.outcomes.models import InstrumentResponse, Level, SafetyTask, TaskState
from backtolife.people.models import STAFF, Person, Role, Service
from backtolife.programme.models import Cohort, Enrolment

WEIGHT = {Level.UNANSWERED: 0, Level.SAME_DAY: 1, Level.URGENT: 2}
TIMES = {Level.UNANSWERED: cover.unanswered, Level.SAME_DAY: cover.same_day, Level.URGENT: cover.urgent}
SUBJECT = "A task is waiting for you"
BODY = "Hello {name},\n\n{words} Please sign in and look: {site}/tasks/{task}\n\n{service}\n"
NOW_WORDS = "A task for you cannot wait. Someone should act now."
LATER_WORDS = "There is a new task for you, with a time by which it should be done."


def raise_task(
    db: Db,
    *,
    enrolment: Enrolment,
    response: InstrumentResponse,
    item: str,
    level: Level,
    value: int | None,
    actor: Acting,
    site: str,
    now: datetime,
) -> SafetyTask:
    """Open a task for this answer, or raise the open one of the same form; a task is never lowered or doubled.

    `site` is the address of our pages, for the message to staff, which says nothing about anybody's health.
    """
    one_at_a_time(db, f"tasks:{response.id}")
    service = db.get_one(Service, enrolment.service_id)
    task = open_task(db, response)
    times = TIMES[level](now, service.zone, holidays_of(db, service.id))
    if task is None:
        task = new_task(db, enrolment, response, item, now=now, at=acts_at(level, times, now))
        db.add(task)
    elif WEIGHT[level] <= WEIGHT[task.level]:
        task.highest = max((each for each in (task.highest, value) if each is not None), default=None)
        return task
    task.level, task.due_at, task.promised_at = level, times.due_at, times.promised_at
    task.escalates_at = times.escalates_at
    task.highest = max((each for each in (task.highest, value) if each is not None), default=None)
    db.flush()
    audit.record(
        db, actor=actor, action="task_raised", subject_type="task", subject_id=task.id, now=now, level=level.value
    )
    tell(db, task, service, site, now)
    return task


def open_task(db: Db, response: InstrumentResponse) -> SafetyTask | None:
    wanted = select(SafetyTask).where(SafetyTask.response_id == response.id, SafetyTask.state != TaskState.DONE)
    return db.exec(wanted).first()


def highest_level(db: Db, response: InstrumentResponse) -> int:
    """The weight of the gravest task this form has ever raised, closed ones included; -1 when there was none."""
    levels = db.exec(select(SafetyTask.level).where(SafetyTask.response_id == response.id))
    return max((WEIGHT[Level(level)] for level in levels), default=-1)


def acts_at(level: Level, times: cover.Times, now: datetime) -> datetime:
    """When somebody has to act: whoever is on duty then gets the task. At once where it cannot wait."""
    return now if level is Level.URGENT else times.escalates_at


def new_task(
    db: Db, enrolment: Enrolment, response: InstrumentResponse, item: str, *, now: datetime, at: datetime
) -> SafetyTask:
    people = clinicians_for(db, db.get_one(Cohort, enrolment.cohort_id), at)
    if not people:
        people = anyone_clinical(db, enrolment.service_id)
    return SafetyTask(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        response_id=response.id,
        item=item,
        level=Level.UNANSWERED,
        owner_id=people[0].id,
        backup_id=people[1].id if len(people) > 1 else None,
        raised_at=now,
        due_at=now,
        promised_at=now,
        escalates_at=now,
    )


def anyone_clinical(db: Db, service_id: str) -> list[Person]:
    """Cover ended after the question was shown: any member of staff is better than a lost alert."""
    wanted = select(Person).where(
        Person.service_id == service_id, col(Person.role).in_(STAFF), col(Person.active).is_(True)
    )
    people = list(db.exec(wanted.order_by(col(Person.created_at)).limit(2)))
    if not people:
        raise Conflict("We could not save this answer. If you need help now, call 111, or 999 if you are in danger.")
    return people


def tell(db: Db, task: SafetyTask, service: Service, site: str, now: datetime) -> None:
    """Write to the owner; when it cannot wait, to the backup and every duty clinician too."""
    told = [task.owner_id]
    if task.level is Level.URGENT:
        told += [task.backup_id] if task.backup_id else []
        told += duty_now(db, service, now)
    words = NOW_WORDS if task.level is Level.URGENT else LATER_WORDS
    for person_id in dict.fromkeys(told):
        write(db, task, person_id, words=words, cause=task.level.value, site=site, now=now)


def duty_now(db: Db, service: Service, now: datetime) -> list[str]:
    """Everybody to page at once: who is on duty by the rota, and the duty clinicians who are not on leave."""
    duty = select(Person.id).where(
        Person.service_id == service.id, Person.role == Role.DUTY_CLINICIAN, col(Person.active).is_(True)
    )
    away = on_leave(db, service.id, in_zone(now, service.zone).date())
    people = [*(person.id for person in on_duty(db, service.id, now)), *db.exec(duty)]
    return [person for person in people if person not in away]


def write(db: Db, task: SafetyTask, person_id: str, *, words: str, cause: str, site: str, now: datetime) -> None:
    person, service = db.get_one(Person, person_id), db.get_one(Service, task.service_id)
    body = BODY.format(name=person.shown_name, words=words, site=site, task=task.id, service=service.name)
    delivery.queue(
        db,
        service_id=task.service_id,
        key=f"task:{task.id}:{cause}:{person_id}",
        address=person.email,
        subject=SUBJECT,
        body=body,
        now=now,
        person_id=person.id,
    )
