"""What goes out in the coming days, and to whom, as the dates stand now."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.outcomes.asking.schedule import asks_on
from backtolife.people.access import Actor, may_everywhere
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.numbers import text_number
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.telling import NOT_RUNG
from backtolife.programme.plan.titles import template_in
from backtolife.reminders.rules import SESSION_REMINDERS, after_quiet
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.room.models import GroupSession

AHEAD = timedelta(days=7)
NOT_ANSWERED = "Whoever has not answered by then."


@dataclass(frozen=True)
class Coming:
    """One message that many get: when, what, which group, and who is in it."""

    at: datetime
    title: str
    cohort: Cohort
    to: Sequence[Person]
    note: str = ""

    @property
    def people(self) -> list[str]:
        return [isolated(each.full_name) for each in self.to]

    @property
    def ways(self) -> list[str]:
        """Each name with how it goes, and whether it waits until somebody has looked."""
        return [f"{isolated(each.full_name)} ({way_of(each)})" for each in self.to]


def coming_messages(db: Db, *, actor: Actor, now: datetime) -> list[Coming]:
    """What is due within a week in the groups that the actor may see, the soonest first. Four statements."""
    wanted = select(Cohort).where(Cohort.service_id == actor.service_id, col(Cohort.archived_at).is_(None))
    if not may_everywhere(actor, "message.read"):
        wanted = wanted.where(col(Cohort.id).in_(actor.cohort_ids))
    cohorts = {each.id: each for each in db.exec(wanted)}
    dates: dict[str, list[SessionDate]] = {}
    for date in db.exec(select(SessionDate).where(col(SessionDate.cohort_id).in_(list(cohorts)))):
        dates.setdefault(date.cohort_id, []).append(date)
    due = [
        (key, at, template, note, date_id)
        for key, cohort in cohorts.items()
        for at, template, note, date_id in [
            *before_sessions(cohort, dates.get(key, [])),
            *questions(db, cohort, dates.get(key, [])),
        ]
        if now < at <= now + AHEAD
    ]
    who, absent = members_of(db, {key for key, *_ in due}), not_coming_to(db, {each[-1] for each in due})
    found = [
        Coming(
            at,
            template_in(programme_of(db, cohorts[key]), template).title,
            cohorts[key],
            [each for each in who.get(key, ()) if each.id not in absent.get(date_id, ()) and hears(each, template)],
            note,
        )
        for key, at, template, note, date_id in due
    ]
    return sorted((each for each in found if each.people), key=lambda each: (each.at, each.cohort.name))


def hears(person: Person, template: str) -> bool:
    """Whether this message goes to them at all: nobody is rung for some."""
    return person.channel is not Channel.TELEPHONE or template not in NOT_RUNG


def way_of(person: Person) -> str:
    if person.channel is Channel.TELEPHONE:
        return "a call"
    by = "text" if person.channel is Channel.SMS and text_number(person.phone) else "e-mail"
    return f"{by}, waits until somebody has looked" if person.others_read else by


def not_coming_to(db: Db, date_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Who has said that they cannot come, by session: no reminder of it goes to them."""
    rooms = select(GroupSession).where(col(GroupSession.session_date_id).in_([each for each in date_ids if each]))
    return {each.session_date_id: not_coming(db, each) for each in db.exec(rooms)}


def before_sessions(cohort: Cohort, dates: Sequence[SessionDate]) -> Iterator[tuple[datetime, str, str, str]]:
    for date in dates:
        if date.left_out_at is None:
            for each in SESSION_REMINDERS:
                at = after_quiet(date.starts_at - each.before, cohort.zone)
                if date.starts_at - at > each.until:
                    yield at, each.template, f"Session {date.number}.", date.id


def questions(db: Db, cohort: Cohort, dates: Sequence[SessionDate]) -> Iterator[tuple[datetime, str, str, str]]:
    for ask in asks_on(db, cohort, dates, covered=True):
        if not ask.after_session:
            yield after_quiet(ask.opens_at, cohort.zone), "questionnaire-due", f"{ask.label}.", ""
            late = after_quiet(ask.due_at, cohort.zone)
            yield late, "questionnaire-second-reminder", f"{ask.label}. {NOT_ANSWERED}", ""


def members_of(db: Db, cohort_ids: set[str]) -> dict[str, list[Person]]:
    """Those who come, by group and name."""
    rows = (
        select(Enrolment.cohort_id, Person)
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .where(col(Enrolment.cohort_id).in_(cohort_ids), col(Enrolment.state).in_(MAY_JOIN))
    )
    found: dict[str, list[Person]] = {}
    for cohort_id, person in db.exec(rows.order_by(col(Person.full_name))):
        found.setdefault(cohort_id, []).append(person)
    return found
