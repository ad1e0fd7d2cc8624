"""Whoever will not come, or could not be reached, reads what happens now and how to come back."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.places.models import OfferAnswer
from backtolife.programme.places.rules import Said

LETTERS = {Said.NO: "offer-declined", Said.NOT_NOW: "offer-not-now", Said.NOTHING: "offer-not-reached"}
"""By what was answered; a yes is followed by the welcome."""


def tell_answered(db: Db, *, place: Enrolment, cohort: Cohort, answer: OfferAnswer, now: datetime) -> bool:
    """Queue the letter that follows an answer to an offer. Returns whether one was queued: not for a yes, nor for an
    answer that changed nothing.
    """
    template = LETTERS.get(answer.said)
    if template is None or not answer.counted:
        return False
    person, key = db.get_one(Person, place.person_id), f"{template}:{answer.id}:{place.id}"
    return tell(db, person=person, cohort=cohort, template=template, key=key, values={}, now=now)
