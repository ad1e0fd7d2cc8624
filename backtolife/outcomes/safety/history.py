"""What became of a safety task over time: each closing that did not last, and each note added after a closing."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety.history_models import TaskNote, TaskReopening
from backtolife.people.access import Actor, may
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment


@dataclass(frozen=True)
class Added:
    """A note that was added after a closing."""

    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class Closing:
    """One closing that did not last: how it was closed, what was added to it, and who opened it again and why."""

    row: TaskReopening
    closed_by: str
    opened_by: str
    notes: list[Added]


@dataclass(frozen=True)
class History:
    """The earlier closings, the oldest first; `notes` were added to what stands now."""

    earlier: list[Closing]
    notes: list[Added]


@dataclass(frozen=True)
class Told:
    """A task on the page of its patient."""

    task: SafetyTask
    closed_by: str
    taken_by: str
    history: History


def histories_of(db: Db, tasks: Collection[SafetyTask]) -> dict[str, History]:
    """By the id of the task. Two statements, or three where there is anything; of no task none."""
    ids = [each.id for each in tasks]
    if not ids:
        return {}
    opened: dict[str, list[TaskReopening]] = defaultdict(list)
    added: dict[str, list[TaskNote]] = defaultdict(list)
    reopenings = select(TaskReopening).where(col(TaskReopening.task_id).in_(ids))
    for row in db.exec(reopenings.order_by(col(TaskReopening.number))):
        opened[row.task_id].append(row)
    for note in db.exec(select(TaskNote).where(col(TaskNote.task_id).in_(ids)).order_by(col(TaskNote.at))):
        added[note.task_id].append(note)
    who = {each.by for rows in added.values() for each in rows}
    who |= {one for rows in opened.values() for each in rows for one in (each.by, each.closed_by)}
    names = names_of(db, who)
    return {key: in_order(opened[key], added[key], names) for key in ids}


def names_of(db: Db, who: Collection[str]) -> dict[str, str]:
    if not who:
        return {}
    return dict(db.exec(select(Person.id, Person.full_name).where(col(Person.id).in_(who))).all())


def in_order(opened: list[TaskReopening], added: list[TaskNote], names: dict[str, str]) -> History:
    """Each note stands with the closing that it was added to."""
    notes = [Added(each.at, names[each.by], each.text) for each in added]
    earlier, since = [], None
    for row in opened:
        theirs = [each for each in notes if (since is None or each.at > since) and each.at <= row.at]
        earlier.append(Closing(row, names[row.closed_by], names[row.by], theirs))
        since = row.at
    return History(earlier, [each for each in notes if since is None or each.at > since])


def history_of(db: Db, task: SafetyTask) -> History:
    return histories_of(db, [task])[task.id]


def tasks_about(db: Db, *, actor: Actor, enrolment: Enrolment) -> list[Told]:
    """Every task about the patient of this place, the newest first; none for who may not read them."""
    if not may(actor, "task.read", enrolment):
        return []
    wanted = select(SafetyTask).where(SafetyTask.enrolment_id == enrolment.id)
    tasks = db.exec(wanted.order_by(col(SafetyTask.raised_at).desc())).all()
    histories = histories_of(db, tasks)
    names = names_of(db, {one for each in tasks for one in (each.closed_by, each.acknowledged_by) if one})
    return [
        Told(each, names.get(each.closed_by or "", ""), names.get(each.acknowledged_by or "", ""), histories[each.id])
        for each in tasks
    ]
