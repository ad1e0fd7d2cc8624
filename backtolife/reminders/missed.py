"""Whoever missed a session without a word hears from us once, and how to catch up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.services import staff_of
from backtolife.programme.places.transfer import arrived_at
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.rules import MISSED_FOR, Window, missed_window
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.records.attendance import attendance_at
from backtolife.sessions.room.services import kept_for
from backtolife.text.dates_in_words import short_day


def missed_letters(
    db: Db,
    cohort: Cohort,
    members: list[tuple[Enrolment, Person]],
    dates: Sequence[SessionDate],
    *,
    site: str,
    now: datetime,
) -> Iterator[DueMessage]:
    """To those who did not come to a session that took place within a day, and had a place then. Nobody is written to
    who had told us that they cannot come.
    """
    for date in dates:
        window = window_of(date, dates)
        if date.left_out_at is None and date.over_at <= now < window.until:
            yield from missed(db, cohort, date, members, window, link=site, now=now)


def would_miss(
    db: Db, members: list[tuple[Enrolment, Person]], dates: Sequence[SessionDate], *, now: datetime, by: datetime
) -> Iterator[tuple[SessionDate, Window, list[Person]]]:
    """Who would be written to if they did not come, for each session that is not over and after which somebody may be
    until `by`.
    """
    since = arrived_at(db, [enrolment for enrolment, _ in members])
    for date in dates:
        window = window_of(date, dates)
        if date.left_out_at is None and now < date.over_at and window.since <= by and window.since < window.until:
            held = kept_for(db, date)
            told = not_coming(db, held) if held is not None else frozenset()
            those = [person for place, person in members if had_a_place(place, since, date) and person.id not in told]
            yield date, window, those


def window_of(date: SessionDate, dates: Sequence[SessionDate]) -> Window:
    return missed_window(date.over_at, missed_until(date, dates))


def had_a_place(enrolment: Enrolment, since: Mapping[str, datetime], date: SessionDate) -> bool:
    return enrolment.state in MAY_JOIN and since[enrolment.id] <= date.starts_at


def missed_until(date: SessionDate, dates: Sequence[SessionDate]) -> datetime:
    """When it is of no use any more to write that somebody was missed: the group meets again, or it is long ago."""
    later = [each.starts_at for each in dates if each.starts_at > date.starts_at and each.left_out_at is None]
    return min([*later, date.over_at + MISSED_FOR])


def missed(
    db: Db,
    cohort: Cohort,
    date: SessionDate,
    members: list[tuple[Enrolment, Person]],
    window: Window,
    *,
    link: str,
    now: datetime,
) -> Iterator[DueMessage]:
    group_session = kept_for(db, date)
    came = {each.person_id for each in attendance_at(db, group_session, now=now)} if group_session else set()
    if group_session is None or not came:
        return
    told = not_coming(db, group_session)
    values = {
        "date": short_day(date.starts_at, cohort.zone),
        "link": link,
        "staff_name": lead_of(db, cohort),
    }
    since = arrived_at(db, [enrolment for enrolment, _ in members])
    for enrolment, person in members:
        if had_a_place(enrolment, since, date) and person.id not in came and person.id not in told:
            key, about = f"missed-session:{date.id}:{enrolment.id}", f"Session {date.number}."
            yield DueMessage(person, "missed-session", key, values, window, about=about)


def lead_of(db: Db, cohort: Cohort) -> str:
    """Who signs a message of the group: its lead, and the service where there is none."""
    staff = staff_of(db, cohort.id)
    return isolated(staff[0][1].full_name if staff else db.get_one(Service, cohort.service_id).name)
