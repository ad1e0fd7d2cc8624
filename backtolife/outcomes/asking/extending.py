"""Windows that are longer for one patient than for the group: opened again by staff, or for somebody who came late."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.schedule import Ask
from backtolife.outcomes.forms.models import Reopening
from backtolife.programme.cohorts.models import Enrolment, EnrolmentChange
from backtolife.programme.cohorts.place_dates import Change, place_dates
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.transfer import arrived_at


def reopened_of_each(db: Db, enrolment_ids: Collection[str]) -> dict[str, dict[str, datetime]]:
    """Up to when staff opened each milestone again, by place and milestone."""
    found: dict[str, dict[str, datetime]] = {}
    for row in db.exec(select(Reopening).where(col(Reopening.enrolment_id).in_(enrolment_ids))):
        theirs = found.setdefault(row.enrolment_id, {})
        theirs[row.milestone_id] = max(row.until, theirs.get(row.milestone_id, row.until))
    return found


def windows_of_each(db: Db, places: Collection[Enrolment], asks: Sequence[Ask]) -> dict[str, dict[str, datetime]]:
    """Up to when each of `asks` is open to each of these, by place and milestone, where that is longer than for all.

    The places are of one group. Whoever comes once its first session has begun was not asked before: what was asked
    then is open to them until the first session that they can come to from its beginning.
    """
    found = reopened_of_each(db, [each.id for each in places])
    before = [ask for ask in asks if ask.before_start]
    if not before or not places:
        return found
    dates = dates_of(db, next(iter(places)).cohort_id)
    begun = min((each.starts_at for each in dates), default=None)
    for place_id, since in new_since(db, places).items():
        first = next((each.starts_at for each in dates if each.left_out_at is None and each.starts_at > since), None)
        if begun is None or since < begun or first is None:
            continue
        theirs = found.setdefault(place_id, {})
        for ask in before:
            if first > ask.closes_at:
                theirs[ask.id] = max(first, theirs.get(ask.id, first))
    return found


def new_since(db: Db, places: Collection[Enrolment]) -> dict[str, datetime]:
    """Since when each is in the group, by place. Who had started in another group is left out: what they say now is
    not how they were before they started.
    """
    since = arrived_at(db, places)
    moved = [each.id for each in places if since[each.id] > each.enrolled_at]
    changes: dict[str, list[Change]] = {}
    for row in db.exec(select(EnrolmentChange).where(col(EnrolmentChange.enrolment_id).in_(moved))) if moved else ():
        changes.setdefault(row.enrolment_id, []).append((row.state, row.at, row.reason))
    started = {each: place_dates(kept).get(EnrolmentState.STARTED) for each, kept in changes.items()}
    return {each: at for each, at in since.items() if (started.get(each) or at) >= at}


def window_for(db: Db, place: Enrolment, ask: Ask) -> Ask:
    """The milestone with its window as it is for this place."""
    return extended(ask, windows_of_each(db, [place], [ask]).get(place.id, {}).get(ask.id))


def extended(ask: Ask, until: datetime | None) -> Ask:
    """The milestone with its window as it is for this patient."""
    return ask if until is None or until <= ask.closes_at else replace(ask, closes_at=until)
