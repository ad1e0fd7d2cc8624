"""The groups of somebody who acts as a patient, with what their pages show of each: read in one statement."""

from dataclasses import dataclass, field

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.programme.cohorts.enrolment import is_asked_in
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import IN_THE_GROUP


@dataclass(frozen=True)
class OwnGroup:
    """A place of theirs, its group, how many are in it, and its dates in order."""

    place: Enrolment
    cohort: Cohort
    people: int
    dates: list[SessionDate] = field(default_factory=list)


def own_groups(db: Db, *, actor: Actor) -> list[OwnGroup]:
    """Every place for which the acting patient may be asked questions, the newest first."""
    other = aliased(Enrolment)
    people = (
        select(func.count(col(other.id)))
        .where(col(other.cohort_id) == col(Cohort.id), col(other.state).in_(IN_THE_GROUP))
        .correlate(Cohort)
        .scalar_subquery()
    )
    wanted = (
        select(Enrolment, Cohort, people, SessionDate)
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .join(SessionDate, col(SessionDate.cohort_id) == col(Cohort.id))
        .where(Enrolment.person_id == actor.id, is_asked_in())
        .order_by(col(Enrolment.enrolled_at).desc(), col(Enrolment.id), col(SessionDate.number))
    )
    found: dict[str, OwnGroup] = {}
    for place, cohort, many, date in db.exec(wanted):
        found.setdefault(place.id, OwnGroup(place, cohort, many)).dates.append(date)
    return list(found.values())
