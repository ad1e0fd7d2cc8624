"""Who answers for a safety alert: a named clinician and a backup, by the rota and without those on leave."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, and_, case, false, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.outcomes.safety.bank_holidays import bank_holidays
from backtolife.outcomes.safety.rota_models import BankHoliday, DutyShift, StaffLeave
from backtolife.people.models import Person, Role, Service
from backtolife.people.permissions import PERMISSIONS
from backtolife.people.roles import holding
from backtolife.people.working import who_can_work
from backtolife.programme.cohorts.models import Cohort, CohortStaff, StaffPlace

CLINICAL = (Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD)
RANK = case(*((holding(role), rank) for rank, role in enumerate(CLINICAL, start=1)), else_=len(CLINICAL) + 1)
"""Who comes before whom where nobody is on duty: the first clinical role that somebody holds, then the rest."""
IN_THE_ROOM = (StaffPlace.LEAD, StaffPlace.SPOTTER)
LOOK_AHEAD_DAYS = 28
Turn = tuple[int, bool, datetime, str]


def clinicians_for(db: Db, cohort: Cohort, at: datetime | None = None) -> list[Person]:
    """Who can take an alert, first choice first: who is on duty at `at` by the rota, then duty clinicians, clinical
    leads, the group's lead and spotter. Nobody who is on leave on that day, and nobody who could not open the task:
    who was only invited cannot, and a facilitator on duty covers the groups they lead.

    One statement finds them all: every page with questions asks whether there is anybody.
    """
    in_group = and_(col(CohortStaff.person_id) == col(Person.id), col(CohortStaff.cohort_id) == cohort.id)
    wanted = (
        select(Person, RANK, CohortStaff.place, DutyShift)
        .join(CohortStaff, in_group, isouter=True)
        .join(DutyShift, on_shift(cohort.service_id, at), isouter=True)
        .where(
            Person.service_id == cohort.service_id,
            who_can_work(),
            or_(holding(*CLINICAL), col(CohortStaff.place).in_(IN_THE_ROOM)),
            holding(*PERMISSIONS["task.work"]),
        )
    )
    if at is not None:
        away = away_on(cohort.service_id, in_zone(at, cohort.zone).date())
        wanted = wanted.where(col(Person.id).not_in(away))
    found: dict[str, tuple[Turn, Person]] = {}
    for person, rank, place, shift in db.exec(wanted):
        turn = turn_of(person, rank, StaffPlace(place) if place else None, shift)
        if person.id not in found or turn < found[person.id][0]:
            found[person.id] = (turn, person)
    return [person for _, person in sorted(found.values(), key=lambda each: each[0])]


def covered_of_each(db: Db, cohorts: Collection[Cohort], at: datetime) -> set[str]:
    """In which of these groups, by id, `clinicians_for` finds anybody. One statement for each service and zone."""
    found: set[str] = set()
    for service_id, zone in {(each.service_id, each.zone) for each in cohorts}:
        here = {each.id for each in cohorts if (each.service_id, each.zone) == (service_id, zone)}
        in_room = and_(
            col(CohortStaff.person_id) == col(Person.id),
            col(CohortStaff.cohort_id).in_(here),
            col(CohortStaff.place).in_(IN_THE_ROOM),
        )
        wanted = (
            select(RANK, CohortStaff.cohort_id)
            .select_from(Person)
            .join(CohortStaff, in_room, isouter=True)
            .where(
                Person.service_id == service_id,
                who_can_work(),
                or_(holding(*CLINICAL), col(CohortStaff.id).is_not(None)),
                holding(*PERMISSIONS["task.work"]),
                col(Person.id).not_in(away_on(service_id, in_zone(at, zone).date())),
            )
        )
        for rank, cohort_id in db.exec(wanted).all():
            found |= here if rank <= len(CLINICAL) else {cohort_id}
    return found


def turn_of(person: Person, rank: int, place: StaffPlace | None, shift: DutyShift | None) -> Turn:
    """Where the person stands in the row: the lower, the sooner."""
    if shift is not None:
        return (0, shift.backup, shift.starts_at, person.id)
    if rank <= len(CLINICAL):
        return (rank, False, person.created_at, person.id)
    return (rank + (place is StaffPlace.SPOTTER), False, person.created_at, person.id)


def on_shift(service_id: str, at: datetime | None) -> ColumnElement[bool]:
    """The shifts of a person that hold `at`; none when nobody says which moment."""
    if at is None:
        return false()
    return and_(
        col(DutyShift.person_id) == col(Person.id),
        col(DutyShift.service_id) == service_id,
        col(DutyShift.starts_at) <= at,
        col(DutyShift.ends_at) > at,
    )


def on_duty(db: Db, service_id: str, at: datetime) -> list[Person]:
    """Who covers at `at` by the rota: the first ones, then the backups."""
    shifts = select(Person).join(DutyShift, on_shift(service_id, at)).where(who_can_work())
    return list(db.exec(shifts.order_by(col(DutyShift.backup), col(DutyShift.starts_at), col(Person.id))))


def away_on(service_id: str, day: date) -> SelectOfScalar[str]:
    return select(StaffLeave.person_id).where(
        StaffLeave.service_id == service_id, StaffLeave.first_day <= day, StaffLeave.last_day >= day
    )


def away_among(db: Db, people: Collection[str], days: Collection[date]) -> dict[date, list[str]]:
    """Which of these people (by id) are away on which of these days; days on which nobody is are left out."""
    if not people or not days:
        return {}
    leave = select(StaffLeave).where(
        col(StaffLeave.person_id).in_(people),
        StaffLeave.first_day <= max(days),
        StaffLeave.last_day >= min(days),
    )
    found: dict[date, list[str]] = {}
    for row in db.exec(leave.order_by(col(StaffLeave.person_id))):
        for day in sorted(days):
            if row.first_day <= day <= row.last_day and row.person_id not in found.get(day, ()):
                found.setdefault(day, []).append(row.person_id)
    return found


def holidays_of(db: Db, service: Service, now: datetime) -> frozenset[date]:
    """The days of this year and the next on which the service's staff do not work, weekends apart: its country's, and
    those it entered itself.
    """
    own = [row.day for row in db.exec(select(BankHoliday).where(BankHoliday.service_id == service.id))]
    year = in_zone(now, service.zone).year
    both = (bank_holidays(service.zone, each, service.country) for each in (year, year + 1))
    return frozenset((*own, *chain.from_iterable(both)))


def days_off(db: Db, service: Service, days: Collection[date]) -> dict[date, str]:
    """Which of these days nobody works, each with its name: those of the service's country, and those it entered."""
    own = select(BankHoliday).where(BankHoliday.service_id == service.id, col(BankHoliday.day).in_(days))
    known = {
        day: name
        for year in {each.year for each in days}
        for day, name in bank_holidays(service.zone, year, service.country).items()
    }
    known |= {row.day: row.name for row in db.exec(own)}
    return {each: known[each] for each in sorted(days) if each in known}


def uncovered_days(db: Db, cohort: Cohort, now: datetime) -> frozenset[date]:
    """The coming days on which everybody who may work a task of this group is away, today first."""
    today = in_zone(now, cohort.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS)]
    may_work = {person.id for person in clinicians_for(db, cohort)}
    leave = select(StaffLeave).where(
        StaffLeave.service_id == cohort.service_id, StaffLeave.first_day <= days[-1], StaffLeave.last_day >= today
    )
    turns = [row for row in db.exec(leave) if row.person_id in may_work]
    return frozenset(
        day for day in days if may_work <= {row.person_id for row in turns if row.first_day <= day <= row.last_day}
    )


def is_covered(db: Db, cohort: Cohort, at: datetime | None = None) -> bool:
    """Whether there is anybody to see an alert. Where nobody is, the question is not asked."""
    return bool(clinicians_for(db, cohort, at))
