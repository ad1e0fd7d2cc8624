"""Windows that are longer for one patient than for the group: opened again by staff, or for somebody who came late."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.schedule import Ask
from backtolife.outcomes.forms.models import Reopening
from backtolife.programme.cohorts.models import Enrolment, EnrolmentChange, PlaceMove, SessionDate
from backtolife.programme.cohorts.place_dates import Change, place_dates
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.transfer import arrived_at, arrived_by


def opened_and_moved(
    db: Db, places: Collection[Enrolment]
) -> tuple[dict[str, dict[str, datetime]], dict[str, PlaceMove]]:
    """What sets windows of a place apart: up to when staff opened each milestone again, by place and milestone, and
    every move from group to group, by its id. One statement.
    """
    wanted = (
        select(Enrolment.id, Reopening, PlaceMove)
        .join(Reopening, col(Reopening.enrolment_id) == col(Enrolment.id), isouter=True)
        .join(PlaceMove, col(PlaceMove.enrolment_id) == col(Enrolment.id), isouter=True)
        .where(
            col(Enrolment.id).in_([each.id for each in places]),
            or_(col(Reopening.id).is_not(None), col(PlaceMove.id).is_not(None)),
        )
    )
    found: dict[str, dict[str, datetime]] = {}
    moves: dict[str, PlaceMove] = {}
    for place_id, opened, move in db.exec(wanted) if places else ():
        if opened is not None:
            theirs = found.setdefault(place_id, {})
            theirs[opened.milestone_id] = max(opened.until, theirs.get(opened.milestone_id, opened.until))
        if move is not None:
            moves[move.id] = move
    return found, moves


def windows_of_each(
    db: Db, places: Collection[Enrolment], asks: Sequence[Ask], *, dates: Sequence[SessionDate] | None = None
) -> dict[str, dict[str, datetime]]:
    """Up to when each of `asks` is open to each of these, by place and milestone, where that is longer than for all.

    The places are of one group.
    """
    found, new = opened_and_new(db, places)
    if dates is None and places and any(ask.before_start for ask in asks):
        dates = dates_of(db, next(iter(places)).cohort_id)
    return longer_for_late(found, new, asks, dates or [])


def opened_and_new(db: Db, places: Collection[Enrolment]) -> tuple[dict[str, dict[str, datetime]], dict[str, datetime]]:
    """Of places of any groups: up to when staff opened what again, by place and milestone, and since when those who had
    not started elsewhere are in their group. Two statements at most.
    """
    found, moves = opened_and_moved(db, places)
    return found, new_among(db, places, arrived_by(places, moves.values()))


def longer_for_late(
    opened: Mapping[str, Mapping[str, datetime]],
    new: Mapping[str, datetime],
    asks: Sequence[Ask],
    dates: Sequence[SessionDate],
) -> dict[str, dict[str, datetime]]:
    """The windows in `opened`, and those of whoever of `new` came to the group on these dates late.

    Whoever comes once its first session has begun was not asked before: what was asked then is open to them until the
    first session that they can come to from its beginning.
    """
    found = {place_id: dict(theirs) for place_id, theirs in opened.items()}
    before = [ask for ask in asks if ask.before_start]
    if not before:
        return found
    begun = min((each.starts_at for each in dates), default=None)
    for place_id, since in new.items():
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
    return new_among(db, places, arrived_at(db, places))


def new_among(db: Db, places: Collection[Enrolment], since: Mapping[str, datetime]) -> dict[str, datetime]:
    """The same where it is at hand since when each is in its group."""
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
