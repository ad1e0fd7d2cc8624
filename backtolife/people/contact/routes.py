"""Which way a message goes to a patient: by the channel they chose, in hours that suit them, and not unseen where
others may read it.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
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
    e-mail. `at_once` heeds no quiet hours: later it would be of no use.
    """
    if not person.is_patient:
        return Route(Channel.EMAIL, person.email, MessageState.WAITING)
    if person.channel is Channel.TELEPHONE:
        return Route(Channel.TELEPHONE, person.phone, MessageState.WAITING)
    state = MessageState.HELD if person.others_read else MessageState.WAITING
    number = text_number(person.phone)
    if person.channel is Channel.EMAIL or not number or not text:
        return Route(Channel.EMAIL, person.email, state)
    waits = None if at_once else end_of_quiet(now, zone, first=person.text_from, last=person.text_until)
    return Route(Channel.SMS, number, state, waits)


def end_of_quiet(now: datetime, zone: str, *, first: int, last: int) -> datetime | None:
    """When texts may go again, of somebody who takes them from `first` to `last` o'clock; None when they may now.

    The hours are those on the wall: a clock change moves neither.
    """
    local = now.astimezone(ZoneInfo(zone))
    if first <= local.hour < last:
        return None
    day = local.date() if local.hour < first else local.date() + timedelta(days=1)
    return datetime.combine(day, time(first), ZoneInfo(zone))


def reroute(db: Db, *, person: Person, zone: str, now: datetime) -> None:
    """What still waits for a patient goes the way that they want now. What is held stays held: staff look at it."""
    db.flush()
    waiting = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person.id,
        col(OutgoingMessage.urgent).is_(False),
        col(OutgoingMessage.state).in_((MessageState.WAITING, MessageState.HELD)),
    )
    for message in db.exec(waiting.with_for_update()):
        way = route_for(person, text=message.text, zone=zone, now=now)
        held = message.state is MessageState.HELD and way.channel is not Channel.TELEPHONE
        if way.channel is not message.channel or way.address != message.address:
            message.channel, message.address, message.tries, message.try_at = way.channel, way.address, 0, now
        message.state, message.not_before = MessageState.HELD if held else way.state, way.not_before
