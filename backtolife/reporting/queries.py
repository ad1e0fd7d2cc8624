"""What the results page shows: who had a place, who came, who answered, per group, with small numbers hidden."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.outcomes.asking import Ask, asks_of
from backtolife.outcomes.due import list_due
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.models import Cohort, Enrolment
from backtolife.programme.services import programme_of
from backtolife.reporting.invited import invited_at, left_at, stay_of
from backtolife.reporting.suppression import suppress
from backtolife.sessions.attendance import attendance_of

ENOUGH_SESSIONS = 6
STEPS = ("Given a place", "Came to session 1", "Came to 6 or more")


@dataclass(frozen=True)
class Counted:
    """One group, counted. `answered` is (asked, sent everything) by milestone id; None where it is not open yet."""

    cohort: Cohort
    steps: tuple[int, int, int]
    answered: dict[str, tuple[int, int] | None]


@dataclass(frozen=True)
class Cell:
    """What may be shown of one number: `n` None is hidden. `of` is what it is a part of, where that is shown."""

    n: int | None
    of: int | None = None
    open: bool = True


@dataclass(frozen=True)
class Results:
    """The page. The last row of each table is all groups together."""

    groups: int
    columns: tuple[str, ...]
    steps: tuple[tuple[str, tuple[Cell, ...]], ...]
    milestones: tuple[str, ...]
    answers: tuple[tuple[str, tuple[Cell, ...]], ...]


def results(db: Db, *, actor: Actor, now: datetime) -> Results:
    """The numbers of the actor's service, group by group, the newest first."""
    authorise(actor, "report.read", actor)
    wanted = select(Cohort).where(Cohort.service_id == actor.service_id)
    cohorts = list(db.exec(wanted.order_by(col(Cohort.first_day).desc(), col(Cohort.name))))
    counted = [count(db, cohort, now) for cohort in cohorts]
    labels = {ask.id: ask.label for cohort in cohorts[:1] for ask in asks_of(db, cohort) if not ask.after_session}
    return Results(
        groups=len(cohorts),
        columns=STEPS,
        steps=step_rows(counted),
        milestones=tuple(labels.values()),
        answers=answer_rows(counted, list(labels)),
    )


def count(db: Db, cohort: Cohort, now: datetime) -> Counted:
    """Everyone who ever had a place in the group counts, those who left as well."""
    enrolments = list(db.exec(select(Enrolment).where(Enrolment.cohort_id == cohort.id)))
    places = {each.person_id for each in enrolments}
    attended = [each for each in attendance_of(db, cohort, now=now) if each.person_id in places]
    came = Counter(each.person_id for each in attended)
    first = {each.person_id for each in attended if each.session_number == 1}
    enough = sum(times >= ENOUGH_SESSIONS for times in came.values())
    steps = (len(enrolments), len(first), enough)
    return Counted(cohort, steps, answered_by(db, cohort, enrolments, now))


def answered_by(
    db: Db, cohort: Cohort, enrolments: Sequence[Enrolment], now: datetime
) -> dict[str, tuple[int, int] | None]:
    rows: dict[str, list[InstrumentResponse]] = {each.id: [] for each in enrolments}
    for row in db.exec(select(InstrumentResponse).where(col(InstrumentResponse.enrolment_id).in_(list(rows)))):
        rows[row.enrolment_id].append(row)
    asks = asks_of(db, cohort)
    fallback, left = programme_of(cohort).instrument_fallback, left_at(db, enrolments)
    finished = {
        each.id: {due.ask.id for due in list_due(asks, rows[each.id], fallback, now) if due.finished}
        for each in enrolments
    }

    def one(ask: Ask) -> tuple[int, int] | None:
        if ask.state(now) == "upcoming":
            return None
        asked = [each.id for each in enrolments if invited_at(stay_of(each, left), ask, now)]
        return len(asked), sum(ask.id in finished[each] for each in asked)

    return {ask.id: one(ask) for ask in asks if not ask.after_session}


def step_rows(counted: Sequence[Counted]) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """A group whose places are hidden is hidden throughout: another column could give the number away."""
    forced = small_groups(counted)
    columns = [suppress([each.steps[place] for each in counted], forced) for place in range(len(STEPS))]
    rows = [
        (each.cohort.name, tuple(Cell(column.cells[place]) for column in columns)) for place, each in enumerate(counted)
    ]
    return (*rows, ("All groups", tuple(Cell(column.total) for column in columns)))


def small_groups(counted: Sequence[Counted]) -> set[int]:
    places = suppress([each.steps[0] for each in counted])
    return {place for place, shown in enumerate(places.cells) if shown is None}


def answer_rows(counted: Sequence[Counted], ids: Iterable[str]) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    forced = small_groups(counted)
    columns = [answer_column([each.answered.get(name) for each in counted], forced) for name in ids]
    names = [each.cohort.name for each in counted] + ["All groups"]
    return tuple((name, tuple(column[place] for column in columns)) for place, name in enumerate(names))


def answer_column(pairs: Sequence[tuple[int, int] | None], forced: set[int]) -> list[Cell]:
    """One milestone: each open group's “answered of asked”, then the sum over the open groups."""
    places = [place for place, pair in enumerate(pairs) if pair is not None]
    inner = {place for place, group in enumerate(places) if group in forced}
    open_pairs = [pair for pair in pairs if pair is not None]
    asked = suppress([pair[0] for pair in open_pairs], inner)
    sent = suppress([pair[1] for pair in open_pairs], inner)
    cells = [Cell(None, open=False)] * len(pairs)
    for place, group in enumerate(places):
        cells[group] = Cell(sent.cells[place], asked.cells[place])
    return [*cells, Cell(sent.total, asked.total, open=bool(places))]
