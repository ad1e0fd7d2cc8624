"""Working a safety task: who sees it, taking it, writing down what was done, closing it with a note."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.models import InstrumentResponse, SafetyTask, TaskState
from backtolife.outcomes.safety.on_call import clinicians_for
from backtolife.people.access import Actor, authorise, may, may_everywhere
from backtolife.people.asked import Asked, has_words
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, Enrolment

NO_TASK = "We could not find this task. It may belong to another group."
LONGEST_NOTE = 4000
A_PAGE = 50


@dataclass(frozen=True)
class Work:
    """A task with what its page needs: whose it is, and who acts."""

    task: SafetyTask
    response: InstrumentResponse | None
    """The form with the answer; None where the task is about warning signs."""
    enrolment: Enrolment
    cohort: Cohort
    patient: Person
    owner: Person | None
    """None while nobody in the service may work on it."""
    backup: Person | None
    taken_by: Person | None
    closed_by: Person | None

    def late(self, now: datetime) -> bool:
        return self.task.state is not TaskState.DONE and self.task.due_at < now


@dataclass(frozen=True)
class Notes:
    """What was written down about a task. `gp_informed` None means not said yet."""

    contact: str
    assessment: str
    plan: str
    gp_informed: bool | None


@dataclass(frozen=True)
class OpenTasks:
    """One page of the open tasks: `total` are on all `pages`."""

    shown: list[Work]
    total: int
    pages: int


SORTS = {"due": "What is due first", "name": "By name", "newest": "Raised last first"}


def open_tasks(db: Db, *, actor: Actor) -> list[Work]:
    """Every task not done that the actor may work on: new ones first, then by the time they are due."""
    return tasks_for(db, actor=actor, done=False)


def open_page(db: Db, *, actor: Actor, asked: Asked) -> OpenTasks:
    """The same, `A_PAGE` at once; of a page that is not there the last one."""
    seen = seen_by(db, actor=actor, done=False, asked=asked)
    pages = max(1, -(-len(seen) // A_PAGE))
    first = (min(asked.page, pages) - 1) * A_PAGE
    return OpenTasks(works_of(db, seen[first : first + A_PAGE]), len(seen), pages)


def nobody_took(db: Db, *, actor: Actor) -> int:
    """How many tasks that the actor may work on wait for somebody to take them. One statement."""
    waiting = select(func.count()).select_from(SafetyTask).join(Enrolment)
    if not may_everywhere(actor, "task.read"):
        waiting = waiting.where(col(Enrolment.cohort_id).in_(actor.cohort_ids))
    open_ones = SafetyTask.state != TaskState.DONE, col(SafetyTask.acknowledged_by).is_(None)
    return db.exec(waiting.where(SafetyTask.service_id == actor.service_id, *open_ones)).one()


def tasks_for(db: Db, *, actor: Actor, done: bool, asked: Asked | None = None) -> list[Work]:
    """The tasks that the actor may see and that fit what was asked: the open ones, or the `A_PAGE` last closed."""
    seen = seen_by(db, actor=actor, done=done, asked=asked or Asked(sort="due"))
    return works_of(db, seen[:A_PAGE] if done else seen)


def seen_by(db: Db, *, actor: Actor, done: bool, asked: Asked) -> list[tuple[SafetyTask, Enrolment]]:
    """The tasks with their places, in the order that was asked. One statement."""
    wanted = select(SafetyTask, Enrolment).join(Enrolment, col(Enrolment.id) == col(SafetyTask.enrolment_id))
    wanted = wanted.join(Person, col(Person.id) == col(Enrolment.person_id))
    wanted = wanted.where(SafetyTask.service_id == actor.service_id, has_words(asked.words, col(Person.full_name)))
    if asked.sort == "name":
        wanted = wanted.order_by(func.lower(Person.full_name))
    elif asked.sort == "newest":
        wanted = wanted.order_by(col(SafetyTask.raised_at).desc())
    if done:
        wanted = wanted.where(SafetyTask.state == TaskState.DONE).order_by(col(SafetyTask.closed_at).desc())
    else:
        wanted = wanted.where(SafetyTask.state != TaskState.DONE).order_by(
            col(SafetyTask.state), col(SafetyTask.due_at)
        )
    return [each for each in db.exec(wanted) if may(actor, "task.read", each[1])]


def works_of(db: Db, shown: Sequence[tuple[SafetyTask, Enrolment]]) -> list[Work]:
    with read_together(db, shown):
        return [as_work(db, task) for task, _ in shown]


@contextmanager
def read_together(db: Db, shown: Sequence[tuple[SafetyTask, Enrolment]]) -> Iterator[None]:
    """Holds every row that these tasks need, read in three statements, so that each is at hand when it is asked for."""
    if not shown:
        yield
        return
    tasks, places = [task for task, _ in shown], [enrolment for _, enrolment in shown]
    people = {each.person_id for each in places}
    for task in tasks:
        people |= {each for each in (task.owner_id, task.backup_id, task.acknowledged_by, task.closed_by) if each}
    cohorts, responses = {each.cohort_id for each in places}, {task.response_id for task in tasks if task.response_id}
    held = (
        db.exec(select(Person).where(col(Person.id).in_(people))).all(),
        db.exec(select(Cohort).where(col(Cohort.id).in_(cohorts))).all(),
        db.exec(select(InstrumentResponse).where(col(InstrumentResponse.id).in_(responses))).all(),
    )
    yield
    del held


def as_work(db: Db, task: SafetyTask) -> Work:
    enrolment = db.get_one(Enrolment, task.enrolment_id)
    return Work(
        task,
        db.get(InstrumentResponse, task.response_id) if task.response_id else None,
        enrolment,
        db.get_one(Cohort, enrolment.cohort_id),
        db.get_one(Person, enrolment.person_id),
        *(
            db.get(Person, each) if each else None
            for each in (task.owner_id, task.backup_id, task.acknowledged_by, task.closed_by)
        ),
    )


def find_task(db: Db, *, actor: Actor, task_id: str, action: str = "task.read", lock: bool = False) -> SafetyTask:
    """The task, when the actor may do `action` with it; `lock` holds its row. Raises NotFound otherwise."""
    task = db.get(SafetyTask, task_id, with_for_update=lock, populate_existing=lock)
    if task is None:
        raise NotFound(NO_TASK)
    authorise(actor, action, db.get_one(Enrolment, task.enrolment_id))
    return task


def look_at(db: Db, *, actor: Actor, task_id: str, now: datetime) -> Work:
    """The task for its page. Looking leaves a trace, because an answer is shown."""
    work = as_work(db, find_task(db, actor=actor, task_id=task_id))
    audit.record(db, actor=actor, action="task_seen", subject_type="task", subject_id=task_id, now=now)
    return work


def take(db: Db, *, actor: Actor, task_id: str, now: datetime) -> SafetyTask:
    """“I have this”: the others see who has it. Raises Conflict when someone else took it first."""
    task = find_task(db, actor=actor, task_id=task_id, action="task.work", lock=True)
    if task.state is TaskState.DONE:
        raise Conflict("This task is done already. Nothing was changed.")
    if task.state is TaskState.TAKEN:
        if task.acknowledged_by == actor.id:
            return task
        holder = db.get_one(Person, task.acknowledged_by)
        raise Conflict(f"{isolated(holder.shown_name)} has this task already. Talk to them before you do anything.")
    task.state, task.acknowledged_by, task.acknowledged_at = TaskState.TAKEN, actor.id, now
    if task.backup_id in (None, actor.id):  # the same person twice would be no backup at all
        task.owner_id, task.backup_id = actor.id, another_for(db, task, but=actor.id, now=now)
    audit.record(db, actor=actor, action="task_taken", subject_type="task", subject_id=task.id, now=now)
    return task


def another_for(db: Db, task: SafetyTask, *, but: str, now: datetime) -> str | None:
    """Who is the backup of whoever takes a task: the next who covers now, else the next who may work it at all."""
    cohort = db.get_one(Cohort, db.get_one(Enrolment, task.enrolment_id).cohort_id)
    row = (*clinicians_for(db, cohort, now), *clinicians_for(db, cohort))
    return next((person.id for person in row if person.id != but), None)


def note(db: Db, *, actor: Actor, task_id: str, notes: Notes, now: datetime, seen: int | None = None) -> SafetyTask:
    """Write down contact, assessment, plan and whether the GP knows. The task stays open.

    `seen`: how often it had been opened again when its page was shown; None where nobody knows. Raises Conflict for a
    task nobody has taken, that is done, or that was closed and opened again since; Invalid for a text that is too long.
    """
    task = find_task(db, actor=actor, task_id=task_id, action="task.work", lock=True)
    if seen is not None and seen != task.opened_again:
        raise Conflict(
            "This task was closed and opened again while you were on the page. Your words are not saved yet."
        )
    if task.state is TaskState.NEW:
        raise Conflict("Take this task first, so that the others see who has it.")
    if task.state is TaskState.DONE:
        raise Conflict("This task is closed, so its notes can no longer change.")
    for name in ("contact", "assessment", "plan"):
        words = getattr(notes, name).strip()
        if len(words) > LONGEST_NOTE:
            raise Invalid(f"Please keep this under {LONGEST_NOTE} characters.", name)
        setattr(task, name, words)
    task.gp_informed = notes.gp_informed
    audit.record(db, actor=actor, action="task_noted", subject_type="task", subject_id=task.id, now=now)
    return task


def close(db: Db, *, actor: Actor, task_id: str, notes: Notes, now: datetime, seen: int | None = None) -> SafetyTask:
    """Close a task with its notes. Raises Invalid, naming the field, until all four are written; else as `note`."""
    for name, ask in (
        ("contact", "Write how and when you reached them, or how you tried."),
        ("assessment", "Write what you found."),
        ("plan", "Write what was agreed."),
    ):
        if not getattr(notes, name).strip():
            raise Invalid(ask, name)
    if notes.gp_informed is None:
        raise Invalid("Say whether their GP has been told.", "gp_informed")
    task = note(db, actor=actor, task_id=task_id, notes=notes, now=now, seen=seen)
    task.state, task.closed_by, task.closed_at = TaskState.DONE, actor.id, now
    audit.record(db, actor=actor, action="task_closed", subject_type="task", subject_id=task.id, now=now)
    return task
