"""The list of groups, searched and sorted in the database."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor, may_everywhere
from backtolife.people.asked import Asked, has_words
from backtolife.programme.cohorts.models import Cohort, SessionDate

SORTS = {"newest": "Began last first", "name": "By name", "next": "Next session first"}


def group_list(db: Db, *, actor: Actor, asked: Asked, archived: bool, now: datetime) -> list[Cohort]:
    """The groups that the actor may look at and that fit what was asked; those put away only when asked for. One
    statement.
    """
    wanted = select(Cohort).where(
        Cohort.service_id == actor.service_id,
        col(Cohort.archived_at).is_not(None) == archived,
        has_words(asked.words, col(Cohort.name)),
    )
    if not may_everywhere(actor, "cohort.read"):
        wanted = wanted.where(col(Cohort.id).in_(actor.cohort_ids))
    coming = select(func.min(SessionDate.starts_at)).where(
        SessionDate.cohort_id == col(Cohort.id), SessionDate.ends_at > now, col(SessionDate.left_out_at).is_(None)
    )
    first = coming.correlate(Cohort).scalar_subquery()
    name = (func.lower(Cohort.name), col(Cohort.id))
    order = {
        "newest": (col(Cohort.first_day).desc(), *name),
        "name": name,
        "next": (first.is_(None), first, *name),
    }[asked.sort]
    return list(db.exec(wanted.order_by(*order)))
