"""What several parts of a page will ask anyway, asked in one statement: each look at a database over a network costs a
way there and back.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from sqlalchemy import Result, Select, Subquery, and_, func, literal_column, select, union_all
from sqlalchemy import inspect as inspected
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.orm import Mapper, aliased
from sqlalchemy.sql.functions import count
from sqlmodel import Session

from backtolife.database.asked_once import asked_ahead, asks_ahead, asks_once, kept, of_rows

Asked = dict[Hashable, Select[Any]]


def ask_together(db: Session, *readers: Callable[[], object]) -> None:
    """Ask for what these readers will read: each then finds its rows at hand, as long as the page does not write.

    Nothing where `db` does not ask once, or already asks for others together. A reader is run twice, the first time on
    no rows; so give only those whose questions do not hang on an answer. Every row of one is looked at against those
    of the others: give those that read few.
    """
    if not asks_once(db) or asks_ahead(db):
        return
    asked: Asked = {}
    with asked_ahead(db, lambda key, question: note(asked, key, question)):
        for reader in readers:
            reader()
    if len(asked) > 1:
        answer(db, asked)


def note(asked: Asked, key: Hashable, question: Select[Any]) -> Result[Any] | None:
    """Keep the question for later and answer with no rows, or none counted; None where it has to be asked alone."""
    if not counts(question) and any(entity_of(each) is None for each in question.column_descriptions):
        return None
    asked[key] = question
    return result_of(question, [(0,)] if counts(question) else [])


def counts(question: Select[Any]) -> bool:
    """Whether it only asks how many there are."""
    columns = [each["expr"] for each in question.column_descriptions]
    return len(columns) == 1 and isinstance(columns[0], count)


def entity_of(column: Any) -> Mapper[Any] | None:  # what SQLAlchemy says of a column is a dict of anything
    """The table that a column of a statement stands for, when it is a whole one."""
    found = inspected(column["expr"], raiseerr=False)
    return found if isinstance(found, Mapper) else None


def names_in(question: Select[Any]) -> list[str]:
    return [each["name"] for each in question.column_descriptions]


def result_of(question: Select[Any], rows: Sequence[tuple[object, ...]]) -> Result[Any]:
    return IteratorResult(SimpleResultMetaData(names_in(question)), iter(rows))


def answer(db: Session, asked: Asked) -> None:
    """Ask everything in one statement, and keep each answer as if it had been asked alone.

    The statement has a row for each row of each question. A number says which question it is of, another its place in
    the order that was asked for. What is counted stands in every row.
    """
    counted = {key: question for key, question in asked.items() if counts(question)}
    listed = {key: question for key, question in asked.items() if key not in counted}
    parts = [numbered(question) for question in listed.values()]
    entities = [entities_in(question, part) for question, part in zip(listed.values(), parts, strict=True)]
    numbers = union_all(*(select(literal_column(str(each)).label("of")) for each in range(len(parts) or 1))).subquery()
    together = select(
        *(question.scalar_subquery() for question in counted.values()),
        numbers.c.of,
        *(part.c.in_order for part in parts),
        *(one for each in entities for one in each),
    )
    for number, part in enumerate(parts):
        together = together.outerjoin(part, and_(numbers.c.of == number, part.c.in_order > 0))
    rows: list[list[tuple[int, tuple[object, ...]]]] = [[] for _ in parts]
    found = db.execute(together.select_from(numbers)).all()
    for row in found:
        number, *rest = row[len(counted) :]
        start = len(parts) + sum(len(each) for each in entities[:number])
        if parts and (place := rest[number]) is not None:
            rows[number].append((place, tuple(rest[start : start + len(entities[number])])))
    for (key, question), those in zip(listed.items(), rows, strict=True):
        kept(db)[key] = of_rows(names_in(question), [values for _, values in sorted(those, key=lambda each: each[0])])
    for (key, question), many in zip(counted.items(), found[0], strict=False):
        kept(db)[key] = of_rows(names_in(question), [(many,)])


def numbered(question: Select[Any]) -> Subquery:
    """The question with the place of each row in its order."""
    order = question._order_by_clauses
    return question.add_columns(func.row_number().over(order_by=order or None).label("in_order")).subquery()


def entities_in(question: Select[Any], part: Subquery) -> Sequence[Any]:
    return [aliased(each["expr"], part) for each in question.column_descriptions]
