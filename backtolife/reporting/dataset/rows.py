"""What a group's forms hold, read as plain rows in one go: a million answers are too many to make objects of."""

from collections import defaultdict
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, String, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.models import Answer, InstrumentResponse, Mode, Score
from backtolife.programme.cohorts.models import Enrolment


class Opened(NamedTuple):
    """A form that was opened; its times are text in UTC, such as 2026-03-03T09:00:00Z."""

    id: str
    adopted_id: str
    opened_at: str
    started_at: str | None
    completed_at: str | None
    mode: Mode
    entered_at: str | None
    """When staff entered the answers; None where the patient gave them here."""
    proxy: bool
    """Whether somebody answered in the patient's place. Who it was may say too much of a family to leave."""
    reopened_at: str | None
    """When staff last opened the form again after it had been sent."""


class Given(NamedTuple):
    """An answer as it stands: a whole number, or words; neither when it was taken back."""

    item: str
    value: int | None
    words: str
    answered_at: str


class Figure(NamedTuple):
    """A score. Without a value it could not be computed, and `status` says why."""

    scale: str
    value: float | None
    band: str | None
    missing: int
    status: str


class UtcText(FunctionElement[str]):
    """A moment as text, made by the database: a third of the time that making a `datetime` and writing it takes."""

    type = String()
    inherit_cache = True
    name = "utc_text"


@compiles(UtcText, "sqlite")
def on_sqlite(element: UtcText, compiler: Any, **how: Any) -> str:
    """SQLite holds our moments as text in UTC: 2026-03-03 09:00:00.000000."""
    moment = compiler.process(element.clauses, **how)
    return f"(substr({moment}, 1, 10) || 'T' || substr({moment}, 12, 8) || 'Z')"


@compiles(UtcText, "postgresql")
def on_postgresql(element: UtcText, compiler: Any, **how: Any) -> str:
    return on_server(compiler.process(element.clauses, **how))


def on_server(moment: str) -> str:
    """What PostgreSQL is asked for the text of a moment."""
    return f"""to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


def utc_text(moment: Any) -> ColumnElement[str]:
    return UtcText(col(moment))


def forms_in(db: Db, cohort_id: str) -> dict[str, dict[tuple[str, str], Opened]]:
    """The forms that were opened, by enrolment, then by milestone and instrument."""
    form = InstrumentResponse
    wanted = select(
        col(form.enrolment_id),
        col(form.milestone_id),
        col(form.instrument),
        col(form.id),
        col(form.adopted_id),
        utc_text(form.opened_at),
        utc_text(form.started_at),
        utc_text(form.completed_at),
        col(form.mode),
        utc_text(form.entered_at),
        col(form.proxy) != "",
        reopened_at(),
    ).select_from(form)
    found: dict[str, dict[tuple[str, str], Opened]] = defaultdict(dict)
    rows = db.connection().execute(of_group(wanted, cohort_id)).all()
    for enrolment_id, milestone, instrument, *facts in rows:
        found[enrolment_id][milestone, instrument] = Opened(*facts)
    return found


def reopened_at() -> ColumnElement[str]:
    """When a form was last opened again, as text; for a query over `InstrumentResponse`."""
    last = select(func.max(col(Reopening.at))).where(col(Reopening.response_id) == col(InstrumentResponse.id))
    return UtcText(last.correlate(InstrumentResponse).scalar_subquery())


def answers_in(db: Db, cohort_id: str) -> dict[str, list[Given]]:
    """The answers by form, each form's by question."""
    wanted = select(
        col(Answer.response_id), col(Answer.item), col(Answer.value), col(Answer.words), utc_text(Answer.answered_at)
    ).join(InstrumentResponse, col(Answer.response_id) == col(InstrumentResponse.id))
    found: dict[str, list[Given]] = defaultdict(list)
    for form_id, item, value, words, at in db.connection().execute(of_group(wanted, cohort_id)).all():
        found[form_id].append(Given(item, value, words, at))
    return in_order(found)


def scores_in(db: Db, cohort_id: str) -> dict[str, list[Figure]]:
    """The scores by form, each form's by scale."""
    wanted = select(
        col(Score.response_id),
        col(Score.scale),
        col(Score.value),
        col(Score.band),
        col(Score.missing),
        col(Score.status),
    ).join(InstrumentResponse, col(Score.response_id) == col(InstrumentResponse.id))
    found: dict[str, list[Figure]] = defaultdict(list)
    for form_id, scale, value, band, missing, status in db.connection().execute(of_group(wanted, cohort_id)).all():
        found[form_id].append(Figure(scale, value, band, missing, status))
    return in_order(found)


AnySelect = Select[*tuple[Any, ...]]
Each = TypeVar("Each", Given, Figure)


def in_order(found: dict[str, list[Each]]) -> dict[str, list[Each]]:
    """The rows of each form sorted by their first column."""
    for rows in found.values():
        if len(rows) > 1:
            rows.sort(key=itemgetter(0))
    return found


def of_group(wanted: AnySelect, cohort_id: str) -> AnySelect:
    """Only what belongs to the group's people."""
    of_person = col(InstrumentResponse.enrolment_id) == col(Enrolment.id)
    return wanted.join(Enrolment, of_person).where(col(Enrolment.cohort_id) == cohort_id)
