"""One person at a time, ready to be written into a file: never a name, and never more than one group in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.outcomes.asking import Ask, asks_of
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse, Score
from backtolife.programme.models import Cohort, Enrolment
from backtolife.reporting.invited import Stay, invited_at, left_at, stay_of
from backtolife.sessions.attendance import attendance_of
from backtolife.sessions.models import GroupSession

Each = TypeVar("Each", Answer, Score)


@dataclass(frozen=True)
class FormRecord:
    """One form: what was asked, and what came of it. Without a response it was asked and never opened."""

    ask: Ask
    instrument: str
    invited_at: datetime | None
    response: InstrumentResponse | None = None
    adopted: AdoptedInstrument | None = None
    answers: Sequence[Answer] = ()
    scores: Sequence[Score] = ()


@dataclass(frozen=True)
class PersonRecord:
    """One person under their code, with every form they were asked, in the order it was due."""

    code: str
    group: str
    state: str
    stay: Stay
    minutes: dict[int, int]
    """Minutes in each session they came to, by its number."""
    started: frozenset[int]
    """The numbers of the sessions that have taken place."""
    forms: tuple[FormRecord, ...] = field(default=())


def records(db: Db, *, service_id: str, now: datetime) -> Iterator[PersonRecord]:
    """Everyone who ever had a place, group by group."""
    cohorts = select(Cohort).where(Cohort.service_id == service_id).order_by(col(Cohort.first_day), col(Cohort.id))
    for cohort in list(db.exec(cohorts)):
        yield from in_cohort(db, cohort, now)
        db.expunge_all()


def in_cohort(db: Db, cohort: Cohort, now: datetime) -> Iterator[PersonRecord]:
    asks = [ask for ask in asks_of(db, cohort) if ask.state(now) != "upcoming"]
    came: dict[str, dict[int, int]] = {}
    for each in attendance_of(db, cohort, now=now):
        came.setdefault(each.person_id, {})[each.session_number] = each.minutes
    held = select(GroupSession.number).where(
        GroupSession.cohort_id == cohort.id, col(GroupSession.started_at).is_not(None)
    )
    started = frozenset(db.exec(held))
    enrolments = db.exec(select(Enrolment).where(Enrolment.cohort_id == cohort.id).order_by(col(Enrolment.code))).all()
    left = left_at(db, enrolments)
    for enrolment in enrolments:
        stay = stay_of(enrolment, left)
        yield PersonRecord(
            code=enrolment.code,
            group=cohort.name,
            state=enrolment.state.value,
            stay=stay,
            minutes=came.get(enrolment.person_id, {}),
            started=started,
            forms=tuple(forms_of(db, enrolment, stay, asks, now)),
        )


def forms_of(db: Db, enrolment: Enrolment, stay: Stay, asks: list[Ask], now: datetime) -> Iterator[FormRecord]:
    """Each form asked, and each one answered although it is not asked any more."""
    rows = db.exec(select(InstrumentResponse).where(InstrumentResponse.enrolment_id == enrolment.id)).all()
    given = {(row.milestone_id, row.instrument): row for row in rows}
    ids = [row.id for row in rows]
    pinned = select(AdoptedInstrument).where(col(AdoptedInstrument.id).in_([row.adopted_id for row in rows]))
    adopted = {row.id: row for row in db.exec(pinned)}
    answers = grouped(db.exec(select(Answer).where(col(Answer.response_id).in_(ids)).order_by(col(Answer.item))).all())
    scores = grouped(db.exec(select(Score).where(col(Score.response_id).in_(ids)).order_by(col(Score.scale))).all())
    for ask in asks:
        invited = invited_at(stay, ask, now)
        begun = [name for milestone, name in given if milestone == ask.id]
        names = [name for name in ask.instruments if invited or name in begun]
        for name in [*names, *(name for name in begun if name not in names)]:
            row = given.get((ask.id, name))
            if row is None:
                yield FormRecord(ask, name, invited)
            else:
                yield FormRecord(
                    ask, name, invited, row, adopted[row.adopted_id], answers.get(row.id, ()), scores.get(row.id, ())
                )


def grouped(rows: Sequence[Each]) -> dict[str, list[Each]]:
    """Rows by the response they belong to."""
    found: dict[str, list[Each]] = {}
    for row in rows:
        found.setdefault(row.response_id, []).append(row)
    return found
