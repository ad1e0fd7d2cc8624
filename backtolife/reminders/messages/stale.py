"""What waited for somebody until its hour was over is let go of, and words that nobody needs any more are cleared."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import and_, col, or_, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, forget_words
from backtolife.reminders.wanted import still_wanted

RECEIPT_WITHIN = timedelta(days=4)
"""Later than this no receipt of a text comes any more."""
FAILED_FOR = timedelta(days=30)
AT_ONCE = 200


def let_go(db: Db, *, actor: Acting, production: bool, now: datetime) -> int:
    """Drop what is held, or is to be rung about, and no longer wanted. Returns how many."""
    waits = or_(
        OutgoingMessage.state == MessageState.HELD,
        and_(OutgoingMessage.channel == Channel.TELEPHONE, OutgoingMessage.state == MessageState.WAITING),
    )
    theirs = select(OutgoingMessage).where(OutgoingMessage.service_id == actor.service_id, waits)
    dropped = 0
    for message in db.exec(theirs.order_by(col(OutgoingMessage.queued_at)).limit(AT_ONCE)).all():
        if still_wanted(db, message, now, production=production):
            continue
        message.state = MessageState.DROPPED
        forget_words(message)
        audit.record(db, actor=actor, action="message_dropped", subject_type="message", subject_id=message.id, now=now)
        dropped += 1
    return dropped


def forget_old_words(db: Db, *, now: datetime) -> None:
    """Texts whose receipt never came, and failures that nobody saw to for a month, keep nothing of what they said."""
    old = or_(
        and_(OutgoingMessage.state == MessageState.SENT, col(OutgoingMessage.sent_at) < now - RECEIPT_WITHIN),
        and_(OutgoingMessage.state == MessageState.FAILED, col(OutgoingMessage.queued_at) < now - FAILED_FOR),
    )
    said = or_(col(OutgoingMessage.text) != "", col(OutgoingMessage.body) != "")
    found = db.exec(select(OutgoingMessage.id).where(old, said).limit(AT_ONCE)).all()
    if found:
        theirs = col(OutgoingMessage.id).in_(found)
        db.connection().execute(update(OutgoingMessage).where(theirs).values(body="", text="", calendar=""))
