"""Who leads and who spots on one date: the group's own staff, or whoever stands in for them on that day."""

from collections.abc import Collection

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import CohortStaff, SessionCover, SessionDate, StaffPlace

Team = dict[StaffPlace, Person]


def team_on(db: Db, date: SessionDate) -> Team:
    """Who leads and who spots on this date, the lead first; a place that nobody has is left out."""
    return teams_on(db, [date])[date.id]


def teams_on(db: Db, dates: Collection[SessionDate]) -> dict[str, Team]:
    """The same for many dates at once, by the date's id."""
    cohorts = {each.cohort_id for each in dates}
    own = select(CohortStaff, Person).join(Person, col(Person.id) == col(CohortStaff.person_id))
    staff = list(db.exec(own.where(col(CohortStaff.cohort_id).in_(cohorts))))
    standing_in = select(SessionCover, Person).join(Person, col(Person.id) == col(SessionCover.person_id))
    covers = list(db.exec(standing_in.where(col(SessionCover.session_date_id).in_([each.id for each in dates]))))
    found: dict[str, Team] = {}
    for date in dates:
        team = {row.place: person for row, person in staff if row.cohort_id == date.cohort_id}
        team |= {row.place: person for row, person in covers if row.session_date_id == date.id}
        found[date.id] = {place: team[place] for place in StaffPlace if place in team}
    return found


def covers_of(db: Db, person: Person) -> frozenset[str]:
    """The dates on which this person stands in for somebody, by id."""
    if not person.is_staff:
        return frozenset()
    return frozenset(db.exec(select(SessionCover.session_date_id).where(SessionCover.person_id == person.id)))
