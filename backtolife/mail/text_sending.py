"""Sending the texts that wait, as mail is sent: claimed, tried again later, refused for good in words.

A text that may have gone already is asked for before it goes again: nobody gets one twice, whatever was killed when.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

import structlog
from sqlalchemy import column, select, table

from backtolife.clock import end_of_quiet
from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import Sender, Tried
from backtolife.mail.texts import TextCarrier, TextRefused, TextsAway, carrier_for, reference_of

log = structlog.get_logger(__name__)
HOURS = ("id", "service_id", "text_from", "text_until")
AWAY = "The text service could not be reached, or put us off, for a whole day ({why})."


@dataclass
class TextSender(Sender):
    """Sends the texts of one lane, from one thread."""

    channel: ClassVar[Channel] = Channel.SMS
    texts: TextCarrier | None = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.texts = carrier_for(self.settings)

    def put_by(self, db: Db, message: OutgoingMessage, now: datetime) -> bool:
        """In quiet hours it waits for their end, also one that is tried again or that staff let go."""
        if self.texts is None:
            turn_to_mail(db, message, now)
            return True
        message.not_before = quiet_until(db, message, now)
        return message.not_before is not None

    def tried(self, message: OutgoingMessage, now: datetime) -> Tried:
        assert self.texts is not None  # noqa: S101 - `put_by` takes away what comes without one
        reference = reference_of(message.id, message.address)
        try:
            known = self.texts.sent_before(reference) if message.tries > 1 else ""
            given = known or self.texts.send(number=message.address, words=message.text, reference=reference)
        except TextRefused as error:
            log.warning("text_refused", message_id=message.id, reason=str(error))
            return Tried(message, now, MessageState.FAILED, trouble=str(error))
        except TextsAway as error:
            log.warning("text_not_sent", message_id=message.id, reason=str(error))
            return self.again(message, now, why=AWAY.format(why=error), away=str(error))
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one message must not stop the others
            log.error("text_cannot_be_sent", message_id=message.id, kind=type(error).__name__)
            return self.again(message, now, why=AWAY.format(why=type(error).__name__), away="")
        return Tried(message, now, MessageState.SENT, carrier_id=given)


def quiet_until(db: Db, message: OutgoingMessage, moment: datetime) -> datetime | None:
    """When the quiet hours end in which this text does not go; None where it may go at `moment`."""
    if message.urgent or message.at_once:
        return None
    person, service = table("person", *map(column, HOURS)), table("service", column("id"), column("zone"))
    both = person.join(service, service.c.id == person.c.service_id)
    wanted = select(person.c.text_from, person.c.text_until, service.c.zone).select_from(both)
    found = db.connection().execute(wanted.where(person.c.id == message.person_id)).first()
    return end_of_quiet(moment, found.zone, first=found.text_from, last=found.text_until) if found else None


def turn_to_mail(db: Db, message: OutgoingMessage, now: datetime) -> None:
    """Nobody takes texts here any more: the message goes by e-mail. A copy of a mail that went anyway is let go of."""
    person = table("person", column("id"), column("email"))
    found = select(person.c.email).where(person.c.id == message.person_id)
    address = db.connection().execute(found).scalar() or ""
    if not message.body or not address:
        db.delete(message)
        return
    message.channel, message.address, message.tries, message.try_at = Channel.EMAIL, address, 0, now
