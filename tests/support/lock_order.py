"""Watches, on PostgreSQL, that each request takes its locks in one order: in two orders, two requests would wait for
each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import has_request_context
from sqlalchemy import Connection, Engine, event

LOCKS = "pg_advisory_xact_lock"
ORDER = ("timetable", "merge", "address", "waiting", "cohort", "audit")
"""The wider one first, as decision 5 says; the log of a service is always the last. Others are taken alone."""
LAST = ORDER[-1]


class WrongOrder(AssertionError):
    """A lock was taken after one that stands behind it."""


def watch(connection: Connection, *given: Any) -> None:
    statement, parameters = given[1], given[2]
    if LOCKS not in statement or not has_request_context():
        return
    kind = str(parameters["what"]).partition(":")[0]
    begun, held = connection.info.get(LOCKS, (None, []))
    if begun is not connection.get_transaction():
        held = []
    for before in held:
        if before != kind and not right(before, kind):
            raise WrongOrder(f"{kind} is locked after {before}.")
    connection.info[LOCKS] = connection.get_transaction(), [*held, kind]


def right(before: str, then: str) -> bool:
    if before == LAST:
        return False
    return before not in ORDER or then not in ORDER or ORDER.index(before) < ORDER.index(then)


@contextmanager
def watched() -> Iterator[None]:
    """Every request on PostgreSQL, as long as the block runs."""
    event.listen(Engine, "before_cursor_execute", watch)
    yield
    event.remove(Engine, "before_cursor_execute", watch)
