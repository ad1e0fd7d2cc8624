"""Sending what waits: one lane for what somebody waits for now, one for everything else.

A message is claimed in the moment in which it is sent, never before, so that a scheduler that replaces another one
sends nothing twice. A server that cannot be reached pauses the lane, and the messages behind the first lose nothing.
"""

import smtplib
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, ClassVar

import structlog
from sqlalchemy import Engine
from sqlmodel import col, or_, select

from backtolife.config import Settings
from backtolife.database.session import Db, session_scope
from backtolife.mail.calendar_part import attach_calendar
from backtolife.mail.channels import Channel
from backtolife.mail.deciding import Decision, Unwanted
from backtolife.mail.delivery import MessageState, OutgoingMessage, forget_words, has_died
from backtolife.mail.mail_address import CANNOT_SEND
from backtolife.mail.smtp import MailAway, Way, reason
from backtolife.mail.smtp_reason import for_good, in_words, reason_without

log = structlog.get_logger(__name__)
GIVE_UP_AFTER = timedelta(hours=24)
AT_ONCE = 50
CLOCKS_DIFFER = timedelta(minutes=1)
CANNOT_BE_WRITTEN = "This message cannot be written as an e-mail"


@dataclass(frozen=True)
class Lane:
    """How long a message waits that did not go, and the whole lane when there is no server; `claim`: while it goes."""

    urgent: bool
    first_wait: timedelta
    longest_wait: timedelta
    claim: timedelta
    pause_seconds: float


URGENT = Lane(True, timedelta(seconds=5), timedelta(seconds=30), timedelta(seconds=60), 10.0)
"""A call for help goes at most a minute after the server is back."""
ORDINARY = Lane(False, timedelta(seconds=30), timedelta(hours=1), timedelta(minutes=3), 30.0)


