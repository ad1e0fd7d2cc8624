"""What the results page shows: who had a place, who came, who answered, per group, with small numbers hidden."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.outcomes.asking import Ask, asks_of
from backtolife.outcomes.due import list_due
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.models import Cohort, Enrolment
from backtolife.programme.services import dates_of, programme_of
from backtolife.reporting.invited import invited_at, left_at, stay_of
from backtolife.reporting.suppression import suppress
from backtolife.sessions.attendance import attendance_of

ENOUGH_SESSIONS = 6
NOT_YET, NOT_OPEN, NOBODY = "Not yet", "Not open yet", "Nobody asked"
STEPS = ("Given a place", "Came to session 1", "Came to 6 or more")


Pair = tuple[int, int]
"""How many, of how many."""


@dataclass(frozen=True)
class Counted:
    """One group, counted. None is what has not come yet: a session to be held, questions to open."""

    cohort: Cohort
    places: int
    steps: tuple[int | None, ...]
    answered: dict[str, Pair | None]
    """(sent everything, asked) by milestone id."""


@dataclass(frozen=True)
class Cell:
    """What may be shown of one number: `n` None is hidden. `of` is what it is a part of, where that is shown.

    `why` says in words why there is no number at all.
    """

    n: int | None
    of: int | None = None
    why: str = ""

    @property
    def open(self) -> bool:
        return not self.why


Rows = tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Results:
    """The page. The last row of each table is all groups together."""

    groups: int
    columns: tuple[str, ...]
    steps: Rows
    milestones: tuple[str, ...]
    answers: Rows


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
    times = Counter(each.person_id for each in attended)
    met = [date.number for date in dates_of(db, cohort.id) if date.starts_at <= now]
    first = sum(each.session_number == 1 for each in attended) if met else None
    enough = sum(each >= ENOUGH_SESSIONS for each in times.values()) if len(met) >= ENOUGH_SESSIONS else None
    return Counted(cohort, len(places), (len(places), first, enough), answered_by(db, cohort, enrolments, now))


def answered_by(db: Db, cohort: Cohort, enrolments: Sequence[Enrolment], now: datetime) -> dict[str, Pair | None]:
    rows: dict[str, list[InstrumentResponse]] = {each.id: [] for each in enrolments}
    for row in db.exec(select(InstrumentResponse).where(col(InstrumentResponse.enrolment_id).in_(list(rows)))):
        rows[row.enrolment_id].append(row)
    asks = asks_of(db, cohort)
    fallback, left = programme_of(cohort).instrument_fallback, left_at(db, enrolments)
    finished = {
        each.id: {due.ask.id for due in list_due(asks, rows[each.id], fallback, now) if due.finished}
        for each in enrolments
    }

    def one(ask: Ask) -> Pair | None:
        if ask.state(now) == "upcoming":
            return None
        asked = [each.id for each in enrolments if invited_at(stay_of(each, left), ask, now)]
        return sum(ask.id in finished[each] for each in asked), len(asked)

    return {ask.id: one(ask) for ask in asks if not ask.after_session}


def step_rows(counted: Sequence[Counted]) -> Rows:
    """Who had a place and who came; the share is of the places in the groups that have got so far."""
    pairs = [[None if step is None else (step, each.places) for step in each.steps] for each in counted]
    return rows_of(counted, [[row[place] for row in pairs] for place in range(len(STEPS))], NOT_YET)


def answer_rows(counted: Sequence[Counted], ids: Sequence[str]) -> Rows:
    """Who sent everything, of who was asked."""
    return rows_of(counted, [[each.answered.get(name) for each in counted] for name in ids], NOT_OPEN)


def rows_of(counted: Sequence[Counted], columns: Sequence[Sequence[Pair | None]], not_yet: str) -> Rows:
    """A group whose places are hidden is hidden throughout: another column could give the number away."""
    places = suppress([each.places for each in counted])
    small = {place for place, shown in enumerate(places.cells) if shown is None}
    shown = [column_of(pairs, small, not_yet) for pairs in columns]
    names = [*(each.cohort.name for each in counted), "All groups"]
    return tuple((name, tuple(column[place] for column in shown)) for place, name in enumerate(names))


def column_of(pairs: Sequence[Pair | None], small: Collection[int], not_yet: str) -> list[Cell]:
    """One column: each group that has got so far, then their sum.

    Where small groups are hidden and only some groups are in the sum, the sum is hidden too: taken from another
    column's it would tell how large a small group is.
    """
    empty = [NOBODY if pair == (0, 0) else not_yet if pair is None else "" for pair in pairs]
    places = [place for place, why in enumerate(empty) if not why]
    counted = [pair for pair in pairs if pair is not None and pair != (0, 0)]
    forced = {place for place, group in enumerate(places) if group in small}
    part, whole = (suppress([pair[side] for pair in counted], forced) for side in (0, 1))
    cells = [Cell(None, why=why) for why in empty]
    for place, group in enumerate(places):
        cells[group] = Cell(part.cells[place], whole.cells[place])
    if not places:
        return [*cells, Cell(None, why=not_yet)]
    telling = bool(small) and len(places) < len(pairs)
    return [*cells, Cell(None, None) if telling else Cell(part.total, whole.total)]
