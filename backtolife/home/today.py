"""What staff see first: the sessions near now, the tasks that wait, what to set up."""

from dataclasses import dataclass
from datetime import datetime

from backtolife.db import Db
from backtolife.people.access import Actor, may
from backtolife.programme import rules
from backtolife.programme.enrolment import enrolled_in
from backtolife.programme.models import Cohort, SessionDate
from backtolife.programme.rules import Door
from backtolife.programme.services import cohorts_for, dates_of
from backtolife.sessions.services import next_for


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
    found = []
    for cohort in cohorts_for(db, actor=actor):
        group_session = next_for(db, cohort_id=cohort.id, now=now)
        if group_session is None:
            continue
        date = dates_of(db, cohort.id)[group_session.number - 1]
        state = rules.door(now, starts_at=date.starts_at, ends_at=date.ends_at)
        found.append(Coming(cohort, date, len(enrolled_in(db, cohort.id)), state, group_session.join_code))
    return sorted(found, key=lambda coming: coming.date.starts_at)
