"""Somebody is booked beside a patient for the course, and has had their link."""

from datetime import datetime

from sqlmodel import Session, select

from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.companions.letters import tell_booked
from backtolife.sessions.guests.courses import book
from backtolife.sessions.guests.reach import Reach
from tests.programme.changes.desk import SENDER
from tests.support.factories import Factory

LINK = f"http://localhost/guest/{'k' * 43}"
MAIL, TEXT = Reach("olga@example.org"), Reach("", "07700 900131", texts=True)


def booked(
    make: Factory, place: Enrolment, name: str = "Olga", reach: Reach = MAIL, *, now: datetime | None = None
) -> Person:
    """The message with the link has gone out, where there is an address."""
    db, at = make.db, now or make.now
    lead = make.actor(make.person(db.get_one(Service, place.service_id), Role.CLINICAL_LEAD))
    person = book(db, enrolment=place, name=name, reach=reach, actor=lead, now=at).person
    tell_booked(db, person=person, place=place, link=LINK, sender=SENDER, now=at)
    send_all(db, person)
    return person


def to(db: Session, person: Person, template: str = "") -> list[OutgoingMessage]:
    """What was ever queued to them, the oldest first."""
    theirs = select(OutgoingMessage).where(OutgoingMessage.person_id == person.id)
    found = db.exec(theirs.order_by(OutgoingMessage.queued_at)).all()  # type: ignore[arg-type]
    return [each for each in found if each.key.startswith(template)]


def send_all(db: Session, person: Person) -> None:
    for each in to(db, person):
        if each.state is MessageState.WAITING:
            each.state, each.sent_at, each.tries = MessageState.SENT, each.queued_at, 1
    db.flush()
