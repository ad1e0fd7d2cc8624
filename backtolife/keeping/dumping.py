"""The database as one file, as it was at one moment, while others go on writing."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, make_url, text

from backtolife.audit import AuditEntry
from backtolife.audit.chain import ends
from backtolife.audit.heads import Head
from backtolife.database.migrating import revision_of
from backtolife.database.session import opened
from backtolife.keeping.faults import NotKept
from backtolife.processes.child_env import child_env

REPLACED = "replaced_"
"""So begin the names of what a restore put aside; backups leave it out."""


@dataclass(frozen=True)
class Dump:
    """One file, and what was in the database at its moment."""

    path: Path
    dialect: str
    revision: str
    heads: list[Head]


@contextmanager
def dumped(url: str, folder: Path) -> Iterator[Dump]:
    """The database behind `url` as one file in `folder`. Raises NotKept when it cannot be read or written."""
    target = folder / "database"
    with opened(url) as engine:
        if engine.dialect.name == "sqlite":
            copy_sqlite(Path(str(engine.url.database)), target)
            with opened(f"sqlite:///{target}") as copied, copied.connect() as connection:
                found = facts(connection)
            settle(target)
        else:
            steady = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with steady.begin() as connection:
                found = facts(connection)
                snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
                dump_postgresql(url, snapshot, target)
        yield Dump(target, engine.dialect.name, *found)


def facts(connection: Connection) -> tuple[str, list[Head]]:
    """The revision of the schema, and how far each service's audit log goes. Raises NotKept where nothing is set up."""
    revision = revision_of(connection)
    if not revision or not connection.dialect.has_table(connection, str(AuditEntry.__tablename__)):
        raise NotKept("There is no database to back up. Look at DATABASE_URL and DATA_DIR, and run backtolife migrate.")
    return revision, ends(connection)


def copy_sqlite(source: Path, target: Path) -> None:
    """In one step, under one read lock, so that writers neither wait nor make it begin again."""
    if not source.is_file():
        raise NotKept(f"There is no database at {source}. Look at DATABASE_URL and DATA_DIR.")
    target.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
            ours.backup(copy)
            if (found := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise NotKept(
                    f"The database is damaged ({found}). Bring back the newest backup that verify finds whole."
                )
    except sqlite3.Error as error:
        raise NotKept(f"The database cannot be copied into {target.parent}: {error}. Is its disk full?") from None


def settle(copy: Path) -> None:
    """One file, with nothing beside it."""
    with closing(sqlite3.connect(copy)) as own:
        own.execute("PRAGMA journal_mode=DELETE")


def dump_postgresql(url: str, snapshot: str, target: Path) -> None:
    words = ["--format=custom", "--no-owner", "--no-acl", f"--exclude-schema={REPLACED}*", f"--snapshot={snapshot}"]
    done = postgresql_program("pg_dump", url, [*words, f"--file={target}"])
    if done.returncode:
        raise NotKept(f"pg_dump could not copy the database: {first_error(done.stderr)}")


def postgresql_program(name: str, url: str, words: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    """Run pg_dump or pg_restore on the database behind `url`; its password is in no list of processes."""
    program = shutil.which(name)
    if program is None:
        raise NotKept(f"{name} is not installed: apt-get install postgresql-client")
    parts = make_url(url).set(drivername="postgresql")
    of_postgresql = {key: value for key, value in os.environ.items() if key.startswith("PG")}
    secret = {"PGPASSWORD": str(parts.password)} if parts.password else {}
    env = child_env() | of_postgresql | secret
    at = parts._replace(password=None).render_as_string()
    return subprocess.run([program, f"--dbname={at}", *words], env=env, capture_output=True, text=True, check=False)


def first_error(said: str) -> str:
    """What the program says first; what follows may quote what people wrote."""
    return next((line for line in said.splitlines() if "error:" in line), "it says nothing more")[:300]
