"""Whom our e-mail does not reach: staff must see it, because the person cannot tell us."""

from collections.abc import Collection

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.delivery import MessageState, OutgoingMessage

TRIES_BEFORE_WE_SAY_SO = 4
"""About four minutes of a mail server that says no."""


def unreached(db: Db, *, person_ids: Collection[str]) -> set[str]:
    """Those of these people whose newest message did not get out, by id."""
    wanted = select(OutgoingMessage).where(col(OutgoingMessage.person_id).in_(list(person_ids)))
    newest: dict[str, OutgoingMessage] = {}
    for message in db.exec(wanted.order_by(col(OutgoingMessage.queued_at), col(OutgoingMessage.id))):
        if message.person_id and (message.state is not MessageState.WAITING or message.tries):
            newest[message.person_id] = message
    return {person_id for person_id, message in newest.items() if did_not_get_out(message)}


def did_not_get_out(message: OutgoingMessage) -> bool:
    if message.state is MessageState.FAILED:
        return True
    return message.state is MessageState.WAITING and message.tries >= TRIES_BEFORE_WE_SAY_SO
