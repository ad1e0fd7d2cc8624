"""Who leads and who spots on one date: the group's own staff, or whoever stands in for them on that day."""

from collections.abc import Collection

from sqlalchemy import SQLColumnExpression, literal, union_all
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import CohortStaff, SessionCover, SessionDate, StaffPlace

Team = dict[StaffPlace, Person]


def team_on(db: Db, date: SessionDate) -> Team:
    """Who leads and who spots on this date, the lead first; a place that nobody has is left out."""
    return teams_on(db, [date])[date.id]


def teams_on(db: Db, dates: Collection[SessionDate]) -> dict[str, Team]:
    """The same for many dates at once, by the date's id. One statement."""
    if not dates:
        return {}
    ids, cohorts = [each.id for each in dates], {each.cohort_id for each in dates}
    own = (literal(""), col(CohortStaff.cohort_id), col(CohortStaff.place), col(CohortStaff.person_id))
    covers = (col(SessionCover.session_date_id), literal(""), col(SessionCover.place), col(SessionCover.person_id))
    both = union_all(
        columns(*own).where(col(CohortStaff.cohort_id).in_(cohorts)),
        columns(*covers).where(col(SessionCover.session_date_id).in_(ids)),
    ).subquery()
    date_id, cohort_id, place, person_id = both.columns
    rows = db.execute(columns(date_id, cohort_id, place, Person).join(Person, col(Person.id) == person_id)).all()
    found: dict[str, Team] = {}
    for date in dates:
        team = {each: person for _, group, each, person in rows if group == date.cohort_id}
        team |= {each: person for day, _, each, person in rows if day == date.id}
        found[date.id] = {each: team[each] for each in StaffPlace if each in team}
    return found


def covers_of(db: Db, person: Person) -> frozenset[str]:
    """The dates on which this person stands in for somebody, by id."""
    if not person.is_staff:
        return frozenset()
    return frozenset(db.exec(covered_by(person.id)))


def covered_by(person_id: SQLColumnExpression[str] | str) -> SelectOfScalar[str]:
    """The dates on which this person is written down for somebody."""
    return select(SessionCover.session_date_id).where(SessionCover.person_id == person_id)
