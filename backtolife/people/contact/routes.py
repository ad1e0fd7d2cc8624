"""Which way a message goes to a patient or a companion: by their channel, in hours that suit them, and not unseen where
others may read it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.clock import end_of_quiet
from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, give_a_day
from backtolife.people.models import Person
from backtolife.people.numbers import text_number

MIDNIGHT = 24


@dataclass(frozen=True)
class Route:
    """Where a message goes, by what, and whether it waits: for somebody to look, or for the morning."""

    channel: Channel
    address: str
    state: MessageState
    not_before: datetime | None = None


def route_for(person: Person, *, text: str, zone: str, now: datetime, at_once: bool = False) -> Route:
    """The way of one message. `text` is what it says as a text message; without one, or a mobile number, it is an
    e-mail. `at_once` heeds no quiet hours: later it would be of no use. A guest without an address that we know is
    told by somebody of staff.
    """
    if person.is_staff:
        return Route(Channel.EMAIL, person.email, MessageState.WAITING)
    if person.channel is Channel.TELEPHONE:
        return Route(Channel.TELEPHONE, person.phone, MessageState.WAITING)
    state = MessageState.HELD if person.others_read else MessageState.WAITING
    number = text_number(person.phone)
    if person.channel is Channel.EMAIL or not number or not text:
        if not person.mail_to:
            return Route(Channel.TELEPHONE, person.phone, MessageState.WAITING)
        return Route(Channel.EMAIL, person.mail_to, state)
    waits = None if at_once else quiet_until(person, zone=zone, now=now)
    return Route(Channel.SMS, number, state, waits)


def quiet_until(person: Person, *, zone: str, now: datetime) -> datetime | None:
    """When the quiet hours of this person end, in which no text goes; None outside of them."""
    return end_of_quiet(now, zone, first=person.text_from, last=person.text_until)


def reroute(db: Db, *, person: Person, zone: str, now: datetime, chosen_anew: bool = False) -> None:
    """What still waits for a patient goes the way that they want now. What is held stays held: staff look at it.

    A call stays a call, at the number as it is now, until another way is `chosen_anew`: staff may have decided to ring.
    What is on its way at this very moment keeps its claim, so that it goes once. A new way has a day of its own.
    """
    db.flush()
    waiting = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person.id,
        col(OutgoingMessage.urgent).is_(False),
        col(OutgoingMessage.state).in_((MessageState.WAITING, MessageState.HELD)),
    )
    # The oldest first, as the senders lock them.
    in_order = waiting.order_by(col(OutgoingMessage.queued_at)).with_for_update()
    for message in db.exec(in_order.execution_options(populate_existing=True)):
        was_call = message.channel is Channel.TELEPHONE
        if was_call and not chosen_anew:
            message.address = person.phone
            continue
        way = route_for(person, text=message.text, zone=zone, now=now, at_once=message.at_once)
        held = message.state is MessageState.HELD and way.channel is not Channel.TELEPHONE
        if way.channel is not message.channel or way.address != message.address:
            message.channel, message.address = way.channel, way.address
            give_a_day(message, now)
        if was_call and way.channel is not Channel.TELEPHONE:
            message.tries, message.try_at = 0, now
        message.state, message.not_before = MessageState.HELD if held else way.state, way.not_before
