"""A row of every table, with a canary in each of its columns of words: for one patient, and beside it for others."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Enum, Float, Integer, insert
from sqlalchemy.types import TypeDecorator, TypeEngine

from backtolife.data_life.copied import COPIED
from backtolife.data_life.copies.gathering import depth
from backtolife.database.closed import ClosedDay, on_row
from backtolife.database.session import Db, metadata, new_id
from backtolife.people.models import Person

LONG = 24
BESIDE = {"person", "person_identifier"}
"""Made by the factory, and by their own test."""
WHEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def canary(column: "Column[Any]", whose: str) -> str:
    """Words that stand for one column of one person, as short as the column needs them."""
    mark = hashlib.sha256(str(column).encode()).hexdigest()
    return f"{whose}-{mark}"[: min(getattr(column.type, "length", None) or LONG, LONG)]


def row_for(db: Db, name: str, *, given: Mapping[str, object], whose: str) -> str:
    """Put a row into a table, whatever it is; constraints are not looked at. Returns its id."""
    table, row_id = metadata.tables[name], new_id()
    values = {column.name: value_for(column, whose) for column in table.columns}
    row = on_row(table, {**values, **given}, row_id=row_id, service_id=str(given.get("service_id", "")))
    db.connection().execute(insert(table).values({**row, "id": row_id}))
    return row_id


def value_for(column: "Column[Any]", whose: str) -> object:
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, ClosedDay):
        return date(2026, 3, 1)
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, Enum):
        return kind.enum_class(kind.enums[0]) if kind.enum_class else kind.enums[0]
    for types, value in (
        (DateTime, WHEN),
        (Date, date(2026, 3, 1)),
        (Boolean, False),
        (JSON, [canary(column, whose)]),
        (Integer, 1),
        (Float, 1.0),
    ):
        if isinstance(kind, types):
            return value
    return canary(column, whose)


def fill(db: Db, person: Person, whose: str) -> None:
    """A row of every table of the copy that is this person's."""
    ids = {"person": person.id}
    for name, how in sorted(COPIED.items(), key=lambda each: depth(each[0])):
        if name not in BESIDE:
            given = {"service_id": person.service_id, how.column: ids[how.parent]}
            ids[name] = row_for(db, name, given=given, whose=whose)


def holds_words(column: "Column[Any]") -> bool:
    return column.type.python_type is str and not column.foreign_keys and not hasattr(column.type, "enums")
