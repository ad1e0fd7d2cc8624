"""Watches, on PostgreSQL, that each request takes its locks in one order: in two orders, two requests would wait for
each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from flask import has_request_context
from sqlalchemy import Connection, Engine, event

LOCKS = "pg_advisory_xact_lock"
ORDER = (
    "organisation",
    "staff",
    "linked accounts",
    "second-step",
    "timetable",
    "waiting",
    "address",
    "merge",
    "cohort",
    "audit",
)
"""The wider one first, as decision 5 says; the log of a service is always the last."""
OTHERS = frozenset(
    {
        "adopt",
        "adopted_programme",
        "attendance",
        "battery",
        "blocked",
        "board",
        "calendar",
        "calls",
        "consent",
        "consent-text",
        "course",
        "draft",
        "emergency",
        "captions",
        "emergency-review",
        "forms",
        "goals",
        "group-session",
        "guests",
        "guides",
        "import",
        "incident",
        "looks",
        "map",
        "margin",
        "note",
        "packaging",
        "plans",
        "practice",
        "prescribed",
        "programme_draft",
        "rehearsals",
        "response",
        "retention",
        "rota",
        "service",
        "session-note",
        "stale",
        "tasks",
        "trial",
        "typed",
        "videos",
        "watching",
        "whole person",
    }
)
"""Which of two comes first is written down nowhere; the first request that takes both decides it for all others."""
LAST = ORDER[-1]


class WrongOrder(AssertionError):
    """A lock was taken after one that stands behind it."""


class Seen:
    """Which lock came after which in any request so far."""

    def __init__(self) -> None:
        self._after: dict[str, set[str]] = {wide: {then} for wide, then in pairwise(ORDER)}

    def leads(self, before: str, then: str) -> bool:
        """Whether some request waited for `then`, by way of others too, while it held `before`."""
        looked, waits = set[str](), [before]
        while waits:
            at = waits.pop()
            if at == then:
                return True
            if at not in looked:
                looked.add(at)
                waits.extend(self._after.get(at, ()))
        return False

    def take(self, before: str, then: str) -> None:
        """`then` is taken while `before` is held. Raises WrongOrder for a name that nobody put in order, and where the
        two come the other way round.
        """
        for name in (before, then):
            if name not in ORDER and name not in OTHERS:
                raise WrongOrder(f"{name} has no place in the order of locks: give it one.")
        if before == then:
            return
        if before == LAST or self.leads(then, before):
            raise WrongOrder(f"{then} is locked after {before}.")
        self._after.setdefault(before, set()).add(then)


SEEN = Seen()


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
    SEEN.take(kind_of(what), kind_of(what))
    for before in held:
        SEEN.take(kind_of(before), kind_of(what))
    connection.info[LOCKS] = connection.get_transaction(), [*held, what]


def kind_of(what: str) -> str:
    return what.partition(":")[0]


@contextmanager
def watched() -> Iterator[None]:
    """Every request on PostgreSQL, as long as the block runs."""
    event.listen(Engine, "before_cursor_execute", watch)
    yield
    event.remove(Engine, "before_cursor_execute", watch)
