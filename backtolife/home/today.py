"""What staff see first: the sessions near now, the tasks that wait, what to set up."""

from dataclasses import dataclass
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.access import Actor, may
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.enrolment import places_taken
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.rules import Door
from backtolife.programme.cohorts.services import cohorts_for
from backtolife.sessions.room.services import next_of_each


@dataclass(frozen=True)
class Coming:
    """A cohort and its session that is on or comes next."""

    cohort: Cohort
    date: SessionDate
    people: int
    door: Door
    join_code: str


def coming_sessions(db: Db, *, actor: Actor, now: datetime) -> list[Coming]:
    """The next session of each cohort that the actor sees, soonest first."""
    if not may(actor, "cohort.read", actor):
        return []
    cohorts = {each.id: each for each in cohorts_for(db, actor=actor)}
    people, found = places_taken(db, cohorts), []
    for cohort_id, (date, group_session) in next_of_each(db, cohort_ids=cohorts, now=now).items():
        state = rules.door(now, starts_at=date.starts_at, ends_at=date.ends_at)
        found.append(Coming(cohorts[cohort_id], date, people.get(cohort_id, 0), state, group_session.join_code))
    return sorted(found, key=lambda coming: coming.date.starts_at)
