"""One scheduler at a time: the right to work, held by a lock that ends with the process that holds it.

On PostgreSQL it is an advisory lock of a connection of its own; on SQLite, where everything is on one machine, a lock
on a file beside the data. The kernel and the database let go of both when their holder dies, so that the next one needs
no clock to know it.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from backtolife.processes.supervisor_told import told as told_systemd

log = structlog.get_logger(__name__)
LOCK = 7_242_001
"""The number of the advisory lock; no other one in the database is asked for by a number of its own."""
LOCK_FILE = "scheduler.lock"
LOOK_EVERY_SECONDS = 1.0


@contextmanager
def turn(engine: Engine, data_dir: Path, stopping: threading.Event) -> Iterator[bool]:
    """Wait until no other scheduler works, then hold the right to. Gives False when told to stop while waiting.

    `stopping` is set when the right is lost, as when PostgreSQL goes away: whoever starts us starts us again.
    """
    if engine.dialect.name == "postgresql":
        yield from by_connection(engine, stopping)
    else:
        yield from by_file(data_dir, stopping)


def by_file(data_dir: Path, stopping: threading.Event) -> Iterator[bool]:
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield waited(lambda: locked(handle), stopping)
    finally:
        os.close(handle)


def locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def by_connection(engine: Engine, stopping: threading.Event) -> Iterator[bool]:
    held: list[Connection] = []
    try:
        mine = waited(lambda: taken(engine, held), stopping)
        if mine:
            threading.Thread(target=watch, args=(held[0], stopping), daemon=True, name="scheduler-turn").start()
        yield mine
    finally:
        stopping.set()
        for connection in held:
            with suppress(SQLAlchemyError):
                connection.invalidate()


def taken(engine: Engine, held: list[Connection]) -> bool:
    """Ask for the lock on a new connection, which keeps it. A database that is not there, or goes away, says no."""
    try:
        with ExitStack() as ours:
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            ours.callback(connection.close)
            if connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}).scalar():
                held.append(connection)
                ours.pop_all()
                return True
    except SQLAlchemyError as error:
        log.warning("scheduler_waits_for_database", kind=type(error).__name__)
    return False


def waited(take: Callable[[], bool], stopping: threading.Event) -> bool:
    told = False
    while not stopping.is_set():
        told_systemd.lives()
        if take():
            return True
        if not told:
            log.info("scheduler_waits", reason="another scheduler works")
            told = True
        stopping.wait(LOOK_EVERY_SECONDS)
    return False


def watch(connection: Connection, stopping: threading.Event) -> None:
    """Stop working as soon as the connection that holds the lock is gone: another scheduler may begin then."""
    while not stopping.wait(LOOK_EVERY_SECONDS):
        try:
            connection.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            log.error("scheduler_lost_its_turn", kind=type(error).__name__)
            stopping.set()
