"""SQLite without waiting for the disk: what a test writes is thrown away, and a power cut ends the test anyway."""

import functools
import sqlite3
from collections.abc import Callable

from sqlalchemy.pool import ConnectionPoolEntry

Prepare = Callable[[sqlite3.Connection, ConnectionPoolEntry], None]


def without_waiting(prepare: Prepare) -> Prepare:
    """The same connection in all else. Whether the product waits is tried by the power cuts of `make soak`."""

    @functools.wraps(prepare)
    def prepared(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    return prepared
