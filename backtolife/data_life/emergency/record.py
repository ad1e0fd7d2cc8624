"""What is shown of a record that was opened in an emergency: what helps somebody now, and no answers and no notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from backtolife.data_life.emergency.models import EmergencyLook
from backtolife.data_life.emergency.opening import note
from backtolife.database.session import Db
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.people.needs.telling import needs_in_words
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import HOLDS_A_PLACE


@dataclass(frozen=True)
class Shown:
    """Who they are, where they are, whom to ring, what they need, and whether a clinician is at work already."""

    look: EmergencyLook
    person: Person
    needs: list[str]
    groups: list[str]
    open_tasks: int


def shown(db: Db, *, actor: Actor, look: EmergencyLook, now: datetime) -> Shown:
    """Read it, and leave a trace of that."""
    person = db.get_one(Person, look.person_id)
    places = (
        select(Cohort.name)
        .join(Enrolment, col(Enrolment.cohort_id) == col(Cohort.id))
        .where(Enrolment.person_id == person.id, col(Enrolment.state).in_(HOLDS_A_PLACE))
    )
    tasks = (
        select(func.count())
        .select_from(SafetyTask)
        .join(Enrolment, col(Enrolment.id) == col(SafetyTask.enrolment_id))
        .where(Enrolment.person_id == person.id, SafetyTask.state != TaskState.DONE)
    )
    note(db, "emergency_record_seen", look, actor, now)
    return Shown(look, person, needs_in_words(person), sorted(db.exec(places)), db.exec(tasks).one())
