"""Groups that still meet and lost who leads or who spots: named to those who can see to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from backtolife.people.working import who_can_work
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionDate, StaffPlace


@dataclass(frozen=True)
class Lost:
    """A group, and which place nobody has who can sign in."""

    cohort: Cohort
    place: StaffPlace


def groups_that_lost_somebody(db: Db, *, actor: Actor, now: datetime) -> list[Lost]:
    """For administrators and clinical leads, the next to begin first. One statement.

    A group that nobody leads who can sign in, and one whose spotter's account is off. A group that was made without a
    spotter is not here: that was asked about as it was made.
    """
    if not actor.holds(Role.ADMINISTRATOR, Role.CLINICAL_LEAD):
        return []
    to_come = select(SessionDate.id).where(
        SessionDate.cohort_id == Cohort.id, SessionDate.ends_at > now, col(SessionDate.left_out_at).is_(None)
    )
    led = holders(StaffPlace.LEAD).where(who_can_work()).exists()
    spots = holders(StaffPlace.SPOTTER)
    unspotted = spots.exists() & ~spots.where(who_can_work()).exists()
    wanted = select(Cohort, led).where(Cohort.service_id == actor.service_id, to_come.exists(), ~led | unspotted)
    rows = db.exec(wanted.order_by(col(Cohort.first_day), col(Cohort.id)))
    return [Lost(cohort, StaffPlace.SPOTTER if has_lead else StaffPlace.LEAD) for cohort, has_lead in rows]


def holders(place: StaffPlace) -> SelectOfScalar[str]:
    """The rows of who has this place in the group of the statement around it."""
    rows = select(CohortStaff.id).join(Person, col(Person.id) == col(CohortStaff.person_id))
    return rows.where(CohortStaff.cohort_id == Cohort.id, CohortStaff.place == place)
