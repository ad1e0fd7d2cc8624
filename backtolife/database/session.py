"""The database: engine, session scope, constraint names, the column types and the columns that every table has."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, MetaData, String, create_engine, event, make_url, text
from sqlalchemy import Enum as SAEnum
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import IllegalStateChangeError
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel

from backtolife.database.asked_once import ask_again
from backtolife.database.guards import guard
from backtolife.errors import Invalid

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMES
metadata: MetaData = SQLModel.metadata
Db = Session
"""The database handle; always called `db`."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. A naive value is refused: it would silently be somebody's wall clock."""

    impl = DateTime
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """SQLite gives text in UTC, as it was written: read straight, in a third of the time."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda text: None if text is None else datetime.fromisoformat(text + "+00:00")

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone. Pass an aware datetime.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum], name: str) -> SAEnum:
    """A text column that holds the values (not the names) of `kind`, with a CHECK constraint called `name`."""
    return SAEnum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda enum: [member.value for member in enum],
    )


def new_id() -> str:
    """A random identifier that says nothing about what it names."""
    return uuid.uuid4().hex


class Row(SQLModel):
    """What every table has: an id that cannot be guessed, and the service the row belongs to."""

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=String(32))
    service_id: str = Field(foreign_key="service.id", index=True, sa_type=String(32))


class Handle(Session):
    """A session that goes on after a row was refused in words: a page tells them, and asks it for the rest."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        try:
            super().flush(objects)
        except Invalid:
            with suppress(IllegalStateChangeError):  # where the end of a transaction flushes, it is over anyway
                self.rollback()
            raise


KEPT_OPEN = 5
"""Connections that stay open when nobody uses them."""
PATIENCE_MS = 15_000
"""How long a writer waits for another one on SQLite."""
FEW = 15
"""The most connections of a process that does a few things at once: the scheduler, a command."""


def open_engine(url: str, *, connections: int = FEW, patience_seconds: float = 30) -> Engine:
    """An engine for `url`. SQLite is set to WAL, FULL sync and foreign keys; postgresql:// uses psycopg 3.

    At most `connections` are open at once; who wants one more waits `patience_seconds` for it.
    """
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    keep_private(url)
    kept = min(KEPT_OPEN, connections)
    engine = create_engine(
        url,
        pool_pre_ping=not url.startswith("sqlite"),
        pool_size=kept,
        max_overflow=connections - kept,
        pool_timeout=patience_seconds,
        hide_parameters=True,
    )
    guard(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        event.listen(engine, "savepoint", begin_to_write)
    return engine


def keep_private(url: str) -> None:
    """An SQLite file is for its owner alone, from its first byte on; what SQLite writes beside it follows the file."""
    name = make_url(url).database if url.startswith("sqlite") else ""
    if not name or name == ":memory:" or name.startswith("file:") or not Path(name).parent.is_dir():
        return
    file = Path(name)
    with suppress(PermissionError):  # of somebody else, who looks after it
        file.touch(mode=0o600)
        for each in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
            if each.exists() and each.stat().st_mode & 0o077:
                each.chmod(0o600)


def prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    """Acknowledged is kept: WAL with FULL sync. A writer waits for another one rather than failing."""
    record.info.clear()
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin by hand. IMMEDIATE, because a transaction that reads first and writes later fails under WAL when another
    one wrote in between; handles that only read (`reading`) begin DEFERRED and wait for nobody.
    """
    options = connection.get_execution_options()
    for pragma, value in (
        ("query_only", int(options.get("only_reads", False))),
        ("busy_timeout", options.get("patience_ms", PATIENCE_MS)),
        ("foreign_keys", int(not options.get("rebuilds_tables", False))),
    ):
        if connection.info.get(pragma) != value:
            connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
            connection.info[pragma] = value
    connection.exec_driver_sql("BEGIN DEFERRED" if options.get("reads_first") else "BEGIN IMMEDIATE")


def reading(engine: Engine) -> Engine:
    """The same engine for handles that only read: the database refuses what they write."""
    return engine.execution_options(only_reads=True, reads_first=True, **of_postgresql(engine))


def of_postgresql(engine: Engine) -> dict[str, bool]:
    return {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}


def reading_first(engine: Engine) -> Session:
    """A handle that waits for nobody until it writes: only then does it take SQLite's write lock.

    What it read before may be older than what it then writes beside, as on PostgreSQL: rules that must hold are held
    by UNIQUE and by `one_at_a_time`.
    """
    db = Handle(engine.execution_options(reads_first=True), expire_on_commit=False)
    event.listen(db, "before_flush", lambda handle, *_: begin_to_write(handle.connection()))
    event.listen(db, "do_orm_execute", begin_when_it_writes)
    return db


def begin_when_it_writes(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        begin_to_write(state.session.connection())


def begin_to_write(connection: Connection, savepoint: str = "") -> None:
    """Take SQLite's write lock, in a fresh transaction, unless this one holds it already."""
    del savepoint
    if connection.dialect.name != "sqlite" or not connection.get_execution_options().get("reads_first"):
        return
    if connection.info.get("writes_in") is connection.get_transaction():
        return
    connection.exec_driver_sql("ROLLBACK")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.info["writes_in"] = connection.get_transaction()


def one_at_a_time(db: Db, what: str) -> None:
    """Hold a lock called `what` until the transaction ends. SQLite has one writer anyway."""
    begin_to_write(db.connection())
    ask_again(db)
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))"), {"what": what})


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The database behind `url`, let go of when the block ends: for a command, which is done after it."""
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def session_scope(engine: Engine, *, reads_first: bool = False) -> Iterator[Session]:
    """A database handle that commits once when the block ends well and rolls back when it does not.

    With `reads_first` it waits for nobody until it writes.
    """
    with reading_first(engine) if reads_first else Handle(engine, expire_on_commit=False) as db:
        try:
            yield db
            db.commit()
        except BaseException:
            db.rollback()
            raise


@contextmanager
def impatient(engine: Engine, seconds: float) -> Iterator[Session]:
    """The same, but who must wait longer than `seconds` for a lock fails. For asking whether one can write at all."""
    with session_scope(engine.execution_options(patience_ms=int(seconds * 1000))) as db:
        if engine.dialect.name == "postgresql":
            db.connection().execute(text(f"SET LOCAL lock_timeout = {int(seconds * 1000)}"))
            db.connection().execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
        yield db
