"""What goes out in the coming days, and to whom, as the dates stand now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.schedule import asks_on
from backtolife.people.access import Actor, may_everywhere
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.plan.titles import template_in
from backtolife.reminders.rules import SESSION_REMINDERS, after_quiet

AHEAD = timedelta(days=7)
NOT_ANSWERED = "Whoever has not answered by then."


@dataclass(frozen=True)
class Coming:
    """One message that many get: when, what, which group, and who is in it."""

    at: datetime
    title: str
    cohort: Cohort
    people: Sequence[str]
    note: str = ""


def coming_messages(db: Db, *, actor: Actor, now: datetime) -> list[Coming]:
    """What is due within a week in the groups that the actor may see, the soonest first. Three statements."""
    wanted = select(Cohort).where(Cohort.service_id == actor.service_id, col(Cohort.archived_at).is_(None))
    if not may_everywhere(actor, "message.read"):
        wanted = wanted.where(col(Cohort.id).in_(actor.cohort_ids))
    cohorts = {each.id: each for each in db.exec(wanted)}
    dates: dict[str, list[SessionDate]] = {}
    for date in db.exec(select(SessionDate).where(col(SessionDate.cohort_id).in_(list(cohorts)))):
        dates.setdefault(date.cohort_id, []).append(date)
    due = [
        (key, at, template, note)
        for key, cohort in cohorts.items()
        for at, template, note in [
            *before_sessions(cohort, dates.get(key, [])),
            *questions(db, cohort, dates.get(key, [])),
        ]
        if now < at <= now + AHEAD
    ]
    who = members_of(db, {key for key, *_ in due})
    found = [
        Coming(at, template_in(programme_of(db, cohorts[key]), template).title, cohorts[key], who.get(key, ()), note)
        for key, at, template, note in due
    ]
    return sorted((each for each in found if each.people), key=lambda each: (each.at, each.cohort.name))


def before_sessions(cohort: Cohort, dates: Sequence[SessionDate]) -> Iterator[tuple[datetime, str, str]]:
    for date in dates:
        if date.left_out_at is None:
            for each in SESSION_REMINDERS:
                at = after_quiet(date.starts_at - each.before, cohort.zone)
                if date.starts_at - at > each.until:
                    yield at, each.template, f"Session {date.number}."


def questions(db: Db, cohort: Cohort, dates: Sequence[SessionDate]) -> Iterator[tuple[datetime, str, str]]:
    for ask in asks_on(db, cohort, dates, covered=True):
        if not ask.after_session:
            yield after_quiet(ask.opens_at, cohort.zone), "questionnaire-due", f"{ask.label}."
            late = after_quiet(ask.due_at, cohort.zone)
            yield late, "questionnaire-second-reminder", f"{ask.label}. {NOT_ANSWERED}"


def members_of(db: Db, cohort_ids: set[str]) -> dict[str, list[str]]:
    """The names of those who come, by group."""
    rows = (
        select(Enrolment.cohort_id, Person.full_name)
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .where(col(Enrolment.cohort_id).in_(cohort_ids), col(Enrolment.state).in_(MAY_JOIN))
    )
    found: dict[str, list[str]] = {}
    for cohort_id, name in db.exec(rows.order_by(col(Person.full_name))):
        found.setdefault(cohort_id, []).append(isolated(name))
    return found
