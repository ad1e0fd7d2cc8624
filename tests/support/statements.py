"""Counts the statements that ask a database for something: what grows with the rows is seen before it is slow."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event


@contextmanager
def statements_of(engine: Engine | Connection) -> Iterator[list[str]]:
    """Yield the list that each statement is added to while the block runs."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        del connection, cursor, rest
        if not statement.startswith(("PRAGMA", "BEGIN", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
