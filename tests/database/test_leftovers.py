"""Words that a migration encrypted are cleared out of the SQLite file: if not at once, then later, until it is done."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backtolife import cli
from backtolife.database import leftovers, session
from backtolife.database.migrating import migrate
from backtolife.database.session import open_engine, reading
from tests.database.test_migrating import add, add_all, bring_to, pointing_nowhere
from tests.doctor.conftest import Doctor, doctor, migrated_sqlite

__all__ = ["doctor", "migrated_sqlite"]
BEFORE = "0077"
CANARY = b"7 Canary Row"


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[Engine]:
    """A file in which words stood in rows that hold others now, as after a migration."""
    engine = open_engine(f"sqlite:///{tmp_path / 'backtolife.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE person (id INTEGER PRIMARY KEY, address TEXT)")
        for _ in range(300):
            connection.exec_driver_sql("INSERT INTO person (address) VALUES (?)", (CANARY.decode() * 9,))
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA secure_delete = OFF")  # Debian's SQLite has it on, that of others has not
    raw.close()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET address = 'e1'")
        leftovers.leave(connection)
    yield engine
    engine.dispose()


def held(engine: Engine) -> bytes:
    """Everything that is on the disk."""
    file = Path(str(engine.url.database))
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


def somebody_reads(engine: Engine) -> sqlite3.Connection:
    """A reader of before that stays."""
    reader = sqlite3.connect(str(engine.url.database), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM person").fetchall()
    return reader


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer waits for nobody, so that a test need not either."""
    whole = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: whole(*given, **{**more, "timeout": 0}))
    monkeypatch.setattr(session, "PATIENCE_MS", 0)


def test_a_migration_that_changes_rows_leaves_nothing_or_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'backtolife.db'}")
    bring_to(engine, BEFORE)
    with pointing_nowhere(engine) as connection:
        add(connection, "service", id="s", zone="Europe/London")
        words = {"address": CANARY.decode() * 9, "full_name": "Ann", "channel": "email"}
        known = {"service_id": "s", "kind": "patient"} | words
        add_all(connection, "person", [known | {"id": f"p{each:03}", "email": f"p{each}"} for each in range(300)])
    whole = engine.raw_connection
    monkeypatch.setattr(engine, "raw_connection", Full)
    migrate(engine)
    assert leftovers.are_left(engine)
    assert CANARY in held(engine)
    monkeypatch.setattr(engine, "raw_connection", whole)
    migrate(engine)
    assert not leftovers.are_left(engine)
    assert CANARY not in held(engine)
    engine.dispose()


class Full:
    """A connection to a disk without room to write the file again."""

    def __init__(self) -> None:
        self.info: dict[str, int] = {}

    def cursor(self) -> "Full":
        return self

    def execute(self, statement: str) -> None:
        if statement == "VACUUM":
            raise sqlite3.OperationalError("database or disk is full")

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.usefixtures("at_once")
def test_while_somebody_reads_it_is_left_and_the_next_try_clears_it(changed: Engine) -> None:
    changed.dispose()
    with closing(somebody_reads(changed)):
        assert not leftovers.clear(changed)
        assert leftovers.are_left(changed)
        assert CANARY in held(changed)
    assert leftovers.clear(changed)
    assert not leftovers.are_left(changed)
    assert CANARY not in held(changed)


def test_the_scheduler_tries_as_it_starts_and_then_each_night(changed: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading(changed).connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    tries: list[datetime] = []
    at = [datetime(2026, 3, 3, 9, tzinfo=UTC)]
    whole = leftovers.clear

    def counted(engine: Engine) -> bool:
        tries.append(at[0])
        return whole(engine)

    monkeypatch.setattr(leftovers, "clear", counted)
    turn = leftovers.clearing(changed, lambda: at[0])
    turn()
    assert not leftovers.are_left(changed)
    for hours in (1, 10, 17, 19):
        at[0] = datetime(2026, 3, 3, 9, tzinfo=UTC) + timedelta(hours=hours)
        turn()
    assert [each.hour for each in tries] == [9, 4]


def test_the_doctor_says_so_and_the_command_does_it(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATA_KEY")
    assert "leftovers" not in doctor().lines
    engine = open_engine(f"sqlite:///{os.environ['DATA_DIR']}/backtolife.db")
    with engine.begin() as connection:
        leftovers.leave(connection)
    engine.dispose()
    state, said = doctor()["leftovers"]
    assert (state, "backtolife migrate" in said) == ("warn", True)
    assert cli.main(["migrate"]) == 0
    assert capsys.readouterr().err == ""
    assert "leftovers" not in doctor().lines


@pytest.mark.usefixtures("at_once")
def test_the_command_says_that_something_is_left(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATA_KEY")
    doctor()
    engine = open_engine(f"sqlite:///{os.environ['DATA_DIR']}/backtolife.db")
    with engine.begin() as connection:
        leftovers.leave(connection)
    engine.dispose()
    with closing(somebody_reads(engine)):
        assert cli.main(["migrate"]) == 0
    assert "scheduler tries again each night" in capsys.readouterr().err
