"""Who was asked what, and from when: the one definition that pages and files share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.schedule import Ask
from backtolife.programme.cohorts.models import Enrolment, EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState

LEFT = frozenset({EnrolmentState.WITHDRAWN, EnrolmentState.DECLINED, EnrolmentState.DIED})


@dataclass(frozen=True)
class Stay:
    """From when to when somebody belonged to a group; `left_at` is None while they do."""

    enrolled_at: datetime
    left_at: datetime | None
    agreed_later: bool = False
    """Who has left is still asked some months after the end."""


def stay_of(enrolment: Enrolment, left: dict[str, datetime]) -> Stay:
    return Stay(enrolment.enrolled_at, left.get(enrolment.id), enrolment.agreed_later)


def left_at(db: Db, enrolments: Iterable[Enrolment]) -> dict[str, datetime]:
    """When each of those who have left did so, by enrolment id."""
    gone = [each.id for each in enrolments if each.state in LEFT]
    wanted = select(EnrolmentChange).where(
        col(EnrolmentChange.enrolment_id).in_(gone), col(EnrolmentChange.state).in_(LEFT)
    )
    return {change.enrolment_id: change.at for change in db.exec(wanted.order_by(col(EnrolmentChange.at)))}


def invited_at(stay: Stay, ask: Ask, now: datetime) -> datetime | None:
    """When these questions opened to this person; None when they have not, or never did while they belonged."""
    at = max(ask.opens_at, stay.enrolled_at)
    gone = stay.left_at is not None and stay.left_at <= at and not (stay.agreed_later and ask.later)
    return None if at > now or at >= ask.closes_at or gone else at
