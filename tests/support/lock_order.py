"""Watches, on PostgreSQL, that each request takes its locks in one order: in two orders, two requests would wait for
each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import has_request_context
from sqlalchemy import Connection, Engine, event

LOCKS = "pg_advisory_xact_lock"
ORDER = ("timetable", "waiting", "address", "merge", "cohort", "audit")
"""The wider one first, as decision 5 says; the log of a service is always the last. Others are taken alone."""
LAST = ORDER[-1]


class WrongOrder(AssertionError):
    """A lock was taken after one that stands behind it."""


def watch(connection: Connection, *given: Any) -> None:
    statement, parameters = given[1], given[2]
    if LOCKS not in statement or not has_request_context():
        return
    what = str(parameters["what"])
    begun, held = connection.info.get(LOCKS, (None, []))
    if begun is not connection.get_transaction():
        held = []
    if what in held:  # it is ours already: nobody is waited for
        return
    for before in held:
        if not right(kind_of(before), kind_of(what)):
            raise WrongOrder(f"{kind_of(what)} is locked after {kind_of(before)}.")
    connection.info[LOCKS] = connection.get_transaction(), [*held, what]


def kind_of(what: str) -> str:
    return what.partition(":")[0]


def right(before: str, then: str) -> bool:
    if before == LAST:
        return then == LAST
    return before not in ORDER or then not in ORDER or ORDER.index(before) <= ORDER.index(then)


@contextmanager
def watched() -> Iterator[None]:
    """Every request on PostgreSQL, as long as the block runs."""
    event.listen(Engine, "before_cursor_execute", watch)
    yield
    event.remove(Engine, "before_cursor_execute", watch)
