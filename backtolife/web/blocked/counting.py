"""Counting what browsers blocked, and looking it up."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from backtolife.database.session import Db, one_at_a_time
from backtolife.web.blocked.models import BlockedCount
from backtolife.web.blocked.reading import Blocked

KEPT_FOR = timedelta(days=90)
SHOWN = 200
"""So long after it was last seen a row stays."""


def count(db: Db, found: Iterable[Blocked], *, now: datetime) -> None:
    """Add to the numbers; what was last seen long ago goes."""
    one_at_a_time(db, "blocked")
    db.exec(delete(BlockedCount).where(col(BlockedCount.last_at) < now - KEPT_FOR))
    for each, times in Counter(found).items():
        wanted = select(BlockedCount).where(
            BlockedCount.directive == each.directive, BlockedCount.page == each.page, BlockedCount.kind == each.kind
        )
        row = db.exec(wanted).first()
        if row is None:
            row = BlockedCount(
                directive=each.directive, page=each.page, kind=each.kind, times=0, first_at=now, last_at=now
            )
            db.add(row)
        row.times, row.last_at = row.times + times, now
        db.flush()


def counted(db: Db, *, now: datetime) -> list[BlockedCount]:
    """What is kept, the newest first, and no more than a page of it: anybody may send reports."""
    wanted = select(BlockedCount).where(col(BlockedCount.last_at) >= now - KEPT_FOR)
    return list(db.exec(wanted.order_by(col(BlockedCount.last_at).desc(), col(BlockedCount.id)).limit(SHOWN)))
