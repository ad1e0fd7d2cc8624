"""What became of the warning signs that patients ticked, for staff who read of them elsewhere: who took and closed it.

Only that, and when: what was said and found stays on the task.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.models import SafetyTask
from backtolife.people.models import Person
from backtolife.people.names import isolated


@dataclass(frozen=True)
class Became:
    """Names are empty, and times None, until somebody takes the task, and until somebody closes it."""

    taken_by: str
    taken_at: datetime | None
    closed_by: str
    closed_at: datetime | None
    opened_again: int = 0
    """How often it was closed and opened again."""


def became_of_signs(db: Db, *, enrolment_ids: Collection[str]) -> dict[tuple[str, str], Became]:
    """By live session and place: the newest task about the signs ticked before that session. One statement."""
    taker, closer = aliased(Person), aliased(Person)
    wanted = (
        select(SafetyTask, taker.full_name, closer.full_name)
        .join(taker, col(taker.id) == col(SafetyTask.acknowledged_by), isouter=True)
        .join(closer, col(closer.id) == col(SafetyTask.closed_by), isouter=True)
        .where(col(SafetyTask.enrolment_id).in_(enrolment_ids), col(SafetyTask.group_session_id).is_not(None))
        .order_by(col(SafetyTask.raised_at))
    )
    return {
        (task.group_session_id or "", task.enrolment_id): Became(
            isolated(took or ""), task.acknowledged_at, isolated(closed or ""), task.closed_at, task.opened_again
        )
        for task, took, closed in db.exec(wanted)
    }
