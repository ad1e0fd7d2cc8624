"""Raising a safety task the moment an answer or a warning sign calls for one, and telling the people who must act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.outcomes.models import InstrumentResponse, Level, SafetyTask, TaskState
from backtolife.outcomes.safety import response_times
from backtolife.outcomes.safety.on_call import clinicians_for, holidays_of, on_duty, uncovered_days
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.signing_in.messages import page, queue_to
from backtolife.people.working import who_can_work
from backtolife.programme.cohorts.models import Cohort, Enrolment

WEIGHT = {Level.UNANSWERED: 0, Level.NEXT_DAY: 0, Level.SAME_DAY: 1, Level.URGENT: 2}
TIMES = {
    Level.UNANSWERED: response_times.next_day,
    Level.NEXT_DAY: response_times.next_day,
    Level.SAME_DAY: response_times.same_day,
    Level.URGENT: response_times.urgent,
}
SUBJECT = "A task is waiting for you"
BODY = "Hello {name},\n\n{words} Please sign in and look: {site}/tasks/{task}\n\n{service}\n"
TEXT = "{service}: a task cannot wait. Someone should act now. Please sign in and look: {site}/tasks"
AWAY_WORDS = "There is a task that someone should deal with, and everybody who can is away today. If you can, act now."
NO_COVER_SUBJECT = "A task is waiting, and nobody can work on it"
NO_COVER_BODY = """Hello {name},

A task is waiting in your service, and there is no clinician who can work on it. Please invite one now: {site}/staff

