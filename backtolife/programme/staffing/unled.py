"""Groups that still meet and that nobody leads who can sign in: named to those who can see to it."""

from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from backtolife.people.working import who_can_work
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionDate, StaffPlace


def groups_without_a_lead(db: Db, *, actor: Actor, now: datetime) -> list[Cohort]:
    """For administrators and clinical leads, the next to begin first. One statement."""
    if not actor.holds(Role.ADMINISTRATOR, Role.CLINICAL_LEAD):
        return []
    to_come = select(SessionDate.id).where(
        SessionDate.cohort_id == Cohort.id, SessionDate.ends_at > now, col(SessionDate.left_out_at).is_(None)
    )
    leads = (
        select(CohortStaff.id)
        .join(Person, col(Person.id) == col(CohortStaff.person_id))
        .where(CohortStaff.cohort_id == Cohort.id, CohortStaff.place == StaffPlace.LEAD, who_can_work())
    )
    wanted = select(Cohort).where(Cohort.service_id == actor.service_id, to_come.exists(), ~leads.exists())
    return list(db.exec(wanted.order_by(col(Cohort.first_day), col(Cohort.id))))
