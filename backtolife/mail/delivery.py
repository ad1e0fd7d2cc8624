"""One way out for e-mail and SMS. A message is queued in the transaction that caused it and sent after the commit."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, Index, Select, String, Text, UniqueConstraint, column, exists, table, text
from sqlalchemy import select as select_columns
from sqlmodel import Field, col, select

from backtolife.database.session import Db, Row, UTCDateTime, choice
from backtolife.mail.channels import Channel


class MessageState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    """Others may read what the person gets: it waits until one of staff has looked."""
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """It goes no more: one of staff decided so, its person left, or nobody saw to it while it was of use."""


NOT_OUT = (MessageState.WAITING, MessageState.HELD)


class OutgoingMessage(Row, table=True):
    """One message to one person. `key` names what caused it, so that one cause never writes twice.

    On the channel telephone it is a call that one of staff has to make. The words are cleared once the message is
    out: a mailbox is the place to keep it, not our database. One that failed keeps them, so that it can go again, but
    for an urgent one: its hour is over. What was told in a call keeps them for days, so that it can be told again when
    that call is put right.
    """

    __tablename__ = "outgoing_message"
    __table_args__ = (
        UniqueConstraint("service_id", "key"),
        Index("ix_outgoing_message_newest", "service_id", "queued_at"),
    )

    key: str = Field(sa_type=String(160))
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True, sa_type=String(32))
    address: str = Field(sa_type=String(254))
    subject: str = Field(sa_type=String(200))
    body: str = Field(sa_type=Text)
    state: MessageState = Field(default=MessageState.WAITING, sa_type=choice(MessageState, "message_state"))
    queued_at: datetime = Field(sa_type=UTCDateTime)
    worded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When its words were made, where it was put in line once more since."""
    try_at: datetime = Field(sa_type=UTCDateTime, index=True)
    not_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """The end of the person's quiet hours, where they have begun."""
    tries: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    urgent: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Somebody waits for it now: a call for help, a safety task, a link to sign in."""
    at_once: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """It heeds no quiet hours: later it would be of no use."""
    calendar: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """A calendar file that goes with it; empty where none does."""
    trouble: str = Field(default="", sa_type=String(200), sa_column_kwargs={"server_default": ""})
    """Why it failed for good, without a word of what it said."""
    channel: Channel = Field(
        default=Channel.EMAIL, sa_type=choice(Channel, "message_channel"), sa_column_kwargs={"server_default": "email"}
    )
    text: str = Field(default="", sa_type=String(320), sa_column_kwargs={"server_default": ""})
    """Its words as a text message; empty where it cannot be one."""
    carrier_id: str = Field(default="", sa_type=String(64), sa_column_kwargs={"server_default": ""})
    """Of a text: how the provider calls it."""
    delivered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Of a text: when the provider said that it had arrived."""
    told_in: str | None = Field(default=None, sa_type=String(32))
    """Of a call to make: the `thread` of the call in which it was told."""

    @property
    def owner_id(self) -> str:
        return self.person_id or ""

    @property
    def true_at(self) -> datetime:
        """The moment as of which its words are true."""
        return self.worded_at or self.queued_at


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
    urgent: bool = False,
    at_once: bool = False,
    calendar: str = "",
    channel: Channel = Channel.EMAIL,
    text: str = "",
    state: MessageState = MessageState.WAITING,
    not_before: datetime | None = None,
) -> OutgoingMessage | None:
    """Put a message in line; it leaves after the commit, an `urgent` one in a lane of its own.

    Returns None when `key` was queued before, for somebody who has died, and for a rehearsal: its people are made up,
    and whoever has one of their addresses, or is invited to one, must hear nothing.
    """
    db.flush()
    if is_never_queued(db, service_id=service_id, person_id=person_id, key=key):
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
        not_before=not_before,
        urgent=urgent,
        at_once=at_once,
        calendar=calendar,
        channel=channel,
        text=text,
        state=state,
    )
    db.add(message)
    db.flush()
    return message


def is_never_queued(db: Db, *, service_id: str, person_id: str | None, key: str) -> bool:
    """Whether the service is a rehearsal, the person has died or the cause was written about. One statement: many
    messages are queued at a time.
    """
    died = died_at_of(person_id).scalar_subquery()
    told = exists().where(col(OutgoingMessage.service_id) == service_id, col(OutgoingMessage.key) == key)
    asked = select_columns(rehearsal_of(service_id).scalar_subquery(), died, told)
    rehearsed, died_at, was_told = db.connection().execute(asked).one()
    return bool(rehearsed or died_at is not None or was_told)


