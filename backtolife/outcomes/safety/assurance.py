"""Was anything missed? Every answer that called for a person, found again in the answers themselves, with its task."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.outcomes.catalogue.instrument import Instrument
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
from backtolife.outcomes.safety.history_models import TaskReopening
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
    closed_late_before: bool = False
    """Whether one of its tasks was closed too late and opened again since."""

    @property
    def missed(self) -> bool:
        """No task, or none as grave as the answer: what must never happen."""
        return max((WEIGHT[Level(task.level)] for task in self.tasks), default=-1) < WEIGHT[self.level]

    @property
    def task(self) -> SafetyTask | None:
        """The newest that is open; where all are closed, the newest."""
        still = [each for each in self.tasks if each.state is not TaskState.DONE]
        return (still or self.tasks)[-1] if self.tasks else None

    @property
    def opened_again(self) -> int:
        """How often its tasks were opened again after they had been closed."""
        return sum(each.opened_again for each in self.tasks)

    def late(self, now: datetime) -> bool:
        """Not done, or done only after the time the patient was promised; at any of its closings."""
        return self.closed_late_before or any((task.closed_at or now) > task.promised_at for task in self.tasks)


@dataclass(frozen=True)
class Assurance:
    """Everything ever raised, newest first, and the counts, each of forms.

    A task that was opened again counts as open until it is closed again, and then as closed at its last closing. It is
    late when any of its closings was: the first by the time that was promised first, each other by the time it got when
    it was opened again. Opening a task again so never makes a late one look as if it had been in time.
    """

    raised: list[Raised]
    gaps: int
    open: int
    late: int
    opened_again: int


def assurance(db: Db, *, actor: Actor, now: datetime) -> Assurance:
    """Look through every answer of the actor's service. It asks the answers, not the tasks, what should be there."""
    authorise(actor, "safety.assure", actor)
    found = sorted(raised_in(db, actor.service_id), key=lambda one: one.since, reverse=True)
    audit.record(db, actor=actor, action="safety_assured", subject_type="service", subject_id=actor.service_id, now=now)
    return Assurance(
        raised=found,
        gaps=sum(each.missed for each in found),
        open=sum(any(task.state is not TaskState.DONE for task in each.tasks) for each in found),
        late=sum(each.late(now) for each in found),
        opened_again=sum(each.opened_again > 0 for each in found),
    )


@dataclass(frozen=True)
class Call:
    """That a form calls for a person: since when, and how gravely."""

    since: datetime
    level: Level


def raised_in(db: Db, service_id: str) -> list[Raised]:
    """Every form that called for a person, with what came of it; however many forms there are, in seven statements."""
    calls = calls_in(db, service_id)
    tasks: dict[str | None, list[SafetyTask]] = defaultdict(list)
    of_forms = select(SafetyTask).where(SafetyTask.service_id == service_id, col(SafetyTask.response_id).is_not(None))
    for task in db.exec(of_forms.order_by(col(SafetyTask.raised_at))):
        tasks[task.response_id].append(task)
    takers = {task.acknowledged_by for each in tasks.values() for task in each}
    names = {person.id: person for person in db.exec(select(Person).where(col(Person.id).in_(takers)))}
    too_late = closed_too_late(db, service_id)
    wanted = (
        select(InstrumentResponse, Person, Cohort)
        .join(Enrolment, col(Enrolment.id) == col(InstrumentResponse.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(col(InstrumentResponse.id).in_(calls))
    )
    return [
        Raised(
            response=response,
            patient=patient,
            cohort=cohort,
            since=calls[response.id].since,
            level=calls[response.id].level,
            tasks=tuple(tasks[response.id]),
            taken_by=names.get(taker(tasks[response.id])),
            closed_late_before=any(task.id in too_late for task in tasks[response.id]),
        )
        for response, patient, cohort in db.exec(wanted)
    ]


def taker(tasks: Sequence[SafetyTask]) -> str:
    """The id of who took the newest task that was taken; empty where none was."""
    return next((task.acknowledged_by for task in reversed(tasks) if task.acknowledged_by), "")


def closed_too_late(db: Db, service_id: str) -> set[str]:
    """The tasks, by id, that were opened again after a closing that came too late. One statement."""
    late = col(TaskReopening.closed_at) > col(TaskReopening.promised_at)
    return set(db.exec(select(TaskReopening.task_id).where(TaskReopening.service_id == service_id, late)))


def calls_in(db: Db, service_id: str) -> dict[str, Call]:
    """Which forms of a service call for a person, by id: by any answer ever given to the safety question, or by leaving
    it empty and sending.
    """
    asking = {each.id for each in shipped_instruments() if each.alerts}
    here = InstrumentResponse.service_id == service_id, col(InstrumentResponse.instrument).in_(asking)
    forms = select(
        InstrumentResponse.id, InstrumentResponse.instrument, AdoptedInstrument.version, InstrumentResponse.completed_at
    ).join(AdoptedInstrument, col(AdoptedInstrument.id) == col(InstrumentResponse.adopted_id))
    asked: dict[str, tuple[Instrument, str]] = {}
    sent: dict[str, datetime | None] = {}
    for form, name, version, completed_at in db.exec(forms.where(*here)):
        instrument = load_instrument(name, version)
        if instrument.alerts:
            asked[form] = instrument, instrument.items[instrument.alerts[0].item].id
            sent[form] = completed_at
    items = {item for _, item in asked.values()}
    found: dict[str, list[Call]] = defaultdict(list)
    given = (
        select(GivenAnswer.response_id, GivenAnswer.item, GivenAnswer.value, GivenAnswer.arrived_at)
        .join(InstrumentResponse, col(InstrumentResponse.id) == col(GivenAnswer.response_id))
        .where(*here, col(GivenAnswer.item).in_(items))
    )
    for form, item, value, arrived_at in db.exec(given.order_by(col(GivenAnswer.arrived_at))):
        if form in asked and item == asked[form][1] and (level := safety_level(asked[form][0], item, value)):
            found[form].append(Call(arrived_at, Level(level)))
    kept = (
        select(Answer.response_id, Answer.item)
        .join(InstrumentResponse, col(InstrumentResponse.id) == col(Answer.response_id))
        .where(*here, col(Answer.item).in_(items), col(Answer.value).is_not(None))
    )
    answered = set(db.exec(kept))
    for form, (_, item) in asked.items():
        if form not in found and (at := sent[form]) is not None and (form, item) not in answered:
            found[form].append(Call(at, Level.UNANSWERED))
    return {
        form: Call(each[0].since, max((call.level for call in each), key=lambda level: WEIGHT[level]))
        for form, each in found.items()
    }
