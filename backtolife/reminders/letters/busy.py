"""Which groups may be written to: most have no session near and no questions open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select as columns
from sqlmodel import col, literal, select

from backtolife.database.session import Db
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.schedule import milestone_is_open
from backtolife.outcomes.forms.models import Reopening
from backtolife.programme.adopted.services import NotKept
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.reminders.letters.welcomes import welcome_key
from backtolife.reminders.offers import groups_with_offers
from backtolife.reminders.rules import MISSED_WITHIN, WELCOME_WITHIN

LOOK_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Held:
    """When one session of a group is. Of a year there are so many that whole rows would take most of the time."""

    id: str
    number: int
    starts_at: datetime
    ends_at: datetime
    over_at: datetime
    """When it is over: as the group ended it, and as planned until then."""
    left_out_at: datetime | None
    ended: bool
    """Whether the group has ended it, which may be before its planned end."""


@dataclass(frozen=True)
class Calendar:
    """The groups of some services, and when each meets, in order, by group."""

    cohorts: Sequence[Cohort]
    held: Mapping[str, Sequence[Held]]


def calendar_of(db: Db, service_ids: Collection[str], now: datetime) -> Calendar:
    """Two statements, however many groups there are."""
    cohorts = db.exec(select(Cohort).where(col(Cohort.service_id).in_(service_ids))).all()
    held: dict[str, list[Held]] = {each.id: [] for each in cohorts}
    wanted = columns(
        col(SessionDate.cohort_id),
        col(SessionDate.id),
        col(SessionDate.number),
        col(SessionDate.starts_at),
        col(SessionDate.ends_at),
        col(SessionDate.left_out_at),
        col(SessionDate.ended_at),
    ).where(col(SessionDate.service_id).in_(service_ids))
    for cohort_id, date_id, number, starts_at, ends_at, left_out_at, ended_at in db.execute(
        wanted.order_by(col(SessionDate.number))
    ):
        ended = ended_at is not None and ended_at <= now
        over_at = ended_at or ends_at
        held[cohort_id].append(Held(date_id, number, starts_at, ends_at, over_at, left_out_at, ended))
    return Calendar(cohorts, held)


def busy(
    db: Db,
    *,
    service_ids: Collection[str],
    now: datetime,
    by: datetime | None = None,
    calendar: Calendar | None = None,
) -> list[str]:
    """The groups that may be written to now, or until `by`, by their dates alone.

    Three statements, and two where nobody gives the calendar. A group with somebody new or without an answer is
    written to as well.
    """
    until = by or now
    found = calendar or calendar_of(db, service_ids, now)
    others = opened_again(db, now) | not_welcomed(db, now) | groups_with_offers(db, service_ids, now, until)
    return [each.id for each in found.cohorts if each.id in others or near(db, each, found.held[each.id], now, until)]


def opened_again(db: Db, now: datetime) -> set[str]:
    """The groups with somebody for whom staff opened questions again. One statement."""
    again = select(Enrolment).join(Reopening, col(Reopening.enrolment_id) == col(Enrolment.id))
    return {each.cohort_id for each in db.exec(again.where(col(Reopening.until) > now))}


def not_welcomed(db: Db, now: datetime) -> set[str]:
    """The groups with somebody new who has not heard from us. One statement."""
    told = select(OutgoingMessage.id).where(
        OutgoingMessage.service_id == Enrolment.service_id,
        col(OutgoingMessage.key) == literal(welcome_key("")) + col(Enrolment.id),
    )
    new = select(Enrolment).where(Enrolment.enrolled_at > now - WELCOME_WITHIN, ~told.exists())
    return {each.cohort_id for each in db.exec(new)}


def near(db: Db, cohort: Cohort, dates: Sequence[Held], now: datetime, until: datetime) -> bool:
    """Whether a session comes within a day of then or was a day ago, a milestone's questions are open, or nobody can
    tell.
    """
    if any(now - MISSED_WITHIN < date.ends_at and date.starts_at <= until + LOOK_AHEAD for date in dates):
        return True
    try:
        return milestone_is_open(db, cohort, dates, since=now, until=until)
    except NotKept:
        return True  # and fails there, alone
