"""The first session of somebody who comes new, as the dates are now and as they were when a message told of it."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.changes.models import DatesChange
from backtolife.programme.changes.moving import as_before, meetings_of
from backtolife.programme.changes.rules import Meetings
from backtolife.programme.cohorts.rules import first_start
from backtolife.programme.cohorts.services import dates_of_each


class FirstSessions:
    """The dates of some groups and what was changed of them: two statements, however many groups there are."""

    def __init__(self, db: Db, cohort_ids: Collection[str]) -> None:
        dates = dates_of_each(db, cohort_ids)
        self.meetings = {each: meetings_of(dates[each], {}) for each in cohort_ids}
        self.newest_first: dict[str, list[DatesChange]] = {each: [] for each in cohort_ids}
        changes = select(DatesChange).where(col(DatesChange.cohort_id).in_(cohort_ids))
        for change in db.exec(changes.order_by(col(DatesChange.version).desc())):
            self.newest_first[change.cohort_id].append(change)

    def at(self, cohort_id: str, now: datetime) -> datetime | None:
        """When it is, for who says yes now; None where the group meets no more."""
        return first_of(self.meetings[cohort_id], now)

    def as_told(self, cohort_id: str, then: datetime) -> datetime | None:
        """When it was, by the dates of `then`."""
        meetings = self.meetings[cohort_id]
        for change in self.newest_first[cohort_id]:
            if change.at > then:
                meetings = as_before(meetings, change)
        return first_of(meetings, then)


def first_of(meetings: Meetings, now: datetime) -> datetime | None:
    return first_start(((each.starts_at, each.left_out) for each in meetings), now)
