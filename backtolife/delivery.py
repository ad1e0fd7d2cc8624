"""One way out for e-mail and SMS. A message is queued in the transaction that caused it and sent after the commit."""

import mailbox
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from enum import StrEnum

import structlog
from sqlalchemy import Engine, String, Text, UniqueConstraint
from sqlmodel import Field, col, select

from backtolife.config import Settings
from backtolife.db import Db, Row, UTCDateTime, choice, session_scope

log = structlog.get_logger(__name__)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(hours=24)
SMTP_TIMEOUT_SECONDS = 20


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMessage(Row, table=True):
    """One message to one address. `key` names what caused it, so that one cause never writes twice.

    The words are cleared once the message is out: a mailbox is the place to keep it, not our database.
    """

    __tablename__ = "outgoing_message"
    __table_args__ = (UniqueConstraint("service_id", "key"),)

    key: str = Field(sa_type=String(160))
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True, sa_type=String(32))
    address: str = Field(sa_type=String(254))
    subject: str = Field(sa_type=String(200))
    body: str = Field(sa_type=Text)
    state: MessageState = Field(default=MessageState.WAITING, sa_type=choice(MessageState, "message_state"))
    queued_at: datetime = Field(sa_type=UTCDateTime)
    try_at: datetime = Field(sa_type=UTCDateTime, index=True)
    tries: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


Wanted = Callable[[Db, OutgoingMessage, datetime], bool]
"""Whether a message should still go, asked just before it does."""


def queue(
    db: Db,
    *,
    service_id: str,
    key: str,
    address: str,
    subject: str,
    body: str,
    now: datetime,
    person_id: str | None = None,
) -> OutgoingMessage | None:
    """Put a message in line; it leaves by `send_waiting` after the commit.

    Returns None when `key` was queued before.
    """
    db.flush()
    before = select(OutgoingMessage).where(OutgoingMessage.service_id == service_id, OutgoingMessage.key == key)
    if db.exec(before).first():
        return None
    message = OutgoingMessage(
        service_id=service_id,
        key=key,
        person_id=person_id,
        address=address,
        subject=subject.replace("\r", " ").replace("\n", " "),
        body=body,
        queued_at=now,
        try_at=now,
    )
    db.add(message)
    db.flush()
    return message


def send_waiting(
    engine: Engine, settings: Settings, *, now: datetime, most: int = 50, wanted: Wanted | None = None
) -> int:
    """Send what is due and return how many went. One that fails waits longer and never stops the rest.

    `wanted` is asked in the moment of sending; a message that is wanted no longer is taken out of the line.
    """
    with session_scope(engine) as db:
        due = select(OutgoingMessage.id).where(
            OutgoingMessage.state == MessageState.WAITING, OutgoingMessage.try_at <= now
        )
        ids = list(db.exec(due.order_by(col(OutgoingMessage.queued_at)).limit(most)))
    return sum(send_one(engine, settings, message_id, now, wanted) for message_id in ids)


def send_one(engine: Engine, settings: Settings, message_id: str, now: datetime, wanted: Wanted | None = None) -> bool:
    """Take the message, commit the try, send, mark. A crash in between sends again rather than never."""
    with session_scope(engine) as db:
        message = db.get(OutgoingMessage, message_id, with_for_update=True)
        if message is None or message.state != MessageState.WAITING or message.try_at > now:
            return False
        if wanted is not None and not wanted(db, message, now):
            db.delete(message)
            return False
        message.tries += 1
        message.try_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(message.tries - 1, 10))
        mail = to_email(message, settings, now)
    try:
        way_out(settings)(mail)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("message_not_sent", message_id=message_id, error=type(error).__name__)
        mark(engine, message_id, MessageState.FAILED if now - message.queued_at > GIVE_UP_AFTER else None, now)
        return False
    mark(engine, message_id, MessageState.SENT, now)
    return True


def mark(engine: Engine, message_id: str, state: MessageState | None, now: datetime) -> None:
    if state is None:
        return
    with session_scope(engine) as db:
        message = db.get(OutgoingMessage, message_id)
        if message is not None:
            message.state = state
            message.body = ""
            message.sent_at = now if state == MessageState.SENT else None


def to_email(message: OutgoingMessage, settings: Settings, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = settings.mail_from, message.address, message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(idstring=message.id, domain=settings.mail_from.rpartition("@")[2])
    mail.set_content(message.body)
    return mail


def way_out(settings: Settings) -> Callable[[EmailMessage], None]:
    """By SMTP where a host is set, else into the mailbox folder that the demo's mailbox page shows."""
    if settings.smtp_host:
        return lambda mail: send_by_smtp(mail, settings)
    return lambda mail: keep_in_mailbox(mail, settings)


def send_by_smtp(mail: EmailMessage, settings: Settings) -> None:
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SMTP_TIMEOUT_SECONDS) as smtp:
        if settings.smtp_starttls:
            smtp.starttls(context=ssl.create_default_context())
        if settings.smtp_user:
            smtp.login(settings.smtp_user, settings.smtp_password)
        smtp.send_message(mail)


def keep_in_mailbox(mail: EmailMessage, settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    mailbox.Maildir(settings.mailbox_dir, create=True).add(mailbox.MaildirMessage(mail))
