"""Was anything missed? Every answer that called for a person, found again in the answers themselves, with its task."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.models import (
    AdoptedInstrument,
    Answer,
    GivenAnswer,
    InstrumentResponse,
    Level,
    SafetyTask,
    TaskState,
)
from backtolife.outcomes.safety.raising import WEIGHT
from backtolife.outcomes.scoring.alerts import safety_level
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment


@dataclass(frozen=True)
class Raised:
    """One form that called for a person: since when, how gravely, and the tasks it led to."""

    response: InstrumentResponse
    patient: Person
    cohort: Cohort
    since: datetime
    level: Level
    tasks: tuple[SafetyTask, ...]
    taken_by: Person | None

    @property
    def missed(self) -> bool:
        """No task, or none as grave as the answer: what must never happen."""
        return max((WEIGHT[Level(task.level)] for task in self.tasks), default=-1) < WEIGHT[self.level]

    @property
    def task(self) -> SafetyTask | None:
        return self.tasks[-1] if self.tasks else None

    def late(self, now: datetime) -> bool:
        """Not done, or done only after the time the patient was promised."""
        return any((task.closed_at or now) > task.promised_at for task in self.tasks)


@dataclass(frozen=True)
class Assurance:
    """Everything ever raised, newest first, and the counts."""

    raised: list[Raised]
    gaps: int
    open: int
    late: int


def assurance(db: Db, *, actor: Actor, now: datetime) -> Assurance:
    """Look through every answer of the actor's service. It asks the answers, not the tasks, what should be there."""
    authorise(actor, "safety.assure", actor)
    forms = forms_with_alerts(db, actor.service_id)
    found = sorted((each for form in forms if (each := raised_by(db, form))), key=lambda one: one.since, reverse=True)
    audit.record(db, actor=actor, action="safety_assured", subject_type="service", subject_id=actor.service_id, now=now)
    return Assurance(
        raised=found,
        gaps=sum(each.missed for each in found),
        open=sum(any(task.state is not TaskState.DONE for task in each.tasks) for each in found),
        late=sum(each.late(now) for each in found),
    )


def forms_with_alerts(db: Db, service_id: str) -> Iterable[InstrumentResponse]:
    names = {each.id for each in shipped_instruments() if each.alerts}
    wanted = select(InstrumentResponse).where(
        InstrumentResponse.service_id == service_id, col(InstrumentResponse.instrument).in_(names)
    )
    return db.exec(wanted).all()


def raised_by(db: Db, response: InstrumentResponse) -> Raised | None:
    """What one form calls for: by any answer ever given to its safety question, or by leaving it empty and sending."""
    instrument = load_instrument(response.instrument, db.get_one(AdoptedInstrument, response.adopted_id).version)
    if not instrument.alerts:
        return None
    item = instrument.items[instrument.alerts[0].item].id
    given = select(GivenAnswer).where(GivenAnswer.response_id == response.id, GivenAnswer.item == item)
    calls = [
        (row.arrived_at, Level(level))
        for row in db.exec(given.order_by(col(GivenAnswer.arrived_at)))
        if (level := safety_level(instrument, item, row.value))
    ]
    if not calls and response.completed_at is not None and not answered(db, response, item):
        calls = [(response.completed_at, Level.UNANSWERED)]
    if not calls:
        return None
    tasks = db.exec(
        select(SafetyTask).where(SafetyTask.response_id == response.id).order_by(col(SafetyTask.raised_at))
    ).all()
    enrolment = db.get_one(Enrolment, response.enrolment_id)
    holder = next((task.acknowledged_by for task in reversed(tasks) if task.acknowledged_by), None)
    return Raised(
        response=response,
        patient=db.get_one(Person, enrolment.person_id),
        cohort=db.get_one(Cohort, enrolment.cohort_id),
        since=calls[0][0],
        level=max((level for _, level in calls), key=lambda level: WEIGHT[level]),
        tasks=tuple(tasks),
        taken_by=db.get(Person, holder) if holder else None,
    )


def answered(db: Db, response: InstrumentResponse, item: str) -> bool:
    rows = select(Answer).where(Answer.response_id == response.id, Answer.item == item, col(Answer.value).is_not(None))
    return db.exec(rows).first() is not None
