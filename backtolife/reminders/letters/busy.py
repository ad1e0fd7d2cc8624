"""Which groups may be written to: most have no session near and no questions open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.schedule import asks_on
from backtolife.outcomes.forms.models import Reopening
from backtolife.programme.adopted.services import NotKept
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.reminders.offers import groups_with_offers
from backtolife.reminders.rules import MISSED_WITHIN, WELCOME_WITHIN

LOOK_AHEAD = timedelta(hours=24)


def busy(db: Db, *, service_ids: list[str], now: datetime, by: datetime | None = None) -> list[str]:
    """The groups that may be written to now, or until `by`, by their dates alone.

    Six statements, however many groups there are. A group with somebody new or without an answer is written to as well.
    """
    until = by or now
    on: dict[str, list[SessionDate]] = {}
    for date in db.exec(select(SessionDate).where(col(SessionDate.service_id).in_(service_ids))):
        on.setdefault(date.cohort_id, []).append(date)
    again = select(Enrolment.cohort_id).join(Reopening, col(Reopening.enrolment_id) == col(Enrolment.id))
    others = set(db.exec(again.where(col(Reopening.until) > now)))
    others |= not_welcomed(db, now)
    others |= groups_with_offers(db, service_ids, now, until)
    cohorts = db.exec(select(Cohort).where(col(Cohort.service_id).in_(service_ids)))
    return [each.id for each in cohorts if each.id in others or near(db, each, on.get(each.id, []), now, until)]


def not_welcomed(db: Db, now: datetime) -> set[str]:
    """The groups with somebody new who has not heard from us."""
    new = select(Enrolment).where(Enrolment.enrolled_at > now - WELCOME_WITHIN)
    keys = {f"welcome:{each.id}": each for each in db.exec(new)}
    told = set(db.exec(select(OutgoingMessage.key).where(col(OutgoingMessage.key).in_(list(keys)))))
    return {each.cohort_id for key, each in keys.items() if key not in told}


def near(db: Db, cohort: Cohort, dates: Sequence[SessionDate], now: datetime, until: datetime) -> bool:
    """Whether a session comes within a day of then or was a day ago, a milestone's questions are open, or nobody can
    tell.
    """
    if any(now - MISSED_WITHIN < date.ends_at and date.starts_at <= until + LOOK_AHEAD for date in dates):
        return True
    try:
        asks = asks_on(db, cohort, dates, covered=True)
    except NotKept:
        return True  # and fails there, alone
    return any(not ask.after_session and ask.opens_at <= until and now < ask.closes_at for ask in asks)
