"""The compiled statements of a test process: every test has an engine of its own, and all of them say the same."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MANY = 5000
KEPT: LRUCache[Any, Any] = LRUCache(MANY)
DIALECTS = (SQLiteDialect_pysqlite, PGDialect_psycopg)


def same_kind(one: object, other: object) -> bool:
    return type(one) is type(other)


def hash_of_kind(dialect: object) -> int:
    return hash(type(dialect))


def engines_of_a_kind_are_alike() -> None:
    """Have SQLAlchemy find what an earlier engine compiled: it looks by the dialect, which each engine makes anew."""
    for dialect in DIALECTS:
        dialect.__eq__ = same_kind  # type: ignore[method-assign, assignment]
        dialect.__hash__ = hash_of_kind  # type: ignore[method-assign, assignment]


def compiling_once(create: Callable[..., Engine]) -> Callable[..., Engine]:
    """The same engine in all else."""

    def created(*words: Any, **named: Any) -> Engine:
        engine = create(*words, **named)
        engine._compiled_cache = KEPT
        return engine

    return created
