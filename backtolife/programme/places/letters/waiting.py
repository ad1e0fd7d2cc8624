"""Whoever is put on the waiting list, or taken off it without a place, is told so in kind words."""

from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.mail.delivery import NOT_OUT, MessageState, OutgoingMessage
from backtolife.people.models import Person
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.places.models import Waiting

ON, OFF, NOT_REACHED = "waiting-list", "waiting-ended", "waiting-not-reached"
NO_CONTACT = "no_contact"
"""Why somebody was taken off the list whom staff tried to reach and could not."""


def tell_on_list(db: Db, *, row: Waiting, now: datetime) -> bool:
    """Queue the letter to who waits now. Returns whether one was queued: not where the letter that they wait no more
    had not gone yet, which then goes no more.
    """
    gone = [forget(db, row, each) for each in (OFF, NOT_REACHED)]
    return not any(gone) and send(db, row, ON, now)


def tell_off_list(db: Db, *, row: Waiting, now: datetime) -> bool:
    """Queue the letter to who waits no more. Returns whether one was queued, the other way round."""
    template = NOT_REACHED if row.left_because == NO_CONTACT else OFF
    return not forget(db, row, ON) and send(db, row, template, now)


def forget(db: Db, row: Waiting, template: str) -> bool:
    """Whether a letter of this kind had not gone yet. It goes no more."""
    still = select(OutgoingMessage.id).where(
        OutgoingMessage.service_id == row.service_id,
        OutgoingMessage.person_id == row.person_id,
        col(OutgoingMessage.state).in_((*NOT_OUT, MessageState.FAILED)),
        col(OutgoingMessage.key).startswith(f"{template}:{row.id}:"),
    )
    if db.exec(still).first() is None:
        return False
    delivery.drop_waiting(db, person_ids=[row.person_id], urgent=False, about={row.id})
    return True


def send(db: Db, row: Waiting, template: str, now: datetime) -> bool:
    key = f"{template}:{row.id}:{now:%Y%m%d%H%M%S}"
    person = db.get_one(Person, row.person_id)
    return tell(db, person=person, cohort=None, template=template, key=key, values={}, now=now)
