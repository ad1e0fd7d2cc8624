"""The message that brings a guest of one session their link. It names no patient, and nothing of what they have."""

from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person
from backtolife.people.signing_in.messages import queue_to
from backtolife.programme.cohorts.models import Cohort
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession
from backtolife.text.dates_in_words import clock_time, short_day

KEY = "guest-invitation"
SUBJECT = "Your invitation"
BODY = (
    "Hello {name},\n\nYou are invited to one of our online sessions, on {date} at {time}.\n\n"
    "To come in, open this link on the day: {link}\n\n"
    "It works on one device, and until the session ends. It is for you alone, so please do not share it.\n\n"
    "If you did not expect this, you can ignore it. If it worries you, call us on {phone}.\n\n{service}\n"
)


def send(db: Db, *, person: Person, group_session: GroupSession, page: str, to: str, now: datetime) -> None:
    """Queue the invitation to `page` for the e-mail address `to`.

    It is urgent as every link is, so that one that failed keeps no words: they hold a key to the room.
    """
    date, zone = room.date_of(db, group_session), db.get_one(Cohort, group_session.cohort_id).zone
    queue_to(
        db,
        person,
        key=f"{KEY}:{person.id}:{now:%Y%m%d%H%M%S%f}",
        to=to,
        subject=SUBJECT,
        body=BODY,
        now=now,
        urgent=True,
        date=short_day(date.starts_at, zone),
        time=clock_time(date.starts_at, zone),
        link=page,
    )


def address_of(db: Db, person: Person) -> str:
    """Where this guest's last invitation went; "" when it was given to them by hand."""
    sent = select(OutgoingMessage.address).where(OutgoingMessage.person_id == person.id)
    return db.exec(sent.order_by(col(OutgoingMessage.queued_at).desc())).first() or ""


def forget_waiting(db: Db, person: Person) -> None:
    """What is still in line, or failed, does not go out any more: its link works no longer, and the next message brings
    what is true now. What somebody of staff is to tell them stays to be told.
    """
    not_out = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person.id,
        col(OutgoingMessage.state).in_((MessageState.WAITING, MessageState.FAILED)),
        OutgoingMessage.channel != Channel.TELEPHONE,
    )
    for message in db.exec(not_out):
        db.delete(message)
