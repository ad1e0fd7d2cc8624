"""Whoever missed a session without a word was promised a call: whom to ring, and by when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.outcomes.safety.response_times import works
from backtolife.outcomes.safety.rota_models import BankHoliday
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.patients.calling.calls import STANDS
from backtolife.programme.patients.calling.telling import TOLD
from backtolife.programme.patients.models import PhoneCall
from backtolife.reminders.messages.listing import alive, reach_of

WORKING_DAYS = 2
"""What the message says: not heard from in so many, they are called."""
LISTED_FOR = timedelta(days=21)
"""Later than this the group has met them again, or knows that they stay away."""


@dataclass(frozen=True)
class PromisedCall:
    """A call that somebody waits for: it was promised at `since`, for `by`."""

    person: Person
    place: Enrolment
    since: datetime
    by: datetime


def calls_promised(db: Db, *, actor: Actor, zone: str, now: datetime) -> list[PromisedCall]:
    """Whom the actor should ring who missed a session and whom nobody has spoken with since, the first promised first.

    Not who is to be rung about that message itself: that call is on the list already. One statement without any.
    """
    spoken = select(PhoneCall.id).where(
        col(PhoneCall.person_id) == col(OutgoingMessage.person_id),
        col(PhoneCall.at) >= col(OutgoingMessage.sent_at),
        col(PhoneCall.outcome).in_(TOLD),
        STANDS,
    )
    promised = (
        select(OutgoingMessage, Person)
        .join(Person, col(Person.id) == col(OutgoingMessage.person_id))
        .where(
            *reach_of(actor),
            col(OutgoingMessage.key).startswith("missed-session:"),
            OutgoingMessage.state == MessageState.SENT,
            OutgoingMessage.channel != Channel.TELEPHONE,
            col(OutgoingMessage.sent_at) > now - LISTED_FOR,
            alive(),
            ~spoken.exists(),
        )
    )
    # The oldest promise stands last, and so counts: a newer one makes nobody less late.
    in_order = db.exec(promised.order_by(col(OutgoingMessage.sent_at).desc()))
    found = {message.key.split(":")[-1]: (message, person) for message, person in in_order}
    if not found:
        return []
    places = db.exec(select(Enrolment).where(col(Enrolment.id).in_(found), col(Enrolment.state).in_(MAY_JOIN))).all()
    off = {each.day for each in db.exec(select(BankHoliday).where(BankHoliday.service_id == actor.service_id))}
    calls = []
    for place in places:
        message, person = found[place.id]
        if message.sent_at is not None:
            by = after_working_days(in_zone(message.sent_at, zone), off)
            calls.append(PromisedCall(person, place, message.sent_at, by))
    return sorted(calls, key=lambda each: (each.by, each.person.full_name))


def after_working_days(local: datetime, holidays: Collection[date]) -> datetime:
    """The same time of day so many working days later."""
    left, at = WORKING_DAYS, local
    while left:
        at += timedelta(days=1)
        left -= works(at.date(), holidays)
    return at
