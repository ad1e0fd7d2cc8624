"""Who answers for a safety alert: a named clinician and a backup, by the rota and without those on leave."""

from datetime import date, datetime

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.db import Db
from backtolife.outcomes.rota_models import BankHoliday, DutyShift, StaffLeave
from backtolife.people.models import Person, Role
from backtolife.programme.models import Cohort, CohortStaff, StaffPlace


def clinicians_for(db: Db, cohort: Cohort, at: datetime | None = None) -> list[Person]:
    """Who can take an alert, first choice first: who is on duty at `at` by the rota, then duty clinicians, clinical
    leads, the group's lead and spotter. Nobody who is on leave on that day.
    """
    found = on_duty(db, cohort.service_id, at) if at else []
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
    away = on_leave(db, cohort.service_id, in_zone(at, cohort.zone).date()) if at else set()
    return [person for person in {each.id: each for each in found}.values() if person.id not in away]


def on_duty(db: Db, service_id: str, at: datetime) -> list[Person]:
    """Who covers at `at` by the rota: the first ones, then the backups."""
    shifts = (
        select(Person)
        .join(DutyShift, col(DutyShift.person_id) == col(Person.id))
        .where(
            DutyShift.service_id == service_id,
            DutyShift.starts_at <= at,
            DutyShift.ends_at > at,
            col(Person.active).is_(True),
        )
    )
    return list(db.exec(shifts.order_by(col(DutyShift.backup), col(DutyShift.starts_at), col(Person.id))))


def on_leave(db: Db, service_id: str, day: date) -> set[str]:
    """The ids of everybody who is away on `day`."""
    wanted = select(StaffLeave.person_id).where(
        StaffLeave.service_id == service_id, StaffLeave.first_day <= day, StaffLeave.last_day >= day
    )
    return set(db.exec(wanted))


def holidays_of(db: Db, service_id: str) -> frozenset[date]:
    """The days on which the service's staff do not work, weekends apart."""
    rows = db.exec(select(BankHoliday).where(BankHoliday.service_id == service_id))
    return frozenset(row.day for row in rows)


def is_covered(db: Db, cohort: Cohort, at: datetime | None = None) -> bool:
    """Whether there is anybody to see an alert. Where nobody is, the question is not asked."""
    return bool(clinicians_for(db, cohort, at))
