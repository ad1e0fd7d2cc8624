"""Who has a part in a group, by the names that somebody may read, to see where else they are."""

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor, may
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort, CohortStaff, Enrolment, SessionCover
from backtolife.programme.cohorts.rules import MAY_JOIN

SOMEBODY = "somebody of this group"


def people_of(db: Db, cohort: Cohort, *, actor: Actor) -> dict[str, str]:
    """Everybody with a part in the group, by id: staff by name, patients by name where the actor may read it."""
    staff = select(Person).join(CohortStaff, col(CohortStaff.person_id) == col(Person.id))
    found = {each.id: isolated(each.full_name) for each in db.exec(staff.where(CohortStaff.cohort_id == cohort.id))}
    standing_in = select(Person).join(SessionCover, col(SessionCover.person_id) == col(Person.id))
    covers = standing_in.where(SessionCover.cohort_id == cohort.id)
    found |= {each.id: isolated(each.full_name) for each in db.exec(covers)}
    patients = select(Person).join(Enrolment, col(Enrolment.person_id) == col(Person.id))
    coming = patients.where(Enrolment.cohort_id == cohort.id, col(Enrolment.state).in_(MAY_JOIN))
    shown = may(actor, "patient.read", cohort)
    return found | {each.id: isolated(each.full_name) if shown else SOMEBODY for each in db.exec(coming)}
