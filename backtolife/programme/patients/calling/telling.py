"""What is to be told to somebody in a call: a message is done by the call that told it, for as long as that call stands
and told it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import and_, col, or_, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, has_died
from backtolife.people.access import Actor
from backtolife.programme.patients.models import CallOutcome, PhoneCall
from backtolife.programme.plan.titles import titled
from backtolife.text.dates_in_words import day

TOLD = (CallOutcome.SPOKE, CallOutcome.LEFT_WORD, CallOutcome.THEY_RANG)
"""After such a call they know what they were to be told."""


def to_tell(db: Db, person_id: str, *, thread: str = "") -> Sequence[OutgoingMessage]:
    """What this person is to be told in a call, and what the call of this `thread` told, the oldest first.

    One statement.
    """
    waits = OutgoingMessage.state == MessageState.WAITING
    told = and_(OutgoingMessage.state == MessageState.SENT, OutgoingMessage.told_in == thread)
    wanted = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person_id,
        OutgoingMessage.channel == Channel.TELEPHONE,
        or_(waits, told) if thread else waits,
    )
    return db.exec(wanted.order_by(col(OutgoingMessage.queued_at), col(OutgoingMessage.id))).all()


def named(message: OutgoingMessage, zone: str) -> str:
    """What it is about, and since when it waits to be told."""
    return f"{titled(message.key, message.subject)}, since {day(message.queued_at, zone)}"


def told_to(db: Db, person_id: str) -> dict[str, list[str]]:
    """The titles of what this person was told, by the thread of the call that told it. One statement."""
    wanted = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person_id,
        OutgoingMessage.state == MessageState.SENT,
        col(OutgoingMessage.told_in).is_not(None),
    )
    found: dict[str, list[str]] = {}
    for message in db.exec(wanted.order_by(col(OutgoingMessage.queued_at), col(OutgoingMessage.id))):
        found.setdefault(str(message.told_in), []).append(titled(message.key, message.subject))
    return found


def settle(db: Db, *, call: PhoneCall, told: Collection[str], actor: Actor, now: datetime) -> None:
    """Let the messages `told` in this call be done, and what it had told before, and does not tell now, wait again.

    The same for a call that is written down, put right and taken back: what its outcome brought before is undone,
    and what it brings now is done. Nothing waits again for somebody who has died.
    """
    known = set(told) if call.outcome in TOLD else set[str]()
    theirs = select(OutgoingMessage).where(
        OutgoingMessage.service_id == call.service_id,
        OutgoingMessage.person_id == call.person_id,
        OutgoingMessage.channel == Channel.TELEPHONE,
        or_(col(OutgoingMessage.id).in_(known), OutgoingMessage.told_in == call.thread),
    )
    held = theirs.order_by(col(OutgoingMessage.id)).with_for_update().execution_options(populate_existing=True)
    for message in db.exec(held).all():
        if message.id in known and message.state is MessageState.WAITING:
            message.state, message.sent_at, message.told_in = MessageState.SENT, call.at, call.thread
            trace(db, "message_told", message, actor, now)
        elif message.id not in known and is_told(message) and not has_died(db, message.person_id):
            message.state, message.sent_at, message.told_in = MessageState.WAITING, None, None
            trace(db, "message_to_call", message, actor, now)


def is_told(message: OutgoingMessage) -> bool:
    return message.state is MessageState.SENT and message.told_in is not None


def trace(db: Db, action: str, message: OutgoingMessage, actor: Actor, now: datetime) -> None:
    kind, by = "message", Channel.TELEPHONE.value
    audit.record(db, actor=actor, action=action, subject_type=kind, subject_id=message.id, now=now, channel=by)
