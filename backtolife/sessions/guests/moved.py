"""A guest of one session is told when it has another date, does not take place, or takes place after all; and the link
that they have works until that session ends.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import System
from backtolife.people.models import LinkPurpose, Person, Service, SignInLink
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.telling import words_of
from backtolife.sessions.guests import letters
from backtolife.sessions.guests.services import guests_of, new_link
from backtolife.sessions.room.models import GroupSession
from backtolife.text.dates_in_words import clock_time, short_day

MOVED, LEFT_OUT, ON_AGAIN = "companion-moved", "companion-left-out", "companion-on-again"
"""What tells those who are booked for a course tells a guest of one session too."""
Changed = tuple[SessionDate, datetime]
"""A session as it is now, and when it was to begin."""


def tell_guests(db: Db, changed: Collection[Changed], cause: str, site: str, now: datetime) -> int:
    """Move the links of the guests of these sessions, and queue what they are told, once for each `cause`.

    Whoever has not had their link is sent a new one. Returns how many are told.
    """
    told = 0
    for date, was in changed:
        wanted = select(GroupSession).where(GroupSession.session_date_id == date.id)
        for group_session in db.exec(wanted):
            guests = [each for each in guests_of(db, group_session) if not each.whole_course]
            move_links(db, guests, date.closes_at)
            for person in guests:
                told += tell_guest(db, person, group_session, (date, was), cause=cause, site=site, now=now)
    return told


def move_links(db: Db, guests: Collection[Person], until: datetime) -> None:
    db.flush()
    theirs = (
        col(SignInLink.person_id).in_([each.id for each in guests]),
        col(SignInLink.purpose) == LinkPurpose.JOIN,
        col(SignInLink.spent_at).is_(None),
    )
    db.execute(update(SignInLink).where(*theirs).values(expires_at=until))


def tell_guest(
    db: Db, person: Person, group_session: GroupSession, changed: Changed, *, cause: str, site: str, now: datetime
) -> bool:
    date, was = changed
    to = letters.address_of(db, person)
    if to and not has_link(db, person):
        if date.left_out_at is not None:
            letters.forget_waiting(db, person)
            return False
        token = new_link(
            db, person=person, group_session=group_session, actor=System("guests", person.service_id), now=now
        )
        letters.send(db, person=person, group_session=group_session, page=f"{site}/guest/{token}", to=to, now=now)
        return True
    cohort = db.get_one(Cohort, group_session.cohort_id)
    template = LEFT_OUT if date.left_out_at is not None else ON_AGAIN if date.starts_at == was else MOVED
    values = {
        "first_name": isolated(person.shown_name),
        "old_date": short_day(was, cohort.zone),
        "date": short_day(date.starts_at, cohort.zone),
        "time": clock_time(date.starts_at, cohort.zone),
    }
    words = words_of(db, db.get_one(Service, person.service_id), programme_of(db, cohort), template, values)
    queued = delivery.queue(
        db,
        service_id=person.service_id,
        key=f"{template}:{cause}:{person.id}",
        address=to,
        subject=words.subject,
        body=words.body,
        now=now,
        person_id=person.id,
        channel=Channel.EMAIL if to else Channel.TELEPHONE,
    )
    return queued is not None


def has_link(db: Db, person: Person) -> bool:
    """Whether the message with their link went out, or may be on its way at this moment."""
    kind = col(OutgoingMessage.key).startswith(f"{letters.KEY}:")
    theirs = select(OutgoingMessage).where(OutgoingMessage.person_id == person.id, kind)
    newest = db.exec(theirs.order_by(col(OutgoingMessage.queued_at).desc(), col(OutgoingMessage.id))).first()
    if newest is None:
        return False
    return newest.state is MessageState.SENT or (newest.state is MessageState.WAITING and newest.tries > 0)
