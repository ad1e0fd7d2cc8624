"""What is due from a patient: each milestone with what they have sent of it, and the counts over a group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.errors import NotFound
from backtolife.outcomes.asking import Ask, State, asks_of
from backtolife.outcomes.extending import extended, reopened_until
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.enrolment import enrolment_of
from backtolife.programme.models import Cohort, Enrolment
from backtolife.programme.rules import HEARS_FROM_US
from backtolife.programme.services import programme_of

Responses = dict[str, InstrumentResponse]


@dataclass(frozen=True)
class Due:
    """One milestone of one patient: what is asked, and their responses by instrument."""

    ask: Ask
    state: State
    responses: Responses

    @property
    def finished(self) -> bool:
        return all(self.sent(name) for name in self.ask.instruments)

    @property
    def begun(self) -> bool:
        return any(response.started_at for response in self.responses.values())

    @property
    def sent_at(self) -> datetime | None:
        """When the last form was sent; None while one is missing."""
        times = [response.completed_at for response in self.responses.values() if response.completed_at]
        return max(times) if self.finished and times else None

    @property
    def left(self) -> tuple[str, ...]:
        """The instruments not sent yet, in their order."""
        return tuple(name for name in self.ask.instruments if not self.sent(name))

    def sent(self, instrument: str) -> bool:
        response = self.responses.get(instrument)
        return response is not None and response.completed_at is not None


def due_for(db: Db, *, enrolment: Enrolment, now: datetime) -> list[Due]:
    """All milestones of one patient with what they sent, first due first; nothing for someone who has left.

    For pages and reminders: pick by `state`, `finished` and `begun`.
    """
    if enrolment.state not in HEARS_FROM_US:
        return []
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    rows = db.exec(select(InstrumentResponse).where(InstrumentResponse.enrolment_id == enrolment.id))
    until = reopened_until(db, enrolment.id)
    asks = [extended(ask, until.get(ask.id)) for ask in asks_of(db, cohort, now=now)]
    return list_due(asks, rows, programme_of(cohort).instrument_fallback, now)


def due_for_actor(db: Db, *, actor: Actor, now: datetime) -> tuple[Enrolment | None, list[Due]]:
    """The acting patient's own place and what is due from them; (None, []) for someone without a group."""
    authorise(actor, "form.answer", actor)
    try:
        enrolment = enrolment_of(db, actor=actor)
    except NotFound:
        return None, []
    return enrolment, due_for(db, enrolment=enrolment, now=now)


def list_due(
    asks: Sequence[Ask], rows: Iterable[InstrumentResponse], fallback: Mapping[str, str], now: datetime
) -> list[Due]:
    """`asks` with one patient's responses. One begun before cover changed keeps its place: nobody is asked twice."""
    given: dict[str, Responses] = {}
    for row in rows:
        given.setdefault(row.milestone_id, {})[row.instrument] = row
    twins = {**fallback, **{low: high for high, low in fallback.items()}}
    found = []
    for ask in asks:
        responses = given.get(ask.id, {})
        names = tuple(keep_begun(name, twins.get(name, ""), ask, responses) for name in ask.instruments)
        found.append(Due(replace(ask, instruments=names), ask.state(now), responses))
    return found


def keep_begun(name: str, twin: str, ask: Ask, responses: Responses) -> str:
    return twin if twin in responses and name not in responses and twin not in ask.instruments else name


@dataclass(frozen=True)
class Completion:
    """How many of a cohort were asked at a milestone, how many began, and how many sent every form of it."""

    ask: Ask
    asked: int
    begun: int
    answered: int


def completion(db: Db, *, cohort: Cohort, now: datetime) -> list[Completion]:
    """For each milestone that has opened: counts over everyone in the cohort who may still be asked."""
    wanted = select(Enrolment).where(Enrolment.cohort_id == cohort.id, col(Enrolment.state).in_(HEARS_FROM_US))
    enrolments = list(db.exec(wanted))
    rows: dict[str, list[InstrumentResponse]] = {each.id: [] for each in enrolments}
    for row in db.exec(select(InstrumentResponse).where(col(InstrumentResponse.enrolment_id).in_(list(rows)))):
        rows[row.enrolment_id].append(row)
    asks, fallback = asks_of(db, cohort, now=now), programme_of(cohort).instrument_fallback
    lists = [list_due(asks, given, fallback, now) for given in rows.values()]
    found = []
    for place, ask in enumerate(asks):
        if ask.state(now) != "upcoming":
            dues = [each[place] for each in lists]
            finished = sum(due.finished for due in dues)
            found.append(Completion(ask, len(dues), sum(due.begun for due in dues), finished))
    return found
