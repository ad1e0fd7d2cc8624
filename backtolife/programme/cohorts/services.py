"""What the clinic does with cohorts: make one with its dates, staff it, find it, see who is in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import SQLColumnExpression
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person, Role
from backtolife.people.names import clean_name, isolated
from backtolife.people.roles import holding, roles_of
from backtolife.people.working import can_work, who_can_work
from backtolife.programme.adopted.services import adopt_programme, hold_version, to_begin_with
from backtolife.programme.cohorts import calendar, rules
from backtolife.programme.cohorts.models import (
    Cohort,
    CohortStaff,
    Enrolment,
    SessionDate,
    StaffPlace,
)
from backtolife.programme.plan.template import Programme

NO_COHORT = "We could not find that group. It may belong to another service."


@dataclass(frozen=True)
class CohortPlan:
    """What someone asks for when they make a cohort. `weekdays` counts from Monday, which is 0."""

    name: str
    schedule: str
    first_day: date
    weekdays: tuple[int, ...]
    wall_time: time
    zone: str
    capacity: int
    programme_id: str = ""
    """The version of the service's own that it begins with; what is shipped where there is none."""


def times_of(plan: CohortPlan, programme: Programme) -> tuple[calendar.SessionTime, ...]:
    """The nine dates that a plan gives. Raises Invalid for a plan that cannot be kept."""
    try:
        schedule = programme.schedule(plan.schedule)
    except NotFound as error:
        raise Invalid(error.message, "schedule") from None
    return calendar.session_times(
        schedule,
        first_date=plan.first_day,
        weekdays=plan.weekdays,
        at=plan.wall_time,
        zone=plan.zone,
        minutes=programme.group.session_minutes,
    )


def free_name(db: Db, text: str, *, service_id: str, but: str = "") -> str:
    """A group's name as it is kept; `but` is the id of the group that has it.

    Raises Invalid for a name in which there is nothing to see, Conflict for one that another group has.
    """
    name = clean_name(text, empty="Give the group a name, such as Tuesday morning.")
    same = select(Cohort).where(Cohort.service_id == service_id, Cohort.name == name, Cohort.id != but)
    if db.exec(same).first():
        raise Conflict("There is a group with this name already. Choose another name.")
    return name


def create_cohort(db: Db, *, actor: Actor, plan: CohortPlan, now: datetime) -> Cohort:
    """Make a cohort with its nine dates. Raises Invalid for a plan that cannot be kept, Conflict for a taken name."""
    authorise(actor, "cohort.create", actor)
    if plan.programme_id:
        hold_version(db, plan.programme_id)
    programme = to_begin_with(db, plan.programme_id, service_id=actor.service_id)
    name = free_name(db, plan.name, service_id=actor.service_id)
    rules.check_capacity(plan.capacity, largest=programme.group.patients_max)
    times = times_of(plan, programme)
    cohort = Cohort(
        service_id=actor.service_id,
        programme_id=plan.programme_id or adopt_programme(db, actor=actor, now=now).id,
        name=name,
        schedule=plan.schedule,
        first_day=plan.first_day,
        wall_time=f"{plan.wall_time:%H:%M}",
        zone=plan.zone,
        capacity=plan.capacity,
        created_at=now,
    )
    db.add(cohort)
    db.flush()
    for each in times:
        db.add(
            SessionDate(
                service_id=cohort.service_id,
                cohort_id=cohort.id,
                number=each.number,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                opens_before=programme.group.opens_minutes_before,
                open_after=programme.group.stays_open_minutes_after,
            )
        )
    audit.record(db, actor=actor, action="cohort_created", subject_type="cohort", subject_id=cohort.id, now=now)
    return cohort


def facilitators(db: Db, *, actor: Acting) -> list[Person]:
    """Who can lead or spot in the actor's service, by name: whoever was only invited cannot yet."""
    wanted = select(Person).where(Person.service_id == actor.service_id, holding(Role.FACILITATOR), who_can_work())
    return list(db.exec(wanted.order_by(col(Person.full_name), col(Person.id))))


def staff_cohort(
    db: Db, *, actor: Actor, cohort: Cohort, person: Person, place: StaffPlace, now: datetime
) -> CohortStaff:
    """Let a facilitator lead or spot for a cohort. Asking again changes the place."""
    authorise(actor, "cohort.create", cohort)
    if Role.FACILITATOR not in roles_of(db, person) or person.service_id != cohort.service_id:
        raise Invalid("Only a facilitator of this service can lead or spot.", "person")
    if not can_work(person):
        raise Invalid(f"{isolated(person.full_name)} cannot sign in yet. Choose somebody who can.", "person")
    given = select(CohortStaff).where(CohortStaff.cohort_id == cohort.id, CohortStaff.person_id == person.id)
    found = db.exec(given).first()
    if found is None:
        found = CohortStaff(service_id=cohort.service_id, cohort_id=cohort.id, person_id=person.id, place=place)
        db.add(found)
    found.place = place
    audit.record(
        db, actor=actor, action="cohort_staffed", subject_type="cohort", subject_id=cohort.id, now=now, person=person.id
    )
    return found


