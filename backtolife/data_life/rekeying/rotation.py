"""Everything that an older key closed is closed with the newest one: in batches, beside people who go on working.

Killed in the middle, it goes on where it was: what is closed with the newest key already is left alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Table, Text, delete, func, select, type_coerce, update
from sqlmodel import col
from sqlmodel import select as select_rows

from backtolife.database.closed import ClosedDay, closed_columns, in_row, mark_of
from backtolife.database.keys import SEALED as BEFORE
from backtolife.database.keys import DataKey, use
from backtolife.database.sealing import Sealing, is_closed, ours
from backtolife.database.session import Db, metadata, session_scope
from backtolife.errors import Invalid
from backtolife.people.second_step.models import RecoveryCode
from backtolife.people.second_step.services import tell_of_old_codes

AT_ONCE = 200


@dataclass(frozen=True)
class Column:
    """An encrypted column, and by what its rows are looked up, if they are."""

    table: str
    name: str
    marked_in: str = ""


SEALED = tuple(Column(table, name, "mark" if table == "person_identifier" else "") for table, name in BEFORE.items())
"""Columns that their own services close and open, since few of their rows are ever read."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation did."""

    values: int = 0
    """So many were closed anew."""
    unreadable: int = 0
    """So many open with no key that is here; they are as they were."""
    recovery_codes: int = 0
    """Unspent ones from before the newest key: only hashes of them are kept, so they work as long as the old key is."""


def columns() -> Iterator[Column]:
    for table in metadata.sorted_tables:
        for name, kind in closed_columns(table).items():
            yield Column(table.name, name, kind.marked_in if isinstance(kind, ClosedDay) else "")
    yield from SEALED


def rotate(engine: Engine, *, now: datetime) -> Rotated:
    """Close everything with the newest key. Older keys are forgotten once nothing is left that they closed."""
    with session_scope(engine) as db:
        use(db, now=now)
    done, before = Rotated(), -1
    while done.values != before:  # once more, while somebody who was not started again writes with an older key
        before = done.values
        done = go_through(engine, replace(done, unreadable=0))
    newest = ours().key_ids[0]
    with session_scope(engine) as db:
        since = db.get_one(DataKey, newest).since
        done = replace(done, recovery_codes=old_codes(db, since))
        tell_of_old_codes(db, since, now)
        if not done.unreadable:
            db.connection().execute(delete(DataKey).where(col(DataKey.id) != newest))
    return done


def go_through(engine: Engine, done: Rotated) -> Rotated:
    """Every value once, in batches; one that was kept meanwhile may be passed over."""
    for column in columns():
        last = ""
        while True:
            with session_scope(engine) as db:
                rows = some(db, column, after=last)
                if not rows:
                    break
                done = change(db, column, rows, done)
            last = rows[-1]["id"]
    return done


def some(db: Db, column: Column, *, after: str) -> list[Mapping[str, Any]]:
    """The next rows that hold something, as it is kept."""
    table = metadata.tables[column.table]
    kept = type_coerce(table.c[column.name], Text)
    more = [table.c.system] if "system" in table.c else []
    wanted = select(table.c.id, table.c.service_id, kept.label("kept"), *more)
    wanted = wanted.where(table.c.id > after, kept.is_not(None), kept != "")
    return [dict(row) for row in db.connection().execute(wanted.order_by(table.c.id).limit(AT_ONCE)).mappings()]


def change(db: Db, column: Column, rows: list[Mapping[str, Any]], done: Rotated) -> Rotated:
    """Close these anew. Somebody who changed one of them meanwhile was faster: theirs is closed with the newest key."""
    table, sealing = metadata.tables[column.table], ours()
    values, unreadable = 0, 0
    for row in rows:
        if sealing.is_newest(row["kept"]):
            continue
        place = f"{column.table}/{row['id']}/{column.name}"
        try:
            words = sealing.open(row["kept"], place=place) if sealed(column, row["kept"]) else row["kept"]
        except Invalid:
            unreadable += 1
            continue
        new = closed(table, column, row, words, sealing)
        theirs = (table.c.id == row["id"], type_coerce(table.c[column.name], Text) == row["kept"])
        values += db.connection().execute(update(table).where(*theirs).values(new)).rowcount
    return replace(done, values=done.values + values, unreadable=done.unreadable + unreadable)


def sealed(column: Column, kept: str) -> bool:
    """Whether it is encrypted at all: a program from before there was encryption wrote these columns as words."""
    return column in SEALED or is_closed(kept)


def closed(table: Table, column: Column, row: Mapping[str, Any], words: str, sealing: Sealing) -> dict[str, Any]:
    kind = closed_columns(table).get(column.name)
    if isinstance(kind, ClosedDay):
        day = kind.shown(words)
        return {column.name: in_row(day, row["id"]), kind.marked_in: mark_of(day, kind, row["service_id"])}
    if kind is not None:
        return {column.name: in_row(words, row["id"])}
    new = {column.name: sealing.close(words, place=f"{column.table}/{row['id']}/{column.name}")}
    if column.marked_in:
        new[column.marked_in] = sealing.mark(words, of=f"{row['service_id']}/{row['system']}")
    return new


def old_codes(db: Db, since: datetime) -> int:
    unspent = (
        select_rows(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.spent_at).is_(None), RecoveryCode.created_at < since)
    )
    return db.exec(unspent).one()
