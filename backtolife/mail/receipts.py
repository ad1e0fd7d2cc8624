"""What became of a text, as its provider tells us later: it arrived, or it never will."""

from datetime import datetime
from enum import Enum

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, forget_words
from backtolife.mail.texts import message_of

DELIVERED = "delivered"
WHY = {
    "permanent-failure": "The number does not exist or takes no texts. Ask for another one.",
    "temporary-failure": "The phone was off or out of reach for three days.",
    "technical-failure": "The text service had a fault of its own. Try again.",
}
"""By the provider's word for it, in words for staff."""


class Taken(Enum):
    """What a receipt did."""

    NEWS = "news"
    NOTHING = "nothing"
    TOO_SOON = "too soon"
    """The text is still on its way out here: the provider is asked to say it again later."""


def take(db: Db, *, reference: str, carrier_id: str, status: str, now: datetime) -> Taken:
    """Keep what became of the text `reference`. An unknown one, one of an earlier try, and a repeat change nothing."""
    message = db.get(OutgoingMessage, message_of(reference), with_for_update=True, populate_existing=True)
    if message is None or message.channel is not Channel.SMS or (status != DELIVERED and status not in WHY):
        return Taken.NOTHING
    if message.state is MessageState.WAITING and message.tries:
        return Taken.TOO_SOON
    if message.carrier_id != carrier_id or message.delivered_at is not None:
        return Taken.NOTHING
    if status == DELIVERED:
        message.state, message.delivered_at, message.trouble = MessageState.SENT, now, ""
        forget_words(message)
        return Taken.NEWS
    if message.state is not MessageState.SENT:
        return Taken.NOTHING
    message.state, message.trouble = MessageState.FAILED, WHY[status]
    if message.urgent:
        forget_words(message)
    return Taken.NEWS
