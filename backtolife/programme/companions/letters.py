"""What companions are told: that they are booked, in which group, that it is over, and that they come after all.

No message names who is cared for, or why something ended: one wording serves for whoever left, moved on or died.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import and_, col, or_, select

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.contact.own_number import own_number
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.calendar_file import Method, calendar_file
from backtolife.programme.calendars.invitations import Sender, entry_of, invitation
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.services import to_come
from backtolife.programme.cohorts.telling import tell
from backtolife.text.dates_in_words import clock_time, short_day

BOOKED, GROUP, ENDED, BACK = "companion-booked", "companion-group", "companion-ended", "companion-back"
OF_BEFORE = "guest-invitation"
"""The message that brought the link before bookings had words of their own."""
AT_ONCE_BEFORE = timedelta(hours=16)
"""So near to a session, what is told about it waits for no morning."""


@dataclass(frozen=True)
class About:
    """What a message is about: the sessions of a group that are to come, the next one first."""

    cohort: Cohort
    dates: Sequence[SessionDate]
    sender: Sender
    now: datetime


def of_group(db: Db, cohort_id: str, sender: Sender, now: datetime) -> About:
    cohort = db.get_one(Cohort, cohort_id)
    return About(cohort, to_come(db, cohort.id, now), sender, now)


def tell_booked(db: Db, *, person: Person, place: Enrolment, link: str, sender: Sender, now: datetime) -> str:
    """Queue the message with the link. Returns where it goes; empty where nothing is sent.

    It is urgent as every link is, so that one that failed keeps no words: they hold a key to the room.
    """
    about, key = of_group(db, place.cohort_id, sender, now), f"{BOOKED}:{now:%Y%m%d%H%M%S%f}:{person.id}"
    if by_hand(person) or not about.dates:
        return ""
    if not send(db, person, key, about, guest_link=link):
        return ""
    sent = select(OutgoingMessage.address).where(
        OutgoingMessage.service_id == person.service_id, OutgoingMessage.key == key
    )
    return db.exec(sent).one()


def by_hand(person: Person) -> bool:
    """Whether we can write to nowhere: somebody of staff gives them the link and tells them the rest."""
    return person.channel is Channel.TELEPHONE or (person.channel is Channel.EMAIL and not person.mail_to)


def who_knows(db: Db, people: Collection[Person]) -> list[Person]:
    """Who of these may know that they are booked: what was sent to them went out or is on its way. Who is told by
    somebody of staff knows. One statement.
    """
    out = or_(
        OutgoingMessage.state == MessageState.SENT,
        and_(OutgoingMessage.state == MessageState.WAITING, col(OutgoingMessage.tries) > 0),
    )
    told = select(OutgoingMessage.person_id).where(
        col(OutgoingMessage.person_id).in_([each.id for each in people]),
        or_(*(col(OutgoingMessage.key).startswith(f"{kind}:") for kind in (BOOKED, OF_BEFORE))),
        out,
    )
    heard = set(db.exec(told)) if people else set()
    return [each for each in people if each.id in heard or by_hand(each)]


def tell_over(
    db: Db, *, place: Enrolment, people: Collection[Person], cause: str, sender: Sender, now: datetime
) -> int:
    """Queue that their booking has ended, once for each `cause`, with its dates leaving their calendar.

    `people` are those who knew of it. Where their patient has died nothing is sent: somebody rings, who knows what to
    say to the family. Returns how many are told: nobody after the last session.
    """
    about = of_group(db, place.cohort_id, sender, now)
    if not about.dates:
        return 0
    died = db.get_one(Person, place.person_id).died_at is not None
    return sum(
        send(db, each, f"{ENDED}:{cause}:{each.id}", about, ring=own_number(db, each) if died else None)
        for each in people
    )


def tell_again(db: Db, *, place: Enrolment, people: Collection[Person], sender: Sender, now: datetime) -> int:
    """Who was told that their booking had ended is told that they come after all, with the dates as they are now.

    What still waits of the first message goes no more, and then there is nothing to take back. Returns how many are
    told.
    """
    about, told = of_group(db, place.cohort_id, sender, now), 0
    for person in people:
        ended, last = False, None
        for message in turns_of(db, person):
            if message.state is MessageState.SENT:
                ended, last = message.key.startswith(f"{ENDED}:"), message
            elif message.key.startswith(f"{ENDED}:"):
                delivery.drop_waiting(db, person_ids=[person.id], urgent=False, about={message.key.split(":")[1]})
        if ended and last is not None and about.dates:
            told += send(db, person, f"{BACK}:{last.key.split(':')[1]}:{person.id}", about)
    return told


def turns_of(db: Db, person: Person) -> Sequence[OutgoingMessage]:
    """The messages that say whether somebody comes, the oldest first."""
    kinds = or_(*(col(OutgoingMessage.key).startswith(f"{kind}:") for kind in (BOOKED, ENDED, BACK)))
    wanted = select(OutgoingMessage).where(OutgoingMessage.person_id == person.id, kinds)
    return db.exec(wanted.order_by(col(OutgoingMessage.queued_at), col(OutgoingMessage.id))).all()


def tell_other_group(
    db: Db, *, place: Enrolment, before: Cohort, move_id: str, people: Collection[Person], sender: Sender, now: datetime
) -> int:
    """Queue that their patient, and so they, meet in another group: one group's dates leave their calendar, the
    other's come in. Their link goes on working. Returns how many are told.
    """
    about, were = of_group(db, place.cohort_id, sender, now), to_come(db, before.id, now)
    organiser, told = sender.mailbox(db.get_one(Service, place.service_id)), 0
    for person in people if about.dates else ():
        gone = [entry_of(each, before, link="", person=person, gone=True) for each in were]
        come = [entry_of(each, about.cohort, link="", person=person) for each in about.dates]
        file = calendar_file([*gone, *come], method=Method.PUBLISH, organiser=organiser, made_at=now).decode()
        told += send(db, person, f"{GROUP}:{move_id}:{person.id}", about, calendar=file)
    return told


def send(
    db: Db,
    person: Person,
    key: str,
    about: About,
    *,
    calendar: str = "",
    guest_link: str = "",
    ring: str | None = None,
) -> bool:
    """Queue the message that `key` names, with the dates of a group for a calendar, or another file; with a number to
    `ring` (empty: none that we know) as a call to make.
    """
    template, cohort, dates = key.partition(":")[0], about.cohort, about.dates
    first, service = dates[0], db.get_one(Service, cohort.service_id)
    file = calendar or invitation(
        dates,
        cohort=cohort,
        service=service,
        person=person,
        links={},
        sender=about.sender,
        now=about.now,
        gone=template == ENDED,
    )
    values = {"date": short_day(first.starts_at, cohort.zone), "time": clock_time(first.starts_at, cohort.zone)}
    return tell(
        db,
        person=person,
        cohort=cohort,
        template=template,
        key=key,
        values={**values, "guest_link": guest_link},
        now=about.now,
        urgent=template == BOOKED,
        calendar=file,
        at_once=ring is None and first.starts_at < about.now + AT_ONCE_BEFORE,
        ring=ring,
    )


def comes(person: Person | None, place: Enrolment | None) -> bool:
    """Whether a companion comes to the sessions of their patient: not once either of them has left."""
    return person is not None and place is not None and person.active and place.state in MAY_JOIN
