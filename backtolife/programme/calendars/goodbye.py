"""Whoever leaves a group is told once, and its dates leave their calendar; they come back with a place given back."""

from datetime import datetime

from sqlmodel import select

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.calendar_file import Method, calendar_file
from backtolife.programme.calendars.feeds import address_for_text
from backtolife.programme.calendars.invitations import Sender, entry_of, invitation
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.rules import IN_THE_GROUP, EnrolmentState
from backtolife.programme.cohorts.services import to_come
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.telling import tell


def tell_left(
    db: Db,
    *,
    person: Person,
    cohort: Cohort,
    ending_id: str,
    was: EnrolmentState,
    around: Surroundings,
    sender: Sender,
    now: datetime,
) -> bool:
    """Queue the message to who left. `was` is where they stood before. Returns whether one was queued: not to who was
    never in the group.
    """
    if was not in IN_THE_GROUP:
        return False
    file = taken_out(db, person=person, cohort=cohort, around=around, sender=sender, now=now)
    key = f"place-ended:{ending_id}"
    return tell(db, person=person, cohort=cohort, template="place-ended", key=key, values={}, now=now, calendar=file)


def tell_back(
    db: Db,
    *,
    person: Person,
    cohort: Cohort,
    ending_id: str,
    around: Surroundings,
    sender: Sender,
    now: datetime,
) -> bool:
    """Queue the message to who has their place again, with its dates. Returns whether one was queued: not where the
    goodbye had not gone yet, which then goes no more.
    """
    delivery.drop_waiting(db, person_ids=[person.id], urgent=False, about={ending_id})
    goodbye = select(OutgoingMessage.id).where(
        OutgoingMessage.service_id == person.service_id,
        OutgoingMessage.key == f"place-ended:{ending_id}",
        OutgoingMessage.state == MessageState.SENT,
    )
    if db.exec(goodbye).first() is None:
        return False
    file = of_dates_to_come(db, person=person, cohort=cohort, around=around, sender=sender, now=now)
    key, values = f"place-back:{ending_id}", {"link": sender.site}
    at = address_for_text(db, person=person, site=sender.site, now=now)
    return tell(
        db,
        person=person,
        cohort=cohort,
        template="place-back",
        key=key,
        values=values,
        now=now,
        calendar=file,
        calendar_link=at,
    )


def moved_over(
    db: Db,
    *,
    person: Person,
    before: Cohort,
    after: Cohort,
    around: Surroundings,
    sender: Sender,
    now: datetime,
) -> str:
    """The file with which one group's dates leave the person's calendar, and another's come in."""
    entries = []
    for cohort, gone in ((before, True), (after, False)):
        dates = to_come(db, cohort.id, now)
        links = around.addresses(db, dates)
        entries += [
            entry_of(each, cohort, link=links.get(each.id, sender.site), person=person, gone=gone) for each in dates
        ]
    organiser = sender.mailbox(db.get_one(Service, person.service_id))
    return calendar_file(entries, method=Method.PUBLISH, organiser=organiser, made_at=now).decode() if entries else ""


def taken_out(db: Db, *, person: Person, cohort: Cohort, around: Surroundings, sender: Sender, now: datetime) -> str:
    """The file that takes the dates still to come out of the person's calendar; empty where none is."""
    return of_dates_to_come(db, person=person, cohort=cohort, around=around, sender=sender, now=now, gone=True)


def of_dates_to_come(
    db: Db,
    *,
    person: Person,
    cohort: Cohort,
    around: Surroundings,
    sender: Sender,
    now: datetime,
    gone: bool = False,
) -> str:
    """The file that puts the dates still to come into the person's calendar, or out of it where `gone`."""
    dates = to_come(db, cohort.id, now)
    return invitation(
        dates,
        cohort=cohort,
        service=db.get_one(Service, cohort.service_id),
        person=person,
        links=around.addresses(db, dates),
        sender=sender,
        now=now,
        gone=gone,
    )
