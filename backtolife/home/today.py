"""What staff see first: the sessions near now, the tasks that wait, what to set up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.outcomes.safety.on_call import away_among
from backtolife.people.access import Actor, may
from backtolife.people.names import isolated
from backtolife.people.working import can_work
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.covering import teams_on
from backtolife.programme.cohorts.enrolment import places_taken
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.rules import Door
from backtolife.programme.cohorts.services import cohorts_for
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import for_date, next_of_each

LOOKS_BACK = timedelta(days=7)
"""So long after it somebody who stood in finds the session on their first page."""


@dataclass(frozen=True)
class Coming:
    """A cohort and its session that is on or comes next."""

    cohort: Cohort
    date: SessionDate
    people: int
    door: Door
    join_code: str
    there: tuple[str, ...] = ()
    """The full names of who leads and who spots it, without whoever cannot sign in or is on leave on that day."""
    stands_in: bool = False
    """The actor stands in for somebody here, and may open this session alone."""

    @property
    def nobody(self) -> bool:
        return not self.stands_in and not self.there

    @property
    def alone(self) -> str:
        """The full name of the one person who is there without a second; empty where two are, or nobody is."""
        return self.there[0] if len(self.there) == 1 else ""


def without_a_second(coming: Collection[Coming], *, actor: Actor, said: Collection[str]) -> list[Coming]:
    """The sessions in which one person is alone, for who can find a second one; not of the groups (by id) of which the
    page has `said` already that they lost somebody.
    """
    return [
        each
        for each in coming
        if each.alone and each.cohort.id not in said and may(actor, "cohort.change", each.cohort)
    ]


def coming_sessions(db: Db, *, actor: Actor, now: datetime) -> list[Coming]:
    """The next session of each cohort that the actor sees, soonest first."""
    if not may(actor, "cohort.read", actor):
        return []
    cohorts = {each.id: each for each in cohorts_for(db, actor=actor)}
    people, found = places_taken(db, cohorts), []
    coming = next_of_each(db, cohort_ids=cohorts, now=now)
    there = who_is_there(db, [(cohorts[key], date) for key, (date, _) in coming.items()])
    for cohort_id, (date, group_session) in coming.items():
        found.append(
            Coming(
                cohorts[cohort_id],
                date,
                people.get(cohort_id, 0),
                rules.door(now, date),
                group_session.join_code,
                there[date.id],
            )
        )
    return sorted([*found, *standing_in(db, actor, now)], key=lambda each: each.date.starts_at)


def who_is_there(db: Db, sessions: Collection[tuple[Cohort, SessionDate]]) -> dict[str, tuple[str, ...]]:
    """Who leads and spots each of these sessions and can: able to sign in, and not on leave. By the date's id."""
    teams = teams_on(db, [date for _, date in sessions])
    days = {date.id: in_zone(date.starts_at, cohort.zone).date() for cohort, date in sessions}
    people = {person.id for team in teams.values() for person in team.values()}
    away = away_among(db, people, set(days.values()))
    return {
        key: tuple(
            isolated(person.full_name)
            for person in team.values()
            if can_work(person) and person.id not in away.get(days[key], ())
        )
        for key, team in teams.items()
    }


def standing_in(db: Db, actor: Actor, now: datetime) -> list[Coming]:
    """The sessions of other groups in which the actor stands in for somebody, and that are not over."""
    if not actor.covers:
        return []
    dates = select(SessionDate).where(
        col(SessionDate.id).in_(actor.covers),
        col(SessionDate.cohort_id).not_in(actor.cohort_ids),
        col(SessionDate.left_out_at).is_(None),
    )
    found = []
    for date in db.exec(dates):
        state = rules.door(now, date)
        if state is not Door.OVER:
            people = places_taken(db, [date.cohort_id]).get(date.cohort_id, 0)
            code = for_date(db, date).join_code
            found.append(Coming(db.get_one(Cohort, date.cohort_id), date, people, state, code, stands_in=True))
    return found


@dataclass(frozen=True)
class StoodIn:
    """A session in which somebody stood in for a colleague a short time ago."""

    cohort: Cohort
    number: int
    group_session_id: str


def stood_in(db: Db, *, actor: Actor, now: datetime) -> list[StoodIn]:
    """The sessions of other groups in which the actor stood in these days, for the page that looks back on each."""
    if not actor.covers:
        return []
    wanted = (
        select(GroupSession, Cohort)
        .join(Cohort, col(Cohort.id) == col(GroupSession.cohort_id))
        .where(
            col(GroupSession.session_date_id).in_(actor.covers),
            col(GroupSession.cohort_id).not_in(actor.cohort_ids),
            col(GroupSession.ended_at) > now - LOOKS_BACK,
        )
    )
    rows = db.exec(wanted.order_by(col(GroupSession.ended_at).desc())).all()
    return [StoodIn(cohort, held.number, held.id) for held, cohort in rows if may(actor, "attendance.read", held)]
