"""Who was offered a place hears of it, once more half way, and anew where what was written was true no more."""

from collections.abc import Collection, Iterator
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.offer_lists import to_write_about
from backtolife.programme.places.offers import first_session, invitation_key, offer_values, offered_by
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.rules import Window


def groups_with_offers(db: Db, service_ids: Collection[str], now: datetime, by: datetime) -> set[str]:
    """The groups with an offer to write about from now until `by`. One statement."""
    return {each.place.cohort_id for each in to_write_about(db, service_ids=service_ids, now=now, by=by)}


def offer_letters(db: Db, cohort: Cohort, site: str, *, now: datetime, by: datetime) -> Iterator[DueMessage]:
    """The invitation of whom none reached or waits for any more, and once, half way, that there is no answer yet: what
    is due until `by`.
    """
    here = to_write_about(db, service_ids=[cohort.service_id], now=now, by=by)
    waiting = [each for each in here if each.place.cohort_id == cohort.id]
    dates = dates_of(db, cohort.id) if waiting else []
    if first_session(dates, now) is None:
        return
    for each in waiting:
        values, place = offer_values(dates, cohort, each.made, site, now), each.place
        window = Window(each.due_at, each.made.answer_by)
        if each.invited_at is None:
            values |= offered_by(db.get(Person, each.made.offered_by))
            yield DueMessage(each.person, "invitation", invitation_key(place.id), values, window)
        else:
            yield DueMessage(each.person, "invitation-reminder", f"invitation-reminder:{place.id}", values, window)
