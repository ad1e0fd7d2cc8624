"""Windows that staff opened again for one patient, longer than for the group."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import select

from backtolife.db import Db
from backtolife.outcomes.asking import Ask
from backtolife.outcomes.form_models import Reopening


def reopened_until(db: Db, enrolment_id: str) -> dict[str, datetime]:
    """Up to when each milestone of one patient was opened again, by milestone."""
    found: dict[str, datetime] = {}
    for row in db.exec(select(Reopening).where(Reopening.enrolment_id == enrolment_id)):
        found[row.milestone_id] = max(row.until, found.get(row.milestone_id, row.until))
    return found


def extended(ask: Ask, until: datetime | None) -> Ask:
    """The milestone with its window as it is for this patient."""
    return ask if until is None or until <= ask.closes_at else replace(ask, closes_at=until)
