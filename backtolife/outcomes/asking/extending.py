"""Windows that staff opened again for one patient, longer than for the group."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.schedule import Ask
from backtolife.outcomes.forms.models import Reopening


def reopened_until(db: Db, enrolment_id: str) -> dict[str, datetime]:
    """Up to when each milestone of one patient was opened again, by milestone."""
    return reopened_of_each(db, [enrolment_id]).get(enrolment_id, {})


def reopened_of_each(db: Db, enrolment_ids: Collection[str]) -> dict[str, dict[str, datetime]]:
    """The same of many patients at once, by patient."""
    found: dict[str, dict[str, datetime]] = {}
    for row in db.exec(select(Reopening).where(col(Reopening.enrolment_id).in_(enrolment_ids))):
        theirs = found.setdefault(row.enrolment_id, {})
        theirs[row.milestone_id] = max(row.until, theirs.get(row.milestone_id, row.until))
    return found


def extended(ask: Ask, until: datetime | None) -> Ask:
    """The milestone with its window as it is for this patient."""
    return ask if until is None or until <= ask.closes_at else replace(ask, closes_at=until)
