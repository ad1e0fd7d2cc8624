"""What waited for somebody until its hour was over is let go of, and words that nobody needs any more are cleared."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import and_, col, or_, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, forget_words, set_aside
from backtolife.reminders.wanted import unwanted

RECEIPT_WITHIN = timedelta(days=4)
"""Later than this no receipt of a text comes any more."""
FAILED_FOR = timedelta(days=30)
"""How long staff may see to what failed."""
AT_ONCE = 200


def let_go(db: Db, *, actor: Acting, production: bool, now: datetime) -> int:
    """Drop what is held, or is to be rung about, and no longer wanted, and failures of a month ago. Returns how many.

    As many statements for many messages as for a few.
    """
    is_call = and_(OutgoingMessage.channel == Channel.TELEPHONE, OutgoingMessage.state == MessageState.WAITING)
    for_staff = or_(OutgoingMessage.state == MessageState.HELD, is_call)
    is_old = and_(OutgoingMessage.state == MessageState.FAILED, col(OutgoingMessage.queued_at) < now - FAILED_FOR)
    theirs = select(OutgoingMessage).where(OutgoingMessage.service_id == actor.service_id)
    waiting = db.exec(theirs.where(for_staff)).all()
    found = [*unwanted(db, waiting, now, production=production), *db.exec(theirs.where(is_old))]
    if not found:
        return 0
    # Staff may be seeing to one of them at this moment: what they did stands.
    one_at_a_time(db, f"stale:{actor.service_id}")
    still = theirs.where(col(OutgoingMessage.id).in_([each.id for each in found]), or_(for_staff, is_old))
    in_order = still.order_by(col(OutgoingMessage.queued_at)).with_for_update()
    held = db.exec(in_order.execution_options(populate_existing=True)).all()
    for message in held:
        if message.state is MessageState.FAILED:
            message.state = MessageState.DROPPED  # its key stays: what still fails after a month is not made anew
            forget_words(message)
        else:
            set_aside(message)
        audit.record(db, actor=actor, action="message_dropped", subject_type="message", subject_id=message.id, now=now)
    return len(held)


def forget_old_words(db: Db, *, now: datetime) -> None:
    """Texts whose receipt never came keep nothing of what they said."""
    said = or_(col(OutgoingMessage.text) != "", col(OutgoingMessage.body) != "")
    out = select(OutgoingMessage.id).where(
        OutgoingMessage.state == MessageState.SENT, col(OutgoingMessage.sent_at) < now - RECEIPT_WITHIN, said
    )
    found = db.exec(out.limit(AT_ONCE)).all()
    if found:
        theirs = col(OutgoingMessage.id).in_(found)
        db.connection().execute(update(OutgoingMessage).where(theirs).values(body="", text="", calendar=""))
