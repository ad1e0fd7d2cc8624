"""Where a companion who is booked for a course is reached, and what follows when it was wrong."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor, authorise
from backtolife.people.contact.routes import reroute
from backtolife.people.models import Person, Service
from backtolife.people.numbers import text_number
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.companions import letters
from backtolife.programme.patients.correcting import redirect


@dataclass(frozen=True)
class Reach:
    """Where a companion is reached, as we keep it. `texts`: whether this service sends any."""

    email: str = ""
    phone: str = ""
    texts: bool = False

    @property
    def channel(self) -> Channel:
        """By e-mail where there is an address, else by text; who can be sent nothing is told by somebody of staff."""
        if self.email:
            return Channel.EMAIL
        return Channel.SMS if self.texts and text_number(self.phone) else Channel.TELEPHONE


NOWHERE = Reach()


def way_to(person: Person) -> str:
    """The address or number to which our messages go; empty where somebody of staff tells them."""
    if person.channel is Channel.SMS:
        return text_number(person.phone)
    return person.mail_to if person.channel is Channel.EMAIL else ""


def correct(db: Db, *, place: Enrolment, person: Person, reach: Reach, actor: Actor, now: datetime) -> bool:
    """Keep another address or number. Returns whether our messages go another way now: the caller then ends what the
    old one opens, and sends a new link.
    """
    authorise(actor, "companion.book", place)
    db.refresh(person, with_for_update=True)
    before = way_to(person)
    if (person.guest_email, person.phone, person.channel) == (reach.email, reach.phone, reach.channel):
        return False
    person.guest_email, person.phone, person.channel = reach.email, reach.phone, reach.channel
    audit.record(
        db,
        actor=actor,
        action="companion_reach_changed",
        subject_type="person",
        subject_id=person.id,
        now=now,
        channel=reach.channel.value,
    )
    return way_to(person) != before


def send_end_again(db: Db, *, place: Enrolment, person: Person, old: str, sender: Sender, now: datetime) -> None:
    """Their course is over for them, and there is no link to send: what went to the `old` address, or waits for it,
    goes to the new one, so that whoever was told of the end is the right one.
    """
    kind = f"{letters.ENDED}:"
    told = select(OutgoingMessage).where(
        OutgoingMessage.person_id == person.id,
        OutgoingMessage.address == old,
        OutgoingMessage.state == MessageState.SENT,
        col(OutgoingMessage.key).startswith(kind),
    )
    causes = [each.key.split(":")[1] for each in db.exec(told.order_by(col(OutgoingMessage.queued_at)))]
    redirect(db, person=person, gone=frozenset({old} - {""}), now=now)
    reroute(db, person=person, zone=db.get_one(Service, person.service_id).zone, now=now)
    if causes:
        letters.tell_over(db, place=place, people=[person], cause=causes[-1], sender=sender, now=now)