@dataclass
class Sender:
    """Sends the e-mails of one lane, from one thread. `pause_until` is in monotonic seconds."""

    channel: ClassVar[Channel] = Channel.EMAIL
    engine: Engine
    settings: Settings
    lane: Lane
    unwanted: Unwanted | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    pause_until: float = 0.0
    way: Way = field(init=False)

    def __post_init__(self) -> None:
        self.way = Way(self.settings)

    def turn(self, now: datetime) -> bool:
        """Send what is due; True when there may be more."""
        if time.monotonic() < self.pause_until:
            return False
        due = self.due(now)
        self.send(due, now)
        if len(due) < AT_ONCE or time.monotonic() < self.pause_until:
            self.way.close()
            return False
        return not self.stopping.is_set()

    def due(self, now: datetime) -> list[str]:
        """What is to go at `now`, oldest first. A moment too far ahead was written before the clock was set back."""
        wanted = select(OutgoingMessage.id).where(
            OutgoingMessage.state == MessageState.WAITING,
            OutgoingMessage.channel == self.channel,
            col(OutgoingMessage.urgent).is_(self.lane.urgent),
            or_(col(OutgoingMessage.not_before).is_(None), col(OutgoingMessage.not_before) <= now),
            or_(*self.is_due(now)),
        )
        with session_scope(self.engine) as db:
            return list(db.exec(wanted.order_by(col(OutgoingMessage.queued_at)).limit(AT_ONCE)))

    def is_due(self, now: datetime) -> tuple[Any, ...]:
        waits = max(self.lane.longest_wait, self.lane.claim)
        return (
            col(OutgoingMessage.try_at) <= now,
            col(OutgoingMessage.try_at) > now + waits + CLOCKS_DIFFER,
            (col(OutgoingMessage.tries) == 0) & (col(OutgoingMessage.queued_at) > now + CLOCKS_DIFFER),
        )

    def send(self, due: list[str], now: datetime) -> int:
        """Send these, until told to stop or the server is away. Returns how many went.

        What became of one is kept in the commit that claims the next: a commit waits for the disk, and that is what
        ten thousand mails take longest over. A crash in between sends one again rather than never.
        """
        began, sent, last = time.monotonic(), 0, None
        decision = Decision(self.engine, self.unwanted)
        try:
            for place, message_id in enumerate(due):
                if self.stopping.is_set():
                    break
                moment = now + timedelta(seconds=time.monotonic() - began)
                decision.renew(due[place:], moment)
                with session_scope(self.engine) as db:
                    keep(db, last)
                    message = self.claimed(db, message_id, moment, wanted=message_id not in decision.gone)
                last = self.tried(message, moment) if message is not None else None
                if last is None:
                    continue
                sent += last.state is MessageState.SENT
                if last.away:
                    log.warning("carrier_away", channel=self.channel, urgent=self.lane.urgent, reason=last.away)
                    self.pause_until = time.monotonic() + self.lane.pause_seconds
                    break
        finally:
            if last is not None:
                with session_scope(self.engine) as db:
                    keep(db, last)
        return sent

    def tried(self, message: OutgoingMessage, now: datetime) -> "Tried":
        """Send one that is ours, and say what became of it."""
        try:
            mail = to_email(message, self.settings, now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one message must not stop the others
            log.error("message_cannot_be_written", message_id=message.id, kind=type(error).__name__)
            why = f"{CANNOT_BE_WRITTEN} ({type(error).__name__})."
            return Tried(message, now, MessageState.FAILED, trouble=why)
        try:
            self.way.send(mail)
        except (MailAway, smtplib.SMTPException, ValueError) as error:
            return self.put_off(message, error, now)
        return Tried(message, now, MessageState.SENT)

    def claimed(self, db: Db, message_id: str, now: datetime, *, wanted: bool = True) -> OutgoingMessage | None:
        """The message, ours for a while; None when somebody else has it, or it is not `wanted` any more."""
        still_due = select(OutgoingMessage).where(
            OutgoingMessage.id == message_id,
            OutgoingMessage.state == MessageState.WAITING,
            OutgoingMessage.channel == self.channel,
            or_(*self.is_due(now)),
        )
        message = db.exec(still_due.with_for_update()).first()
        if message is None:
            return None
        if not wanted or has_died(db, message.person_id):
            db.delete(message)
            return None
        if self.put_by(db, message, now):
            return None
        message.tries += 1
        message.try_at = now + self.lane.claim
        return message

    def put_by(self, db: Db, message: OutgoingMessage, now: datetime) -> bool:
        """Whether it does not go now after all: its hour has not come, or it goes another way."""
        del db, message, now
        return False

    def put_off(self, message: OutgoingMessage, error: Exception, now: datetime) -> "Tried":
        cause = error.__cause__ if isinstance(error, MailAway) and isinstance(error.__cause__, Exception) else error
        told = reason_without(cause, message.address, message.subject, message.body)
        log.warning("message_not_sent", message_id=message.id, error=type(cause).__name__, **told)
        why, away = reason(cause), str(error) if isinstance(error, MailAway) else ""
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Tried(message, now, MessageState.FAILED, trouble=CANNOT_SEND)
        if isinstance(error, ValueError):
            return Tried(message, now, MessageState.FAILED, trouble=f"{CANNOT_BE_WRITTEN} ({why}).")
        if for_good(cause):
            return Tried(message, now, MessageState.FAILED, trouble=in_words(cause))
        return self.again(message, now, why=in_words(cause), away=away)

    def again(self, message: OutgoingMessage, now: datetime, *, why: str, away: str) -> "Tried":
        """Later, a little longer each time; after a day no more."""
        if now - message.queued_at > GIVE_UP_AFTER:
            return Tried(message, now, MessageState.FAILED, trouble=why, away=away)
        wait = min(self.lane.longest_wait, self.lane.first_wait * 2 ** min(message.tries - 1, 10))
        return Tried(message, now, MessageState.WAITING, again_at=now + wait, away=away)


@dataclass(frozen=True)
class Tried:
    """What became of one message at `at`, which is as it was tried. `away` says in short why the server takes none at
    present.
    """

    message: OutgoingMessage
    at: datetime
    state: MessageState
    trouble: str = ""
    again_at: datetime | None = None
    away: str = ""
    carrier_id: str = ""


def keep(db: Db, tried: Tried | None) -> None:
    """Write down what became of it. The words go once it is out; a text's stay until it has arrived.

    Where its way was changed while it went: what is out has gone the old way, and the new one has not been tried.
    """
    message = db.get(OutgoingMessage, tried.message.id, with_for_update=True) if tried is not None else None
    if tried is None or message is None:
        return
    went = tried.message.channel, tried.message.address
    if tried.again_at is not None:
        message.try_at = tried.again_at
    elif tried.state is MessageState.SENT:
        message.state, message.trouble = MessageState.SENT, ""
        message.channel, message.address = went
        message.sent_at, message.carrier_id = tried.at, tried.carrier_id
        if message.channel is Channel.EMAIL:
            forget_words(message)
    elif (message.channel, message.address) != went:
        message.try_at = tried.at
    elif message.state is not MessageState.DROPPED:
        message.state, message.trouble = tried.state, tried.trouble[:200]
        if message.urgent:
            forget_words(message)


def to_email(message: OutgoingMessage, settings: Settings, now: datetime) -> EmailMessage:
    """Raises ValueError, or what the library makes of it, for what no e-mail can hold."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.mail_from, message.address, message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(idstring=message.id, domain=settings.mail_from.rpartition("@")[2])
    mail.set_content(message.body)
    if message.calendar:
        attach_calendar(mail, message.calendar)
    mail.as_bytes()
    return mail
