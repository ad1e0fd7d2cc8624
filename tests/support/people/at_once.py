"""Several people who change something in the same moment, each in a transaction of their own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.database.session import session_scope
from backtolife.errors import BacktolifeError

Change = Callable[[Session], object]


def at_once(engine: Engine, *changes: Change) -> Sequence[str]:
    """All begun before any goes on. Returns what each was refused with."""
    start = Barrier(len(changes))

    def make(change: Change) -> str:
        start.wait()
        try:
            with session_scope(engine) as db:
                change(db)
        except BacktolifeError as error:
            return error.message
        return ""

    with ThreadPoolExecutor(len(changes)) as pool:
        return list(pool.map(make, changes))
