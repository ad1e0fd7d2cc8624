"""Open safety tasks and times on duty of a colleague, and giving them to somebody else."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, or_, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.outcomes.safety.on_call import away_on, clinicians_for
from backtolife.outcomes.safety.rota import clinicians
from backtolife.outcomes.safety.rota_models import DutyShift
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.people.names import isolated
from backtolife.people.roles import holding
from backtolife.programme.cohorts.models import Cohort, CohortStaff, Enrolment


class TasksHeld:
    """Tasks that are not done: as the owner, as the backup, or taken."""

    may_wait = False
    words = "the safety tasks"

    def able(self, db: Db, *, person: Person, now: datetime) -> set[str]:
        """Who can open every one of them, also once they have the group that the person hands over with it."""
        del now
        groups = {db.get_one(Enrolment, task.enrolment_id).cohort_id for task in open_tasks(db, person)}
        own = set(db.exec(select(CohortStaff.cohort_id).where(CohortStaff.person_id == person.id)))
        lead = set(
            db.exec(select(Person.id).where(Person.service_id == person.service_id, holding(Role.FACILITATOR)))
            if groups & own
            else ()
        )
        each = [
            {able.id for able in clinicians_for(db, db.get_one(Cohort, group))} | (lead if group in own else set())
            for group in groups
        ]
        return set.intersection(*each) if each else set()

    def held(self, db: Db, *, person: Person, now: datetime) -> Sequence[str]:
        del now
        found = len(open_tasks(db, person))
        return [f"{found} open safety {'task' if found == 1 else 'tasks'}"] if found else []

    def hand_over(self, db: Db, *, person: Person, to: Person, actor: Actor, now: datetime) -> None:
        """What `person` has taken is taken by `to`; where they were the backup somebody else than the owner is."""
        for task in open_tasks(db, person):
            cohort = db.get_one(Cohort, db.get_one(Enrolment, task.enrolment_id).cohort_id)
            able = [each.id for each in clinicians_for(db, cohort) if each.id != person.id]
            if to.id not in able:
                raise Invalid(
                    f"{isolated(to.full_name)} cannot open the safety tasks. Choose a clinical lead, a duty clinician, "
                    "or somebody who leads the group as well.",
                    "to",
                )
            if task.acknowledged_by == person.id:
                task.acknowledged_by = to.id
            task.owner_id = to.id if task.owner_id in (None, person.id) else task.owner_id
            if task.backup_id in (person.id, task.owner_id):
                free = [to.id, *able] if task.owner_id != to.id else able
                task.backup_id = next((each for each in free if each != task.owner_id), None)
            audit.record(
                db,
                actor=actor,
                action="task_handed_over",
                subject_type="task",
                subject_id=task.id,
                now=now,
                person=person.id,
                to=to.id,
            )


class DutyHeld:
    """Times on duty that are not over."""

    may_wait = False
    words = "times on duty"

    def able(self, db: Db, *, person: Person, now: datetime) -> set[str]:
        del now
        return {each.id for each in clinicians(db, person.service_id)}

    def held(self, db: Db, *, person: Person, now: datetime) -> Sequence[str]:
        found = len(coming_shifts(db, person, now))
        return [f"{found} {'time' if found == 1 else 'times'} on duty"] if found else []

    def hand_over(self, db: Db, *, person: Person, to: Person, actor: Actor, now: datetime) -> None:
        shifts = coming_shifts(db, person, now)
        if shifts and to.id not in {each.id for each in clinicians(db, person.service_id)}:
            raise Invalid(f"{isolated(to.full_name)} is no clinician, so cannot be on duty.", "to")
        zone = db.get_one(Service, person.service_id).zone
        for shift in shifts:
            day = in_zone(max(shift.starts_at, now), zone).date()
            if to.id in set(db.exec(away_on(person.service_id, day))):
                raise Invalid(f"{isolated(to.full_name)} is away while they would be on duty.", "to")
            shift.person_id = to.id
            audit.record(
                db,
                actor=actor,
                action="duty_handed_over",
                subject_type="rota",
                subject_id=shift.id,
                now=now,
                person=person.id,
                to=to.id,
            )


def open_tasks(db: Db, person: Person) -> list[SafetyTask]:
    theirs = or_(
        SafetyTask.owner_id == person.id, SafetyTask.backup_id == person.id, SafetyTask.acknowledged_by == person.id
    )
    wanted = select(SafetyTask).where(SafetyTask.service_id == person.service_id, theirs)
    return list(db.exec(wanted.where(SafetyTask.state != TaskState.DONE).order_by(col(SafetyTask.raised_at))))


def coming_shifts(db: Db, person: Person, now: datetime) -> list[DutyShift]:
    wanted = select(DutyShift).where(DutyShift.person_id == person.id, col(DutyShift.ends_at) > now)
    return list(db.exec(wanted.order_by(col(DutyShift.starts_at))))
