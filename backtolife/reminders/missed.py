"""Whoever missed a session without a word hears from us once, and how to catch up."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from backtolife.config import Settings
from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.services import dates_of, staff_of
from backtolife.programme.places.transfer import arrived_at
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.rules import MISSED_FOR, missed_is_due, quiet
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.records.attendance import attendance_at
from backtolife.sessions.room.services import for_date
from backtolife.text.dates_in_words import short_day


def missed_letters(
    db: Db, cohort: Cohort, members: list[tuple[Enrolment, Person]], settings: Settings, now: datetime
) -> Iterator[DueMessage]:
    """To those who did not come to a session that took place within a day, and had a place then. Nobody is written to
    who had told us that they cannot come.
    """
    if quiet(now, cohort.zone):
        return
    dates = dates_of(db, cohort.id)
    for date in dates:
        of_use = missed_is_due(date.over_at, now) and now < missed_until(date, dates)
        if date.left_out_at is None and of_use:
            yield from missed(db, cohort, date, members, link=settings.public_url, now=now)


def missed_until(date: SessionDate, dates: Sequence[SessionDate]) -> datetime:
    """When it is of no use any more to write that somebody was missed: the group meets again, or it is long ago."""
    later = [each.starts_at for each in dates if each.starts_at > date.starts_at and each.left_out_at is None]
    return min([*later, date.over_at + MISSED_FOR])


def missed(
    db: Db, cohort: Cohort, date: SessionDate, members: list[tuple[Enrolment, Person]], *, link: str, now: datetime
) -> Iterator[DueMessage]:
    group_session = for_date(db, date)
    came = {each.person_id for each in attendance_at(db, group_session, now=now)}
    if not came:
        return
    told = not_coming(db, group_session)
    values = {
        "date": short_day(date.starts_at, cohort.zone),
        "link": link,
        "staff_name": lead_of(db, cohort),
    }
    since = arrived_at(db, [enrolment for enrolment, _ in members])
    for enrolment, person in members:
        there = enrolment.state in MAY_JOIN and since[enrolment.id] <= date.starts_at
        if there and person.id not in came and person.id not in told:
            yield DueMessage(person, "missed-session", f"missed-session:{date.id}:{enrolment.id}", values)


def lead_of(db: Db, cohort: Cohort) -> str:
    """Who signs a message of the group: its lead, and the service where there is none."""
    staff = staff_of(db, cohort.id)
    return isolated(staff[0][1].full_name if staff else db.get_one(Service, cohort.service_id).name)
