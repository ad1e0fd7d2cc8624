"""Where a backup is brought back to: is it empty, does anybody work there, and what was there put aside."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, inspect, text

from backtolife.config import Settings
from backtolife.keeping.dumping import REPLACED, first_error, postgresql_program
from backtolife.keeping.faults import Damaged, NotEmpty, StillRunning
from backtolife.keeping.making import RESTORING, STAGING
from backtolife.processes.turn import LOCK_FILE, turn

STOP = "Stop web, media and scheduler first, then bring it back."
EMPTY_HANDED = (LOCK_FILE, "lost+found")
OF_SQLITE = ("", "-wal", "-shm")
LOCK_SECONDS = 2.0


@contextmanager
def quiet(engine: Engine, settings: Settings) -> Iterator[None]:
    """Hold the scheduler's turn while the block runs. Raises StillRunning when somebody works on the database."""
    stopping = threading.Event()
    giving_up = threading.Timer(LOCK_SECONDS, stopping.set)
    giving_up.start()
    with turn(engine, settings.data_dir, stopping) as mine:
        giving_up.cancel()
        if not mine:
            raise StillRunning(f"The scheduler runs on this database. {STOP}")
        refuse_others(engine)
        yield


def refuse_others(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        refuse_open_file(sqlite_file(engine))
        return
    everybody = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    with engine.connect() as connection:
        there = int(connection.execute(text(everybody)).scalar_one())
        if there > opened_by(engine):
            raise StillRunning(f"Somebody has this database open. {STOP}")


def opened_by(engine: Engine) -> int:
    """How many connections are our own."""
    pool = engine.pool
    return pool.checkedin() + pool.checkedout() if isinstance(pool, QueuePool) else 0


def refuse_open_file(file: Path) -> None:
    """A database in WAL stays so while another process has it open; alone, all of it goes into the one file."""
    if not file.exists() or not file.stat().st_size:
        return
    with closing(sqlite3.connect(file, timeout=LOCK_SECONDS)) as own:
        try:
            alone = own.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
        except sqlite3.OperationalError:
            alone = False
        except sqlite3.DatabaseError:
            return  # too broken to be in use: that is why somebody brings a backup back
    if not alone:
        raise StillRunning(f"Somebody has {file} open. {STOP}")


def sqlite_file(engine: Engine) -> Path:
    return Path(str(engine.url.database)).resolve()


def refuse_full(engine: Engine, data_dir: Path) -> None:
    """Raise NotEmpty when something would be replaced."""
    held = [*held_by(engine), *(path.name for path in in_the_way(engine, data_dir))]
    if held:
        raise NotEmpty(
            f"There is something here already ({', '.join(held[:3])}). Bring a backup back into an empty DATA_DIR and "
            "an empty database, or say --replace: what is here is then put aside, not deleted."
        )


def held_by(engine: Engine) -> list[str]:
    if engine.dialect.name == "sqlite":
        file = sqlite_file(engine)
        return [file.name] if file.exists() and file.stat().st_size else []
    return [f"table {name}" for name in inspect(engine).get_table_names()]


def in_the_way(engine: Engine, data_dir: Path) -> list[Path]:
    """What is in DATA_DIR, but the database, and what is nobody's."""
    database = [] if engine.dialect.name != "sqlite" else [sqlite_file(engine)]
    there = sorted(data_dir.iterdir()) if data_dir.is_dir() else []
    apart = (REPLACED, RESTORING, STAGING)
    return [
        path
        for path in there
        if path.name not in EMPTY_HANDED
        and not path.name.startswith(apart)
        and not any(path.resolve() == each.with_name(each.name + end) for each in database for end in OF_SQLITE)
    ]


def put_file(engine: Engine, copy: Path, aside: Path) -> None:
    """Put the copy where the SQLite file is; an old one goes to `aside` with what belongs to it."""
    file = sqlite_file(engine)
    for end in OF_SQLITE:
        old = file.with_name(file.name + end)
        if old.exists() and old.stat().st_size:
            aside.mkdir(mode=0o700, exist_ok=True)
            old.rename(aside / old.name)
        old.unlink(missing_ok=True)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy.rename(file)


def put_tables(engine: Engine, url: str, copy: Path, aside: str) -> None:
    """Fill the PostgreSQL database in one transaction; tables that are there go into a schema called `aside`."""
    if inspect(engine).get_table_names():
        with engine.begin() as connection:
            rename_schema(connection, "public", aside)
    done = postgresql_program(
        "pg_restore",
        url,
        ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(copy)],
    )
    if done.returncode:
        if inspect(engine).has_schema(aside):
            with engine.begin() as connection:
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql(f'ALTER SCHEMA "{aside}" RENAME TO public')
        raise Damaged(f"pg_restore could not bring the database back: {first_error(done.stderr)}. Nothing was changed.")


def rename_schema(connection: Connection, name: str, to: str) -> None:
    connection.exec_driver_sql(f'ALTER SCHEMA "{name}" RENAME TO "{to}"')
    connection.exec_driver_sql(f'CREATE SCHEMA "{name}"')


def put_aside(engine: Engine, data_dir: Path, aside: str) -> bool:
    """Whether something that was there is now under this name."""
    of_database = engine.dialect.name != "sqlite" and inspect(engine).has_schema(aside)
    return of_database or (data_dir / aside).exists()
