"""A form's answers as parts of lines of the long file, written by the database: a million are too many to make rows of.

What every line of a form begins and ends with is put around them afterwards (`filled`).
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import String, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.outcomes.models import Answer, InstrumentResponse
from backtolife.reporting.dataset.rows import of_group, on_server
from backtolife.reporting.export.csv_cells import joined

BETWEEN, WORDS = "\n", "?"
"""What stands between two lines, and in a line for words that are still to come. Our ids and numbers hold neither."""
Lines = str | list[str]
"""One text where all answers are numbers, else its lines: words may hold any sign."""


def lines_in(db: Db, cohort_id: str) -> dict[str, Lines]:
    """The middles of the lines by form, each form's by question; forms without answers are left out.

    Words are put in here: they may need quotes, and a guard against formulas.
    """
    form = InstrumentResponse
    by_item = (
        select(Middle(col(Answer.item), col(Answer.value), col(Answer.answered_at)).label("line"))
        .where(col(Answer.response_id) == col(form.id), or_(col(Answer.value).is_not(None), col(Answer.words) != ""))
        .order_by(col(Answer.item))
        .correlate(form)
        .subquery()
    )
    whole = select(func.aggregate_strings(by_item.c.line, BETWEEN)).scalar_subquery()
    wanted = of_group(select(col(form.id), whole).select_from(form), cohort_id)
    found: dict[str, Lines] = {form_id: text for form_id, text in db.connection().execute(wanted).all() if text}
    in_words = [form_id for form_id, text in found.items() if WORDS in text]
    for (form_id, item), words in words_of(db, in_words).items():
        text = found[form_id]
        lines = text.split(BETWEEN) if isinstance(text, str) else text
        head = f"answer,{item},{WORDS},"
        found[form_id] = [
            line.replace(f"{WORDS},", f",{words}", 1) if line.startswith(head) else line for line in lines
        ]
    return found


class Middle(FunctionElement[str]):
    """One answer: its question, its number or WORDS, nothing, and when it was given.

    In one call of the database: put together sign by sign, a line takes it two thirds more time.
    """

    type = String()
    inherit_cache = True
    name = "middle"


@compiles(Middle, "sqlite")
def on_sqlite(element: Middle, compiler: Any, **how: Any) -> str:
    """SQLite holds our moments as text in UTC: 2026-03-03 09:00:00.000000."""
    item, value, at = (compiler.process(each, **how) for each in element.clauses)
    return f"printf('answer,%s,%s,,%.10sT%sZ,,,', {item}, coalesce({value}, '{WORDS}'), {at}, substr({at}, 12, 8))"


@compiles(Middle, "postgresql")
def on_postgresql(element: Middle, compiler: Any, **how: Any) -> str:
    item, value, at = (compiler.process(each, **how) for each in element.clauses)
    moment = on_server(at)
    return f"format('answer,%%s,%%s,,%%s,,,', {item}, coalesce(CAST({value} AS text), '{WORDS}'), {moment})"


def words_of(db: Db, forms: Collection[str]) -> dict[tuple[str, str], str]:
    """What was said in words, as cells of CSV, by form and question."""
    wanted = select(col(Answer.response_id), col(Answer.item), col(Answer.words)).where(
        col(Answer.response_id).in_(forms), col(Answer.value).is_(None), col(Answer.words) != ""
    )
    return {(form_id, item): joined([words]) for form_id, item, words in db.connection().execute(wanted)}


def filled(lines: Lines, start: str, end: str) -> str:
    """The lines as they stand in the file: `start` before each and `end` after it, with their commas."""
    between = end + start
    return f"{start}{lines.replace(BETWEEN, between) if isinstance(lines, str) else between.join(lines)}{end}"
