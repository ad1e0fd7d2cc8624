"""What rows held before a migration stays in pages of an SQLite file that are free, until the file is written again.

That this is still to be done stands in the file itself, written with the migration: it is tried until it is done.
"""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from backtolife.database.session import reading

log = structlog.get_logger(__name__)
NOTHING, LEFT = 0, 1
"""What SQLite keeps for us in `user_version`, a number that means nothing to itself."""
NIGHT_HOUR = 3


def leave(connection: Connection) -> None:
    """Say that the file holds what rows held before; with the transaction that changes them."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {LEFT}")


def are_left(engine: Engine) -> bool:
    """Whether words that rows no longer hold may still be read in the file."""
    if engine.dialect.name != "sqlite":
        return False
    with reading(engine).connect() as connection:
        return bool(connection.exec_driver_sql("PRAGMA user_version").scalar_one() != NOTHING)


def clear(engine: Engine) -> bool:
    """Write the file again without them, where some are left. False where that could not be done now: somebody reads
    an older state, the file is locked, the disk is full.
    """
    if not are_left(engine):
        return True
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA query_only = 0")
        raw.info["query_only"] = 0
        cursor.execute("VACUUM")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            return False
        cursor.execute(f"PRAGMA user_version = {NOTHING}")
    except sqlite3.OperationalError:
        return False
    finally:
        raw.close()
    return True


def clearing(engine: Engine, clock: Callable[[], datetime]) -> Callable[[], None]:
    """A turn that tries it at once, and then each night: who writes waits meanwhile."""
    tried: list[datetime] = []

    def turn() -> None:
        night = clock().replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
        due = night if clock() >= night else night - timedelta(days=1)
        if not tried or tried[-1] < due:
            tried[:] = [clock()]
            if not clear(engine):
                log.warning("leftovers_not_cleared")

    return turn
