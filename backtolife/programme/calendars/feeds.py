"""A person's dates under a secret address: made, replaced, stopped, and what it holds at this moment."""

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.sealing import Sealing, ours
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import NotFound
from backtolife.mail.channels import Channel
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.calendar_file import Entry, Method, calendar_file
from backtolife.programme.calendars.invitations import Sender, entry_of
from backtolife.programme.calendars.models import CalendarFeed
from backtolife.programme.cohorts.covering import covers_of
from backtolife.programme.cohorts.models import Cohort, CohortStaff, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN, EnrolmentState
from backtolife.programme.cohorts.surroundings import Surroundings

NO_FEED = "There is no calendar here. Its owner may have stopped it or made a new address."
TEXTS = "texts"
"""Who the trace names where a text needed an address."""
SECRET, SECRET_BYTES = "calendar_feed", 16
KEPT = timedelta(days=120)
"""So far back past sessions stay: a calendar is looked at for the last weeks, not for years."""
IN_CALENDAR = MAY_JOIN | {EnrolmentState.COMPLETED}


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(feed_id: str, sealing: Sealing) -> list[str]:
    """The secret of an address, by each key there is, the newest first: 128 bits, short enough for a text. Who has the
    database without its key cannot work it out.
    """
    marks = (bytes.fromhex(each) for each in sealing.marks(feed_id, of=SECRET))
    return [base64.urlsafe_b64encode(each[:SECRET_BYTES]).decode().rstrip("=") for each in marks]


def feed_of(db: Db, *, actor: Actor) -> CalendarFeed | None:
    """The address that the actor has; no page says again what it is, only that it is there."""
    return feed_of_person(db, actor.id)


def feed_of_person(db: Db, person_id: str) -> CalendarFeed | None:
    return db.exec(select(CalendarFeed).where(CalendarFeed.person_id == person_id)).first()


def make_feed(db: Db, *, actor: Actor, now: datetime) -> str:
    """A new secret for the actor's own calendar; an earlier one stops at once. Returned once and kept as a hash."""
    one_at_a_time(db, f"calendar:{actor.id}")
    stop_feed(db, actor=actor, now=now)
    return new_feed(db, person_id=actor.id, actor=actor, now=now)


def new_feed(db: Db, *, person_id: str, actor: Acting, now: datetime) -> str:
    """The caller holds the person's calendar and has seen that there is none."""
    feed = CalendarFeed(service_id=actor.service_id, person_id=person_id, token_hash="", made_at=now)
    token = token_for(feed.id, ours())[0]
    feed.token_hash = hash_of(token)
    db.add(feed)
    trace(db, actor, "calendar_made", now, person_id)
    return token


def address_for_text(db: Db, *, person: Person, site: str, now: datetime) -> str:
    """Where somebody who is reached by text finds their dates as a file; made where they have no address yet.

    Empty for everybody else, whose mail brings the file, and for an address that was made before it could be said
    again: who has one follows their dates in their calendar already.
    """
    if person.channel is not Channel.SMS:
        return ""
    found = feed_of_person(db, person.id)
    if found is None:
        one_at_a_time(db, f"calendar:{person.id}")
        found = feed_of_person(db, person.id)
    if found is None:
        known = [new_feed(db, person_id=person.id, actor=System(TEXTS, person.service_id), now=now)]
    else:
        known = [each for each in token_for(found.id, ours()) if hash_of(each) == found.token_hash]
    return f"{site}/calendar/{known[0]}.ics" if known else ""


def stop_feed(db: Db, *, actor: Actor, now: datetime) -> bool:
    """From now on the actor's address answers nobody. Returns whether there was one."""
    found = feed_of(db, actor=actor)
    if found is None:
        return False
    db.delete(found)
    trace(db, actor, "calendar_stopped", now)
    return True


def trace(db: Db, actor: Acting, action: str, now: datetime, person_id: str = "") -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person_id or actor.id, now=now)


def feed(db: Db, *, token: str, around: Surroundings, sender: Sender, now: datetime) -> bytes:
    """The calendar behind a secret. Raises NotFound for an unknown one, and where somebody's account is closed."""
    found = db.exec(select(CalendarFeed).where(CalendarFeed.token_hash == hash_of(token))).first()
    person = db.get(Person, found.person_id) if found is not None else None
    if person is None or not person.active:
        raise NotFound(NO_FEED)
    entries = entries_of(db, person, around=around, sender=sender, now=now)
    organiser = sender.mailbox(db.get_one(Service, person.service_id))
    name = organiser.name or "Group dates"
    return calendar_file(entries, method=Method.PUBLISH, organiser=organiser, made_at=now, name=name)


def entries_of(db: Db, person: Person, *, around: Surroundings, sender: Sender, now: datetime) -> list[Entry]:
    """The sessions in which the person has a part, in order."""
    found = list(dates_of(db, person, now))
    links = around.addresses(db, [date for date, _ in found])
    return [entry_of(date, cohort, link=links.get(date.id, sender.site), person=person) for date, cohort in found]


def dates_of(db: Db, person: Person, now: datetime) -> Iterable[tuple[SessionDate, Cohort]]:
    if person.is_patient:
        part = select(Enrolment.cohort_id).where(
            Enrolment.person_id == person.id, col(Enrolment.state).in_(IN_CALENDAR)
        )
    else:
        part = select(CohortStaff.cohort_id).where(CohortStaff.person_id == person.id)
    wanted = (
        select(SessionDate, Cohort)
        .join(Cohort, col(Cohort.id) == col(SessionDate.cohort_id))
        .where(
            col(SessionDate.cohort_id).in_(part) | col(SessionDate.id).in_(covers_of(db, person)),
            SessionDate.ends_at > now - KEPT,
        )
    )
    return db.exec(wanted.order_by(col(SessionDate.starts_at))).all()
