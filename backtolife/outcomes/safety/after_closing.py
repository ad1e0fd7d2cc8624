"""A closed safety task is put right: a note is added to it, or it is opened again. What stood there stays as it was."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.outcomes.safety.history_models import TaskNote, TaskReopening
from backtolife.outcomes.safety.on_call import clinicians_for
from backtolife.outcomes.safety.raising import OPENED_AGAIN_WORDS, About, open_task, times_for, write
from backtolife.outcomes.safety.tasks import LONGEST_NOTE, another_for, find_task
from backtolife.people.access import Actor
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, Enrolment

LONGEST_REASON = 500


def add_note(db: Db, *, actor: Actor, task_id: str, text: str, now: datetime) -> TaskNote:
    """Add a note to a task that was closed; what was written at closing stays. Saved twice, it is there once.

    Somebody may have opened the task again meanwhile: the note is kept all the same. Raises Conflict for a task that
    was never closed, Invalid for a note that is empty or too long.
    """
    task = find_task(db, actor=actor, task_id=task_id, action="task.work", lock=True)
    if not may_be_added_to(task):
        raise Conflict("This task is open. Write in its own notes.")
    words = text.strip()
    if not words:
        raise Invalid("Write the note.", "text")
    if len(words) > LONGEST_NOTE:
        raise Invalid(f"Please keep this under {LONGEST_NOTE} characters.", "text")
    newest = db.exec(
        select(TaskNote).where(TaskNote.task_id == task.id).order_by(col(TaskNote.at).desc()).limit(1)
    ).first()
    if newest is not None and (newest.by, newest.text) == (actor.id, words):
        return newest
    row = TaskNote(service_id=task.service_id, task_id=task.id, by=actor.id, at=now, text=words)
    db.add(row)
    db.flush()
    audit.record(db, actor=actor, action="task_note_added", subject_type="task", subject_id=task.id, now=now)
    return row


def may_be_added_to(task: SafetyTask) -> bool:
    """Whether it was ever closed. Until then it has notes of its own."""
    return task.state is TaskState.DONE or task.opened_again > 0


def open_again(
    db: Db, *, actor: Actor, task_id: str, reason: str, seen: int | None, site: str, now: datetime
) -> TaskReopening:
    """Open a closed task again. Whoever opens it has it, so that nobody has to be found first; somebody else is the
    backup, and it has the time that a task of its level raised `now` has. Its notes begin empty; how it was closed
    before moves to the history, word for word. Who closed it is told, where they still may work on it.

    `seen`: how often it had been opened again when its page was shown; None where nobody knows. Raises Invalid without
    a reason, Conflict where it is open, was opened again and closed meanwhile, or a newer one about the same is open.
    """
    task = find_task(db, actor=actor, task_id=task_id, action="task.work")
    one_at_a_time(db, f"tasks:{task.response_id or f'{task.group_session_id}:{task.enrolment_id}'}")
    task = find_task(db, actor=actor, task_id=task_id, action="task.work", lock=True)
    enrolment = db.get_one(Enrolment, task.enrolment_id)
    refuse_unfit(db, task, enrolment, seen)
    words = reason.strip()
    if not words:
        raise Invalid("Write why it is opened again.", "reason")
    if len(words) > LONGEST_REASON:
        raise Invalid(f"Please keep this under {LONGEST_REASON} characters.", "reason")
    row = TaskReopening(**closing_of(task), number=task.opened_again + 1, by=actor.id, at=now, reason=words)
    db.add(row)
    service, cohort = db.get_one(Service, task.service_id), db.get_one(Cohort, enrolment.cohort_id)
    times = times_for(db, service, cohort, task.level, now)
    task.due_at, task.promised_at, task.escalates_at = times.due_at, times.promised_at, times.escalates_at
    task.escalated_at = task.closed_by = task.closed_at = task.gp_informed = None
    task.contact = task.assessment = task.plan = ""
    task.opened_again += 1
    task.state, task.acknowledged_by, task.acknowledged_at = TaskState.TAKEN, actor.id, now
    task.owner_id, task.backup_id = actor.id, another_for(db, task, but=actor.id, now=now)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="task_opened_again",
        subject_type="task",
        subject_id=task.id,
        now=now,
        times=task.opened_again,
    )
    if row.closed_by != actor.id and row.closed_by in {each.id for each in clinicians_for(db, cohort)}:
        write(db, task, row.closed_by, words=OPENED_AGAIN_WORDS, cause="opened", site=site, now=now)
    return row


def refuse_unfit(db: Db, task: SafetyTask, enrolment: Enrolment, seen: int | None) -> None:
    """Raise Conflict where there is nothing to open, or somebody else was quicker."""
    if task.state is not TaskState.DONE:
        if not task.opened_again:
            raise Conflict("This task is open. There is nothing to open again.")
        raise Conflict(f"{opener(db, task)} has opened this task again already. Nothing was changed.")
    if seen is not None and seen != task.opened_again:
        raise Conflict(
            f"{opener(db, task)} opened this task again while you were on the page, and it was closed again. "
            "Read how it was closed before you open it once more."
        )
    about = About(task.response_id, task.item, task.group_session_id)
    if open_task(db, enrolment, about) is not None:
        raise Conflict("A newer task about the same is open. Work on that one, or add a note to this one.")


def opener(db: Db, task: SafetyTask) -> str:
    """Who opened the task again last."""
    wanted = (
        select(Person)
        .join(TaskReopening, col(TaskReopening.by) == col(Person.id))
        .where(TaskReopening.task_id == task.id, TaskReopening.number == task.opened_again)
    )
    return isolated(db.exec(wanted).one().full_name)


def closing_of(task: SafetyTask) -> dict[str, Any]:
    """How the task stands closed, as its history keeps it."""
    return {
        "service_id": task.service_id,
        "task_id": task.id,
        "taken_by": task.acknowledged_by,
        "taken_at": task.acknowledged_at,
        **{
            name: getattr(task, name)
            for name in ("promised_at", "closed_by", "closed_at", "contact", "assessment", "plan", "gp_informed")
        },
    }
