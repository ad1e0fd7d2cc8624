"""Who answers for a safety alert: a named clinician and a backup, from the people who work with the group."""

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.people.models import Person, Role
from backtolife.programme.models import Cohort, CohortStaff, StaffPlace


def clinicians_for(db: Db, cohort: Cohort) -> list[Person]:
    """Who can take an alert, first choice first: duty clinician, clinical lead, then the group's lead and spotter."""
    found: list[Person] = []
    for role in (Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD):
        wanted = select(Person).where(
            Person.service_id == cohort.service_id, Person.role == role, col(Person.active).is_(True)
        )
        found += db.exec(wanted.order_by(col(Person.created_at), col(Person.id)))
    for place in (StaffPlace.LEAD, StaffPlace.SPOTTER):
        staff = (
            select(Person)
            .join(CohortStaff, col(CohortStaff.person_id) == col(Person.id))
            .where(CohortStaff.cohort_id == cohort.id, CohortStaff.place == place, col(Person.active).is_(True))
        )
        found += db.exec(staff.order_by(col(Person.created_at), col(Person.id)))
    return found


def is_covered(db: Db, cohort: Cohort) -> bool:
    """Whether there is anybody to see an alert. Where nobody is, the question is not asked."""
    return bool(clinicians_for(db, cohort))
