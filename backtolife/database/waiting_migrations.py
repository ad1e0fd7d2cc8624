"""What the migrations that a database lacks would do to its tables, found by doing them to an empty one beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Inspector, inspect

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


Schema = dict[str, Table]


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
        after = brought_to(engine, "head")
    both = [name for name in before if name in after]
    return Changes(
        made=tuple(sorted(set(after) - set(before))),
        touched=tuple(sorted(name for name in both if before[name] != after[name])),
        narrowed=tuple(narrowed(before, after)),
    )


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
