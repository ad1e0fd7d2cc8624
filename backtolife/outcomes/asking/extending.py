"""Windows that are longer for one patient than for the group: opened again by staff, or for who came late."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.schedule import Ask
from backtolife.outcomes.forms.models import Reopening
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of, next_date


def reopened_of_each(db: Db, enrolment_ids: Collection[str]) -> dict[str, dict[str, datetime]]:
    """Up to when staff opened each milestone again, by place and milestone."""
    found: dict[str, dict[str, datetime]] = {}
    for row in db.exec(select(Reopening).where(col(Reopening.enrolment_id).in_(enrolment_ids))):
        theirs = found.setdefault(row.enrolment_id, {})
        theirs[row.milestone_id] = max(row.until, theirs.get(row.milestone_id, row.until))
    return found


def windows_of_each(db: Db, places: Collection[Enrolment], asks: Sequence[Ask]) -> dict[str, dict[str, datetime]]:
    """Up to when each of `asks` is open to each of these, by place and milestone, where that is longer than for all.

    The places are of one group. Whoever comes after a window before the start has closed was never asked: theirs is
    open until the first session they can come to.
    """
    found = reopened_of_each(db, [each.id for each in places])
    before = [ask for ask in asks if ask.session == 1 and not ask.after_session and not ask.later]
    late = [each for each in places if any(ask.closes_at <= each.enrolled_at for ask in before)]
    if not late:
        return found
    dates = dates_of(db, late[0].cohort_id)
    for place in late:
        first = next_date(dates, place.enrolled_at)
        if first is None or first.number == 1:
            continue
        theirs = found.setdefault(place.id, {})
        for ask in before:
            if ask.closes_at <= place.enrolled_at:
                theirs[ask.id] = max(first.starts_at, theirs.get(ask.id, first.starts_at))
    return found


def window_for(db: Db, place: Enrolment, ask: Ask) -> Ask:
    """The milestone with its window as it is for this place."""
    return extended(ask, windows_of_each(db, [place], [ask]).get(place.id, {}).get(ask.id))


def extended(ask: Ask, until: datetime | None) -> Ask:
    """The milestone with its window as it is for this patient."""
    return ask if until is None or until <= ask.closes_at else replace(ask, closes_at=until)
