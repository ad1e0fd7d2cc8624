"""What the migrations that a database lacks would do to its tables, found by doing them to an empty one beside it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Inspector, event, inspect

from backtolife.database.migrating import alembic_config
from backtolife.database.session import opened


@dataclass(frozen=True)
class Waiting:
    """One migration that is still to come."""

    revision: str
    said: str
    """Its own words."""


@dataclass(frozen=True)
class Table:
    """What a program may rely on when it reads and writes a table."""

    columns: dict[str, tuple[str, bool, bool]]
    """Of each column: its type, whether it may be empty, and whether the database fills it in."""
    rules: frozenset[str]
    """What the database refuses to take."""


@dataclass(frozen=True)
class Changes:
    """What is different afterwards."""

    made: tuple[str, ...]
    """Tables that are new."""
    touched: tuple[str, ...]
    """Tables that were there and change."""
    narrowed: tuple[str, ...]
    """What the program before may fall over, each in words."""
    gone_through: Mapping[str, int] = field(default_factory=dict)
    """How often all rows of a table are read or written: of one that changes, and of one whose rows are changed."""


Schema = dict[str, Table]
ROWS_ARE_MEANT = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})
NAMED = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+("?\w+"?)', re.IGNORECASE)


def waiting(revision: str) -> list[Waiting]:
    """The migrations after that one, the oldest first."""
    script = ScriptDirectory.from_config(alembic_config())
    found = [
        Waiting(each.revision, first_line(each.doc)) for each in script.iterate_revisions("head", revision or "base")
    ]
    return found[::-1]


def first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else ""


def changes_since(revision: str) -> Changes:
    """What the migrations after that one do."""
    with TemporaryDirectory() as folder, opened(f"sqlite:///{Path(folder) / 'empty.db'}") as engine:
        before = brought_to(engine, revision)
        with statements_on(engine) as said:
            after = brought_to(engine, "head")
    both = [name for name in before if name in after]
    touched = tuple(sorted(name for name in both if before[name] != after[name]))
    times = Counter(name for each in said for name in tables_in(each) if name in both)
    return Changes(
        made=tuple(sorted(set(after) - set(before))),
        touched=touched,
        narrowed=tuple(narrowed(before, after)),
        gone_through={**dict.fromkeys(touched, 1), **times},
    )


@contextmanager
def statements_on(engine: Engine) -> Iterator[list[str]]:
    """What is said to the database while the block runs."""
    said: list[str] = []

    def hear(*given: Any) -> None:
        said.append(given[2])

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def tables_in(statement: str) -> set[str]:
    """The tables whose rows a statement reads or writes; none where it only makes or changes tables.

    One that begins with a row already known, such as an UPDATE by its id, is not said to an empty database: the
    reading before it is.
    """
    if statement.lstrip().split(" ", 1)[0].upper() not in ROWS_ARE_MEANT:
        return set()
    return {name.strip('"') for name in NAMED.findall(statement)}


def brought_to(engine: Engine, revision: str) -> Schema:
    """The tables of an empty database that has that schema."""
    if revision:
        with engine.execution_options(rebuilds_tables=True).begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    with engine.connect() as connection:
        return schema_of(connection)


def schema_of(connection: Connection) -> Schema:
    looking = inspect(connection)
    return {
        name: Table(
            columns={
                str(each["name"]): (str(each["type"]), bool(each["nullable"]), each.get("default") is not None)
                for each in looking.get_columns(name)
            },
            rules=frozenset(rules_of(looking, name)),
        )
        for name in looking.get_table_names()
        if name != "alembic_version"
    }


def rules_of(looking: Inspector, table: str) -> Iterator[str]:
    """What the database refuses in this table, in words that are the same for the same rule."""
    given: Any
    for given in looking.get_unique_constraints(table):
        yield f"{', '.join(given['column_names'])} may be there once only"
    for given in looking.get_indexes(table):
        if given.get("unique"):
            yield f"{', '.join(map(str, given['column_names']))} may be there once only"
    for given in looking.get_check_constraints(table):
        yield f"{given['sqltext']}"
    for given in looking.get_foreign_keys(table):
        yield f"{', '.join(given['constrained_columns'])} must be in {given['referred_table']}"


def narrowed(before: Schema, after: Schema) -> Iterator[str]:
    """What was taken away, and what a program that knows only the old tables is now refused."""
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            yield f"{name} goes"
            continue
        for column, (kind, may_be_empty, _) in old.columns.items():
            if column not in new.columns:
                yield f"{name}.{column} goes"
            elif new.columns[column][0] != kind:
                yield f"{name}.{column} becomes {new.columns[column][0]}"
            elif may_be_empty and not new.columns[column][1]:
                yield f"{name}.{column} may not be empty"
        for column, (_, may_be_empty, filled) in new.columns.items():
            if column not in old.columns and not may_be_empty and not filled:
                yield f"{name}.{column} must be given"
        yield from (f"{name}: {rule}" for rule in sorted(new.rules - old.rules) if only_of(rule, old))


def only_of(rule: str, old: Table) -> bool:
    """Whether a rule is about columns that were there: one about a new column is no burden on who does not know it."""
    return any(column in rule.replace(",", " ").split() for column in old.columns)