def cohorts_of(db: Db, person: Person) -> frozenset[str]:
    """The cohorts this person is in as a patient (who said yes and has not left) or as staff."""
    if person.is_patient:
        return frozenset(db.exec(in_as_patient(person.id)))
    return frozenset(db.exec(staffed_by(person.id))) if person.is_staff else frozenset()


def in_as_patient(person_id: SQLColumnExpression[str] | str) -> SelectOfScalar[str]:
    """The groups in which this person has said yes and has not left."""
    return select(Enrolment.cohort_id).where(
        Enrolment.person_id == person_id, col(Enrolment.state).in_(rules.IN_THE_GROUP)
    )


def staffed_by(person_id: SQLColumnExpression[str] | str) -> SelectOfScalar[str]:
    """The groups that this person leads or spots."""
    return select(CohortStaff.cohort_id).where(CohortStaff.person_id == person_id)


def find_cohort(db: Db, *, actor: Actor, cohort_id: str, action: str = "cohort.read") -> Cohort:
    """The cohort, when the actor may do `action` with it. Raises NotFound otherwise."""
    cohort = db.get(Cohort, cohort_id)
    if cohort is None:
        raise NotFound(NO_COHORT)
    authorise(actor, action, cohort)
    return cohort


def cohorts_for(db: Db, *, actor: Actor, archived: bool = False) -> list[Cohort]:
    """The cohorts that the actor may look at, newest first; those that were put away only when asked for."""
    every = (
        select(Cohort)
        .where(Cohort.service_id == actor.service_id, col(Cohort.archived_at).is_not(None) == archived)
        .order_by(col(Cohort.first_day).desc())
    )
    return [cohort for cohort in db.exec(every) if may(actor, "cohort.read", cohort)]


def dates_of(db: Db, cohort_id: str) -> list[SessionDate]:
    """The nine dates of a cohort, in order."""
    return list(
        db.exec(select(SessionDate).where(SessionDate.cohort_id == cohort_id).order_by(col(SessionDate.number)))
    )


def dates_of_each(
    db: Db, cohort_ids: Collection[str], *, open_at: datetime | None = None
) -> dict[str, list[SessionDate]]:
    """The same of many cohorts at once, by cohort; with `open_at` only those whose door is not over by then."""
    found: dict[str, list[SessionDate]] = {each: [] for each in cohort_ids}
    wanted = select(SessionDate).where(col(SessionDate.cohort_id).in_(cohort_ids))
    if open_at is not None:
        wanted = wanted.where(col(SessionDate.ends_at) > open_at - rules.LONGEST_OPEN)
    for each in db.exec(wanted.order_by(col(SessionDate.number))):
        if open_at is None or each.closes_at > open_at:
            found[each.cohort_id].append(each)
    return found


def staff_of(db: Db, cohort_id: str) -> list[tuple[CohortStaff, Person]]:
    """Who leads and who spots, the lead first."""
    wanted = select(CohortStaff, Person).join(Person, col(Person.id) == col(CohortStaff.person_id))
    return list(db.exec(wanted.where(CohortStaff.cohort_id == cohort_id).order_by(col(CohortStaff.place))))


def named_staff(db: Db, cohort_id: str) -> list[Person]:
    """Whom pages and letters name as this group's staff, the lead first. Whose account is off is not there any more."""
    return [person for _, person in staff_of(db, cohort_id) if can_work(person)]


def staff_of_each(db: Db, cohort_ids: Collection[str]) -> dict[str, list[tuple[CohortStaff, Person]]]:
    """The same of many cohorts at once, by cohort. One statement."""
    found: dict[str, list[tuple[CohortStaff, Person]]] = {each: [] for each in cohort_ids}
    wanted = select(CohortStaff, Person).join(Person, col(Person.id) == col(CohortStaff.person_id))
    here = wanted.where(col(CohortStaff.cohort_id).in_(cohort_ids)).order_by(col(CohortStaff.place))
    for place, person in db.exec(here):
        found[place.cohort_id].append((place, person))
    return found


def next_date(dates: Sequence[SessionDate], now: datetime) -> SessionDate | None:
    """The session that is on or comes next; None after the last. What does not take place, or was ended early, is
    passed over.
    """
    on = (each for each in dates if not each.left_out_at and not each.has_ended(now))
    return next((each for each in on if each.closes_at > now), None)


def to_come(db: Db, cohort_id: str, now: datetime) -> list[SessionDate]:
    """The dates of a cohort that are still to be, or are on, in order. One statement."""
    on = (each for each in dates_of(db, cohort_id) if not each.left_out_at and not each.has_ended(now))
    return [each for each in on if each.ends_at > now]