{service}
"""
NOW_WORDS = "A task for you cannot wait. Someone should act now."
LATER_WORDS = "There is a new task for you, with a time by which it should be done."
SHARED_WORDS = "There is a new task that you can work on, with a time by which it should be done."
OPENED_AGAIN_WORDS = "A task that you closed was opened again. The page of the task says why, and who has it now."
CAN_WAIT = (LATER_WORDS, SHARED_WORDS, OPENED_AGAIN_WORDS)


@dataclass(frozen=True)
class About:
    """What a task is about: the answer to `item` of a form, or the signs ticked before a live session."""

    response_id: str | None = None
    item: str = ""
    group_session_id: str | None = None


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
    about = About(response_id=response.id, item=item)
    task = open_or_raise(db, enrolment=enrolment, about=about, level=level, actor=actor, site=site, now=now)
    task.highest = max((each for each in (task.highest, value) if each is not None), default=None)
    db.flush()
    return task


def raise_for_signs(
    db: Db,
    *,
    cohort_id: str,
    person_id: str,
    group_session_id: str,
    level: Level | Literal["urgent", "same_day", "next_day"],
    actor: Acting,
    site: str,
    now: datetime,
) -> SafetyTask | None:
    """Open a task for warning signs that a patient ticked before a live session, or raise the open one of that session.

    None for somebody who has no place in the group.
    """
    place = select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.person_id == person_id)
    enrolment = db.exec(place.order_by(col(Enrolment.enrolled_at).desc())).first()
    if enrolment is None:
        return None
    one_at_a_time(db, f"tasks:{group_session_id}:{enrolment.id}")
    about = About(group_session_id=group_session_id)
    return open_or_raise(db, enrolment=enrolment, about=about, level=Level(level), actor=actor, site=site, now=now)


def open_or_raise(
    db: Db, *, enrolment: Enrolment, about: About, level: Level, actor: Acting, site: str, now: datetime
) -> SafetyTask:
    """The one open task about this, at `level` at least. The caller holds what stops two at once.

    One that was opened again was about something older: whoever has it, and who covers, are told of the new answer.
    """
    service, cohort = db.get_one(Service, enrolment.service_id), db.get_one(Cohort, enrolment.cohort_id)
    task, times = open_task(db, enrolment, about), times_for(db, service, cohort, level, now)
    if task is None:
        task = new_task(enrolment, about, now=now, people=people_for(db, cohort, level, times, now))
        db.add(task)
    elif WEIGHT[level] <= WEIGHT[task.level]:
        if task.opened_again:
            tell(db, task, service, cohort, site=site, now=now)
        return task
    task.level, task.due_at, task.promised_at = level, times.due_at, times.promised_at
    task.escalates_at = times.escalates_at
    db.flush()
    audit.record(
        db, actor=actor, action="task_raised", subject_type="task", subject_id=task.id, now=now, level=level.value
    )
    tell(db, task, service, cohort, site=site, now=now)
    return task


def times_for(db: Db, service: Service, cohort: Cohort, level: Level, now: datetime) -> response_times.Times:
    """By when somebody must act on what came to light at `now`; days on which nobody is there do not count."""
    nobody = uncovered_days(db, cohort, now)
    return TIMES[level](now, service.zone, holidays_of(db, service, now) | nobody)


def open_task(db: Db, enrolment: Enrolment, about: About) -> SafetyTask | None:
    """The task about this that nobody has closed yet."""
    wanted = select(SafetyTask).where(
        SafetyTask.enrolment_id == enrolment.id,
        SafetyTask.response_id == about.response_id,
        SafetyTask.group_session_id == about.group_session_id,
        SafetyTask.state != TaskState.DONE,
    )
    return db.exec(wanted).first()


def highest_level(db: Db, response: InstrumentResponse) -> int:
    """The weight of the gravest task this form has ever raised, closed ones included; -1 when there was none."""
    levels = db.exec(select(SafetyTask.level).where(SafetyTask.response_id == response.id))
    return max((WEIGHT[Level(level)] for level in levels), default=-1)


def people_for(db: Db, cohort: Cohort, level: Level, times: response_times.Times, now: datetime) -> list[Person]:
    """Who gets the task: whoever covers when somebody has to act, at once where it cannot wait; where everybody is away
    now, whoever is there by the time that is promised.
    """
    first = now if level is Level.URGENT else times.escalates_at
    return clinicians_for(db, cohort, first) or clinicians_for(db, cohort, times.promised_at)


def new_task(enrolment: Enrolment, about: About, *, now: datetime, people: list[Person]) -> SafetyTask:
    """A task for the first of `people`, with the second as backup. With nobody it still stands, and has no owner."""
    return SafetyTask(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        response_id=about.response_id,
        item=about.item,
        group_session_id=about.group_session_id,
        level=Level.UNANSWERED,
        owner_id=people[0].id if people else None,
        backup_id=people[1].id if len(people) > 1 else None,
        raised_at=now,
        due_at=now,
        promised_at=now,
        escalates_at=now,
    )


def tell(db: Db, task: SafetyTask, service: Service, cohort: Cohort, *, site: str, now: datetime) -> None:
    """Write to the owner. When it cannot wait, to the backup and everybody on duty too; for a milder answer, to
    everybody who covers now, because one person may not read their mail. An empty answer waits for its owner.

    While everybody is away: to all who may work it, wherever they are. Where nobody may: to those who can change that.
    """
    told = [each for each in (task.owner_id,) if each]
    if task.level is Level.URGENT:
        told += [task.backup_id] if task.backup_id else []
        told += duty_now(db, service, cohort, now)
    words, shared = (NOW_WORDS, NOW_WORDS) if task.level is Level.URGENT else (LATER_WORDS, SHARED_WORDS)
    present = clinicians_for(db, cohort, now)
    if not present:
        told += [person.id for person in clinicians_for(db, cohort)]
        words = shared = AWAY_WORDS
    elif task.level is Level.SAME_DAY:
        told += [person.id for person in present]
    for person_id in dict.fromkeys(told):
        own = words if person_id == task.owner_id else shared
        write(db, task, person_id, words=own, cause=task.level.value, site=site, now=now)
    if not told:
        ask_for_cover(db, task, service, site=site, now=now)


def duty_now(db: Db, service: Service, cohort: Cohort, now: datetime) -> list[str]:
    """Everybody to page at once who may work the task: on duty by the rota, and the duty clinicians not on leave."""
    duty = select(Person.id).where(Person.service_id == service.id, holding(Role.DUTY_CLINICIAN))
    called = {person.id for person in on_duty(db, service.id, now)} | set(db.exec(duty))
    return [person.id for person in clinicians_for(db, cohort, now) if person.id in called]


def ask_for_cover(db: Db, task: SafetyTask, service: Service, *, site: str, now: datetime) -> None:
    """Nobody in the service may work the task: those who can invite a clinician are told, without what it is about."""
    wanted = select(Person).where(
        Person.service_id == service.id,
        holding(Role.ADMINISTRATOR, Role.SERVICE_LEAD),
        who_can_work(),
    )
    for person in db.exec(wanted):
        key = f"task:{task.id}:no-cover:{person.id}"
        queue_to(db, person, key=key, subject=NO_COVER_SUBJECT, body=NO_COVER_BODY, now=now, site=site)


def write(db: Db, task: SafetyTask, person_id: str, *, words: str, cause: str, site: str, now: datetime) -> None:
    """By e-mail; what cannot wait as a text as well. One message a cause, and anew once the task was opened again."""
    again = f"-again-{task.opened_again}" if task.opened_again else ""
    person, key = db.get_one(Person, person_id), f"task:{task.id}:{cause}{again}:{person_id}"
    values = {"words": words, "site": site, "task": task.id}
    if words in CAN_WAIT:
        queue_to(db, person, key=key, subject=SUBJECT, body=BODY, now=now, urgent=True, **values)
    else:
        page(db, person, key=key, subject=SUBJECT, body=BODY, text=TEXT, now=now, **values)
