"""A page asks for the same rows in several of its parts: the database is asked once, until the page writes."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import FrozenResult, Result, Select, event
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

OPTIONS = frozenset({"yield_per", "stream_results", "populate_existing"})
"""Who asks so wants the rows as they are now, or too many of them to keep."""

Answers = dict[Hashable, FrozenResult[Any]]
Listener = Callable[[Hashable, Select[Any]], Result[Any] | None]


def ask_once(db: Session) -> Session:
    """Answer a question that `db` has asked in this transaction from memory. What it writes, locks or begins anew ends
    that: then everything is asked again.
    """
    answers: Answers = {}
    db.info[ask_once] = answers

    def answer(state: ORMExecuteState) -> Result[Any] | None:
        if not state.is_select or locks(state) or db.new or db.dirty or db.deleted:
            answers.clear()  # others wrote before the lock, or what was changed is written before the question is asked
            return None
        key = question(state)
        if key is None:
            return None
        if key not in answers:
            ahead: Listener | None = db.info.get(asked_ahead)
            if ahead and isinstance(state.statement, Select) and (found := ahead(key, state.statement)):
                return found
            answers[key] = state.invoke_statement().freeze()
        return answers[key]()

    event.listen(db, "do_orm_execute", answer)
    event.listen(db, "after_flush", lambda *_: answers.clear())
    event.listen(db, "after_transaction_create", lambda *_: answers.clear())
    event.listen(db, "after_transaction_end", lambda *_: answers.clear())
    return db


def asks_once(db: Session) -> bool:
    """Whether `db` answers what it asked before from memory: that of a page does."""
    return ask_once in db.info


def asks_ahead(db: Session) -> bool:
    """Whether somebody listens to what `db` is asked, to ask it together with more."""
    return asked_ahead in db.info


def ask_again(db: Session) -> None:
    """Forget the answers: others may have written before the lock that was just taken."""
    db.info.get(ask_once, {}).clear()


@contextmanager
def asked_ahead(db: Session, listener: Listener) -> Iterator[None]:
    """Let `listener` answer what is asked in this block and not known yet, where it can; nothing where `db` does not
    ask once.
    """
    db.info[asked_ahead] = listener
    try:
        yield
    finally:
        del db.info[asked_ahead]


def kept(db: Session) -> Answers:
    """The answers at hand; what is put here counts as asked."""
    found: Answers = db.info[ask_once]
    return found


def of_rows(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> FrozenResult[Any]:
    """An answer made of rows that came in another way."""
    found: Result[Any] = IteratorResult(SimpleResultMetaData(names), iter(rows))
    return found.freeze()


def locks(state: ORMExecuteState) -> bool:
    """Whether rows are read FOR UPDATE."""
    return isinstance(state.statement, Select) and state.statement._for_update_arg is not None


def question(state: ORMExecuteState) -> Hashable | None:
    """What a statement asks for with these values; None where it must go to the database each time."""
    asked = state.statement
    if not isinstance(asked, Select) or OPTIONS & state.execution_options.keys():
        return None
    if state.is_column_load or state.is_relationship_load:
        return None
    made = asked._generate_cache_key()  # as SQLAlchemy's own examples of caching do
    if made is None:
        return None
    values = tuple(plain(each.effective_value) for each in made.bindparams)
    given = state.parameters if isinstance(state.parameters, dict) else {}
    return made.key, values, tuple(sorted((name, plain(value)) for name, value in given.items()))


def plain(value: object) -> Hashable:
    """A value by which a question can be told from another; the many of an IN are a list."""
    return tuple(plain(each) for each in value) if isinstance(value, list | tuple | set) else value
