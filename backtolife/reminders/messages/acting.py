"""What staff do about a message: let it go, try it again, ring instead, say what came of the call, drop it."""

from datetime import datetime

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, forget_words, has_died, put_in_line
from backtolife.people.access import Actor
from backtolife.people.contact.routes import quiet_until
from backtolife.people.models import Person, Service
from backtolife.people.numbers import text_number
from backtolife.programme.patients.calling.calls import record_told
from backtolife.reminders.messages.listing import find_message

MEANWHILE = "This has changed meanwhile: somebody saw to it, or it went out. It is shown as it is now."
NO_MOBILE = "There is no mobile number for this person. Correct their details first."
NO_EMAIL = "There is no e-mail address for this person. Correct their details first."
NO_WORDS = "Its words are gone, because it was wanted at once or long ago. Ring them instead."


def hold(db: Db, message_id: str, actor: Actor, *states: MessageState) -> OutgoingMessage:
    """The message with its row locked, in one of these states. Raises Conflict in another one."""
    message = find_message(db, actor=actor, message_id=message_id, action="message.work", lock=True)
    if message.state not in states or has_died(db, message.person_id):
        raise Conflict(MEANWHILE)
    return message


def send_again(db: Db, *, message_id: str, by: Channel, actor: Actor, now: datetime) -> OutgoingMessage:
    """Put what was held or failed in line again, to the address or number as it is now; a text not in quiet hours.

    Raises Conflict where there is no address, no words for this channel, or somebody was quicker.
    """
    message = hold(db, message_id, actor, MessageState.HELD, MessageState.FAILED)
    person = db.get(Person, message.person_id) if message.person_id else None
    if by is Channel.SMS:
        # A test text of staff goes to the number that it was asked for.
        own = text_number(person.phone) if person and not person.is_staff else message.address
        address, words, none = own, message.text, NO_MOBILE
    else:
        address, words, none = own_address(message, person), message.body, NO_EMAIL
    if not words:
        raise Conflict(NO_WORDS)
    if not address:
        raise Conflict(none)
    was = message.state
    # What is held may be on its way at this moment: then its claim stands.
    claim = (message.tries, message.try_at) if was is MessageState.HELD and message.tries else (0, now)
    put_in_line(message, now)
    message.channel, message.address = by, address
    message.tries, message.try_at = claim
    heeds_quiet = by is Channel.SMS and not (message.urgent or message.at_once)
    zone = db.get_one(Service, message.service_id).zone
    message.not_before = quiet_until(person, zone=zone, now=now) if person is not None and heeds_quiet else None
    trace(db, actor, "message_released" if was is MessageState.HELD else "message_again", message, now)
    return message


def own_address(message: OutgoingMessage, person: Person | None) -> str:
    """Where an e-mail goes now, empty for nowhere. A guest of one session has no address but that of the message."""
    return person.mail_to if person and (person.whole_course or not person.is_guest) else message.address


def call_instead(db: Db, *, message_id: str, actor: Actor, now: datetime) -> OutgoingMessage:
    """Nothing is sent: somebody rings. Raises Conflict for what went out already."""
    message = hold(db, message_id, actor, MessageState.HELD, MessageState.FAILED)
    message.channel, message.state = Channel.TELEPHONE, MessageState.WAITING
    trace(db, actor, "message_to_call", message, now)
    return message


def keep_call(db: Db, *, message_id: str, outcome: str, words: str, actor: Actor, now: datetime) -> OutgoingMessage:
    """Write down a call among those with this person. Spoken to, or word left: the message is done.

    Raises Conflict when it is no call to make, and Invalid as every call does.
    """
    message = hold(db, message_id, actor, MessageState.WAITING)
    if message.channel is not Channel.TELEPHONE:
        raise Conflict(MEANWHILE)
    record_told(db, message=message, outcome=outcome, words=words, actor=actor, now=now)
    trace(db, actor, "message_called", message, now, outcome=outcome)
    return message


def drop(db: Db, *, message_id: str, actor: Actor, now: datetime) -> OutgoingMessage:
    """It is not needed any more. Its key stays, so that it is not made again. Raises Conflict for what went out."""
    message = hold(db, message_id, actor, MessageState.HELD, MessageState.FAILED, MessageState.WAITING)
    if message.state is MessageState.WAITING and message.channel is not Channel.TELEPHONE:
        raise Conflict(MEANWHILE)
    message.state = MessageState.DROPPED
    forget_words(message)
    trace(db, actor, "message_dropped", message, now)
    return message


def trace(db: Db, actor: Actor, action: str, message: OutgoingMessage, now: datetime, **detail: str) -> None:
    detail["channel"] = message.channel.value
    audit.record(db, actor=actor, action=action, subject_type="message", subject_id=message.id, now=now, **detail)