def known(db: Db, *, service_id: str, keys: Collection[str]) -> set[str]:
    """Which of these causes have been written about already: asked at once, for whoever would queue many."""
    wanted = select(OutgoingMessage.key).where(
        OutgoingMessage.service_id == service_id, col(OutgoingMessage.key).in_(keys)
    )
    return set(db.exec(wanted)) if keys else set()


def in_rehearsal(db: Db, service_id: str) -> bool:
    """Whether the service was made for one rehearsal."""
    return bool(db.connection().execute(rehearsal_of(service_id)).scalar())


def rehearsal_of(service_id: str) -> Select[tuple[bool]]:
    service = table("service", column("id"), column("rehearsal", Boolean))
    return select_columns(service.c.rehearsal).where(service.c.id == service_id)


def has_died(db: Db, person_id: str | None) -> bool:
    """Whether the person a message is for has died: nobody is ever written to after that."""
    return person_id is not None and db.connection().execute(died_at_of(person_id)).scalar() is not None


def died_at_of(person_id: str | None) -> Select[tuple[object]]:
    person = table("person", column("id"), column("died_at"))
    return select_columns(person.c.died_at).where(person.c.id == person_id)


def drop_waiting(
    db: Db,
    *,
    person_ids: Collection[str],
    urgent: bool,
    about: Collection[str] | None = None,
    spare: Collection[str] = (),
) -> int:
    """Nothing more goes to these people: neither what waits, also claimed to be tried again, nor what failed and could
    be sent once more. Returns how many there were.

    With `about`, only what was caused by one of these ids, as its key names them, and never what was by one to `spare`.
    Of calls to make, and of what failed, it is kept that it came to nothing. Unless `urgent` too, what they asked for
    themselves (a link to sign in) stays.
    """
    db.flush()
    theirs = select(OutgoingMessage).where(
        col(OutgoingMessage.person_id).in_(person_ids), col(OutgoingMessage.state).in_((*NOT_OUT, MessageState.FAILED))
    )
    if not urgent:
        theirs = theirs.where(col(OutgoingMessage.urgent).is_(False))
    in_order = theirs.order_by(col(OutgoingMessage.queued_at)).with_for_update()
    held = db.exec(in_order.execution_options(populate_existing=True))
    found = [each for each in held if about is None or names_one(each, about)]
    found = [each for each in found if not names_one(each, spare)]
    for message in found:
        if message.channel is Channel.TELEPHONE or message.state is MessageState.FAILED:
            set_aside(message)
        else:
            db.delete(message)
    db.flush()
    return len(found)


def names_one(message: OutgoingMessage, ids: Collection[str]) -> bool:
    """Whether one of these caused it, as its key says."""
    return not set(ids).isdisjoint(message.key.split(":"))


def put_in_line(message: OutgoingMessage, now: datetime) -> None:
    """It is tried anew, for a day from `now`."""
    message.state, message.trouble, message.tries = MessageState.WAITING, "", 0
    give_a_day(message, now)
    message.try_at, message.not_before = now, None
    message.carrier_id, message.delivered_at = "", None


def give_a_day(message: OutgoingMessage, now: datetime) -> None:
    """It has a day of its own from `now`, with the words that it has."""
    message.worded_at, message.queued_at = message.true_at, now


def set_aside(message: OutgoingMessage) -> None:
    """It goes no more, and its cause may be written about again should it come back, as when a leaving is undone."""
    message.state = MessageState.DROPPED
    free_key(message)
    forget_words(message)


def free_key(message: OutgoingMessage) -> None:
    """The cause counts as never written about; what kind of message it was can still be read."""
    kind = message.key.partition(":")[0]
    message.key = f"{kind}:before:{message.id}"


def forget_words(message: OutgoingMessage) -> None:
    message.body = message.text = message.calendar = ""


def queued_at(db: Db, *, service_id: str, keys: Collection[str]) -> dict[str, datetime]:
    """When the messages of these causes were put in line; those that never were are left out."""
    wanted = select(OutgoingMessage.key, OutgoingMessage.queued_at).where(
        OutgoingMessage.service_id == service_id, col(OutgoingMessage.key).in_(keys)
    )
    return dict(db.exec(wanted).all()) if keys else {}
