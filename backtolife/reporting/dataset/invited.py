"""Who was asked what, and from when: the one definition that pages and files share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.extending import new_since
from backtolife.outcomes.asking.schedule import Ask
from backtolife.programme.cohorts.models import Enrolment, EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.consent.yeses import Yes, yeses_to_later
from backtolife.programme.places.transfer import arrived_at

LEFT = frozenset(
    {
        EnrolmentState.WITHDRAWN,
        EnrolmentState.DECLINED,
        EnrolmentState.OFFER_TAKEN_BACK,
        EnrolmentState.DIED,
    }
)


@dataclass(frozen=True)
class Stay:
    """From when to when somebody belonged to a group; `left_at` is None while they do."""

    enrolled_at: datetime
    came_at: datetime
    """Since when they have been in the group they are in now: later than their place where they moved."""
    left_at: datetime | None
    new: bool = True
    """False for who had started in another group: nobody asks them any more how they were before."""
    yeses: tuple[Yes, ...] = ()
    """When they could be asked some months after the end, having left."""


def stays_of(db: Db, places: Collection[Enrolment]) -> dict[str, Stay]:
    """The stay of each of these, by enrolment id."""
    left, came, new = left_at(db, places), arrived_at(db, places), new_since(db, places)
    gone = {each.person_id for each in places if each.state is EnrolmentState.WITHDRAWN}
    said = yeses_to_later(db, gone) if gone else {}
    return {
        each.id: Stay(
            each.enrolled_at,
            came[each.id],
            left.get(each.id),
            each.id in new,
            tuple(said.get(each.person_id, ())) if each.state is EnrolmentState.WITHDRAWN else (),
        )
        for each in places
    }


def left_at(db: Db, enrolments: Iterable[Enrolment]) -> dict[str, datetime]:
    """When each of those who have left did so, by enrolment id."""
    gone = [each.id for each in enrolments if each.state in LEFT]
    wanted = select(EnrolmentChange).where(
        col(EnrolmentChange.enrolment_id).in_(gone), col(EnrolmentChange.state).in_(LEFT)
    )
    return {change.enrolment_id: change.at for change in db.exec(wanted.order_by(col(EnrolmentChange.at)))}


def invited_at(stay: Stay, ask: Ask, now: datetime) -> datetime | None:
    """When these questions opened to this person; None when they have not, or never did while they belonged.

    Who has left counts by what they had said by then, and not by what they or the service say today.
    """
    if ask.before_start and not stay.new:
        return None
    at = max(ask.opens_at, stay.came_at)
    if stay.left_at is not None and stay.left_at <= at:
        later = first_within(stay.yeses, at) if ask.later else None
        if later is None:
            return None
        at = later
    return None if at > now or at >= ask.closes_at else at


def first_within(yeses: Iterable[Yes], at: datetime) -> datetime | None:
    """The first moment from `at` on at which one of these stood."""
    stood = [max(at, each.since) for each in yeses if each.until is None or max(at, each.since) < each.until]
    return min(stood, default=None)
