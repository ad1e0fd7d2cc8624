"""Columns that are kept encrypted. A value is bound to its table, row and column: moved elsewhere it does not open.

Reading brings the row's id along with the value; writing needs it too, so a value is written by the ORM, which knows
the row, or by `on_row`. Empty stays empty, so that rules about empty columns stay true in the database.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, Text, event, literal_column, type_coerce
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator

from backtolife.database.sealing import is_closed, ours

BETWEEN = "|"


class Placed(str):
    """A value with the id of the row that it goes into."""

    __slots__ = ("row_id",)
    row_id: str

    def __new__(cls, value: str, row_id: str) -> "Placed":
        made = super().__new__(cls, value)
        made.row_id = row_id
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override] # a str alone has one
        """What a copy is made with."""
        return str(self), self.row_id


class PlacedDay(date):
    """The same of a day."""

    row_id: str


class ClosedText(TypeDecorator[str]):
    """Words that are encrypted in the database. `where` is the table and the column, as “person.address”."""

    impl = Text
    cache_ok = True

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where

    def place(self, row_id: str) -> str:
        table, column = self.where.split(".")
        return f"{table}/{row_id}/{column}"

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """What is read: the id of the row, and the value behind it."""
        return type_coerce(id_beside(column) + literal_column(f"'{BETWEEN}'") + type_coerce(column, Text), self)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        del dialect
        if not value:
            return value if value is None else ""
        if not isinstance(value, Placed | PlacedDay):
            raise TypeError(f"{self.where} is encrypted for its row: write it by the ORM, or with on_row().")
        return ours().close(self.words(value), place=self.place(value.row_id))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        del dialect
        if value is None:
            return None
        row_id, _, kept = value.partition(BETWEEN)
        return self.shown(self.opened(kept, row_id))

    def opened(self, kept: str, row_id: str) -> str:
        """The value in words; one that a program from before there was encryption wrote is read as it is."""
        return ours().open(kept, place=self.place(row_id)) if is_closed(kept) else kept

    def words(self, value: Any) -> str:
        """The value as the words that are encrypted."""
        return str(value)

    def shown(self, words: str) -> Any:
        return words


def id_beside(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The id of the row that a column is of. A subquery that joins two tables has the id of each."""
    kept = next(iter(column.base_columns)).table.c.id
    return next(each for each in column.table.c if kept in each.base_columns)


class ClosedDay(ClosedText):
    """A day that is encrypted in the database. Equal days are found by the marks in another column."""

    cache_ok = True

    def __init__(self, where: str, marked_in: str) -> None:
        super().__init__(where)
        self.marked_in = marked_in

    @property
    def python_type(self) -> type[Any]:
        return date

    def words(self, value: Any) -> str:
        return str(value.isoformat())

    def shown(self, words: str) -> date | None:
        return date.fromisoformat(words[:10]) if words else None


@cache
def closed_columns(table: Table) -> dict[str, ClosedText]:
    """The encrypted columns of a table, by name."""
    return {each.name: each.type for each in table.columns if isinstance(each.type, ClosedText)}


def on_row(table: Table, values: Mapping[str, Any], *, row_id: str, service_id: str) -> dict[str, Any]:
    """The values of one row as they are written without the ORM: what is to be encrypted knows its row."""
    placed = dict(values)
    for name, kind in closed_columns(table).items():
        if name in values:
            placed[name] = in_row(values[name], row_id)
            if isinstance(kind, ClosedDay):
                placed[kind.marked_in] = mark_of(values[name], kind, service_id)
    return placed


def in_row(value: Any, row_id: str) -> Any:
    """The value, with the row that it goes into."""
    if isinstance(value, date):
        day = PlacedDay(value.year, value.month, value.day)
        day.row_id = row_id
        return day
    return Placed(value, row_id) if value else value


def mark_of(day: date | None, kind: ClosedDay, service_id: str) -> str | None:
    return None if day is None else ours().mark(day.isoformat(), of=f"{service_id}/{kind.where}")


def marks_of(day: date, kind: ClosedDay, service_id: str) -> list[str]:
    """By what the rows of a service with this day are found, whichever of our keys they were kept with."""
    return ours().marks(day.isoformat(), of=f"{service_id}/{kind.where}")


@event.listens_for(Mapper, "before_insert")
@event.listens_for(Mapper, "before_update")
def close_for(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    """Give each value that is to be encrypted the id of its row, and a day that is looked up its mark."""
    del connection
    if not isinstance(mapper.local_table, Table):
        return
    held = target.__dict__
    for name, kind in closed_columns(mapper.local_table).items():
        if name not in held:
            continue
        value = held[name] = in_row(held[name], target.id)
        if isinstance(kind, ClosedDay):
            mark = held.get(kind.marked_in)
            known = [None] if value is None else marks_of(value, kind, target.service_id)
            if mark not in known:
                setattr(target, kind.marked_in, mark_of(value, kind, target.service_id))
