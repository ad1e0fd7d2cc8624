"""Tasks that nobody took, or that are not done by the time a patient was promised: they go up, again each day."""

from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.outcomes.safety.on_call import clinicians_for
from backtolife.outcomes.safety.raising import write
from backtolife.outcomes.safety.rota_models import Cause, TaskEscalation
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.working import who_can_work
from backtolife.programme.cohorts.models import Cohort, Enrolment

NOT_TAKEN_WORDS = "Nobody has taken a task yet, and you are the backup. Someone should act now."
OVERDUE_WORDS = "A task is not done, and the time we promised has passed. Someone should act now."


def escalate_late(db: Db, *, actor: Acting, site: str, now: datetime) -> int:
    """Write about every task in the actor's service that is late. Returns how many messages went up.

    Not taken in time: to the backup, or to whoever covers now. Not done by the time that was promised: to the one who
    has it, the backup and every clinical lead, once each day. The task stays open: only a person closes it.
    """
    service, told = db.get_one(Service, actor.service_id), 0
    rows = (
        select(SafetyTask, Enrolment, Cohort)
        .join(Enrolment, col(Enrolment.id) == col(SafetyTask.enrolment_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(SafetyTask.service_id == service.id, SafetyTask.state != TaskState.DONE)
    )
    found = db.exec(rows.order_by(col(SafetyTask.raised_at))).all()  # kept, so that no place or group is read again
    for task, _, _ in found:
        if task.state is TaskState.NEW and task.escalates_at <= now and task.escalated_at is None:
            task.escalated_at = now
            told += tell(db, task, service, Cause.NOT_TAKEN, stand_in(db, task, now), site=site, now=now)
            audit.record(db, actor=actor, action="task_escalated", subject_type="task", subject_id=task.id, now=now)
        if task.promised_at <= now and (people := everyone_above(db, task)):
            fresh = tell(db, task, service, Cause.OVERDUE, people, site=site, now=now)
            told += fresh
            if fresh:
                audit.record(db, actor=actor, action="task_overdue", subject_type="task", subject_id=task.id, now=now)
    return told


def stand_in(db: Db, task: SafetyTask, now: datetime) -> list[str]:
    """The backup, unless they are away; else whoever covers now and is not the owner; while everybody is away, all who
    may work the task.
    """
    cohort = cohort_of(db, task)
    present = [person.id for person in clinicians_for(db, cohort, now)]
    if task.backup_id in present:
        return [task.backup_id]
    others = [person for person in present if person != task.owner_id]
    return others[:1] or present or [person.id for person in clinicians_for(db, cohort)]


def everyone_above(db: Db, task: SafetyTask) -> list[str]:
    """Who hears of a promise that was not kept: who has the task, the backup and every clinical lead; without an owner,
    all who may work it.
    """
    leads = select(Person.id).where(Person.service_id == task.service_id, holding(Role.CLINICAL_LEAD), who_can_work())
    held = [each for each in (task.acknowledged_by or task.owner_id, task.backup_id) if each]
    if not held:
        held = [person.id for person in clinicians_for(db, cohort_of(db, task))]
    return list(dict.fromkeys([*held, *db.exec(leads)]))


def cohort_of(db: Db, task: SafetyTask) -> Cohort:
    return db.get_one(Cohort, db.get_one(Enrolment, task.enrolment_id).cohort_id)


def tell(
    db: Db, task: SafetyTask, service: Service, cause: Cause, people: list[str], *, site: str, now: datetime
) -> int:
    """One message a person, a cause and a day, each on record; anew once the task was opened again. Returns how many
    are new.
    """
    day, fresh = in_zone(now, service.zone).date(), 0
    before = select(TaskEscalation.told_id).where(
        TaskEscalation.task_id == task.id,
        TaskEscalation.cause == cause,
        TaskEscalation.day == day,
        TaskEscalation.opened_again == task.opened_again,
    )
    known = set(db.exec(before))
    words = NOT_TAKEN_WORDS if cause is Cause.NOT_TAKEN else OVERDUE_WORDS
    for person_id in people:
        if person_id in known:
            continue
        row = TaskEscalation(
            service_id=task.service_id,
            task_id=task.id,
            cause=cause,
            told_id=person_id,
            day=day,
            at=now,
            opened_again=task.opened_again,
        )
        db.add(row)
        key = "late" if cause is Cause.NOT_TAKEN else f"overdue-{day:%Y%m%d}"
        write(db, task, person_id, words=words, cause=key, site=site, now=now)
        fresh += 1
    db.flush()
    return fresh
