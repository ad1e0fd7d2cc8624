"""The database: engine, session scope, constraint names, the column types and the columns that every table has."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, MetaData, String, create_engine, event, text
from sqlalchemy import Enum as SAEnum
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel

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


def open_engine(url: str) -> Engine:
    """An engine for `url`. SQLite is set to WAL, FULL sync and foreign keys; postgresql:// uses psycopg 3."""
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    return engine


def prepare_sqlite(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    """Acknowledged is kept: WAL with FULL sync. A writer waits for another one rather than failing."""
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin by hand. IMMEDIATE, because a transaction that reads first and writes later fails under WAL when another
    one wrote in between; handles that only read (`reading`) begin DEFERRED and wait for nobody.
    """
    only_reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("BEGIN DEFERRED" if only_reads else "BEGIN IMMEDIATE")


def reading(engine: Engine) -> Engine:
    """The same engine for handles that only read."""
    return engine.execution_options(only_reads=True)


def one_at_a_time(db: Db, what: str) -> None:
    """Hold a lock called `what` until the transaction ends. SQLite has one writer anyway."""
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
def session_scope(engine: Engine) -> Iterator[Session]:
    """A database handle that commits once when the block ends well and rolls back when it does not."""
    with Session(engine, expire_on_commit=False) as db:
        try:
            yield db
            db.commit()
        except BaseException:
            db.rollback()
            raise
