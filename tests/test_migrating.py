"""A database with people in it is brought up to date as well as an empty one."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select

from backtolife.db import open_engine
from backtolife.migrating import alembic_config, check, migrate

LONG_AGO = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table keeps it
SINCE = "0018"
"""From here on; before it nobody ran the product."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'filled.db'}")
    yield opened
    opened.dispose()


def bring_to(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def add(connection: Connection, table: str, **known: Any) -> None:
    """A row with what we know, and something in every other column that must hold something."""
    columns = Table(table, MetaData(), autoload_with=connection)
    row = {
        column.name: LONG_AGO if "DATE" in str(column.type).upper() else 0 if numeric(column) else ""
        for column in columns.columns
        if not column.nullable
    }
    connection.execute(columns.insert().values(row | known))


def numeric(column: Any) -> bool:
    return any(kind in str(column.type).upper() for kind in ("INT", "BOOL", "FLOAT"))


def test_people_and_their_service_survive_every_later_change(engine: Engine) -> None:
    bring_to(engine, SINCE)
    with engine.begin() as connection:
        add(connection, "service", id="s", name="A clinic")
        add(connection, "person", id="p", service_id="s", role="patient", channel="email")
    migrate(engine)
    with engine.connect() as connection:
        service = Table("service", MetaData(), autoload_with=connection)
        found = connection.execute(select(service.c.name, service.c.rehearsal)).all()
        assert found == [("A clinic", False)]
        assert inspect(connection).has_table("rehearsal")
    check(engine)
