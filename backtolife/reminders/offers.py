"""Who was offered a place hears of it, once more half way, and anew where what was written was true no more."""

from collections.abc import Collection, Iterator
from datetime import datetime

from backtolife.database.session import Db
from backtolife.programme.places.offer_lists import to_write_about
from backtolife.programme.places.offers import first_session, invitation_key, offer_values, offered_by
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.facts import Facts
from backtolife.reminders.rules import Window


def groups_with_offers(db: Db, service_ids: Collection[str], now: datetime, by: datetime) -> set[str]:
    """The groups with an offer to write about from now until `by`. One statement."""
    return {each.place.cohort_id for each in to_write_about(db, service_ids=service_ids, now=now, by=by)}


def offer_letters(facts: Facts, site: str, *, now: datetime) -> Iterator[DueMessage]:
    """The invitation of whom none reached or waits for any more, and once, half way, that there is no answer yet."""
    if first_session(facts.dates, now) is None:
        return
    for each in facts.offers:
        values, place = offer_values(facts.dates, facts.cohort, each.made, site, now), each.place
        window = Window(each.due_at, each.made.answer_by)
        if each.invited_at is None:
            values |= offered_by(facts.offered_by.get(each.made.offered_by))
            yield DueMessage(each.person, "invitation", invitation_key(place.id), values, window)
        else:
            yield DueMessage(each.person, "invitation-reminder", f"invitation-reminder:{place.id}", values, window)
