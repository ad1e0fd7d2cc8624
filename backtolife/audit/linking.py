"""Entries are linked to the ones before as their transaction ends. The lock on a service's log is so always the last
one that is taken: whoever holds it waits for nobody, and nobody holds it while pages go on working.
"""

from collections import defaultdict

from sqlalchemy import ClauseElement, Executable, event
from sqlalchemy.orm import ORMExecuteState, SessionTransaction
from sqlalchemy.sql.visitors import iterate
from sqlmodel import col, select

from backtolife.audit.entries import FIRST_HASH, AuditEntry, covered, hash_of
from backtolife.audit.keys import AuditKey
from backtolife.database.session import Db, one_at_a_time

WAITING = "entries that wait to be linked"
STARTS = "how many waited as a part of the transaction began"
Waiting = list[tuple[AuditEntry, AuditKey]]


def link_later(db: Db, entry: AuditEntry, key: AuditKey) -> None:
    """Keep the entry until the transaction ends, or the log is read in it."""
    if WAITING not in db.info:
        db.info[WAITING], db.info[STARTS] = [], {}
        event.listen(db, "before_commit", link_at_the_end)
        event.listen(db, "do_orm_execute", link_before_it_is_read)
        event.listen(db, "after_transaction_create", begin_part)
        event.listen(db, "after_soft_rollback", forget_part)
        event.listen(db, "after_transaction_end", forget_all)
    if not db.in_transaction():
        db.begin()
    db.info[WAITING].append((entry, key))


def link(db: Db) -> None:
    """Give each entry that waits its number and its hash. Nothing else may be locked after this."""
    waiting: Waiting = db.info.get(WAITING, [])
    if not waiting:
        return
    db.flush()
    by_service = defaultdict(list)
    for entry, key in waiting:
        by_service[entry.service_id].append((entry, key))
    waiting.clear()
    for service_id, entries in sorted(by_service.items()):
        one_at_a_time(db, f"audit:{service_id}")
        newest = select(AuditEntry.number, AuditEntry.hash).where(AuditEntry.service_id == service_id)
        found = db.exec(newest.order_by(col(AuditEntry.number).desc()).limit(1)).first()
        number, previous = found or (0, FIRST_HASH)
        for entry, key in entries:
            number += 1
            entry.number, entry.previous_hash = number, previous
            previous = entry.hash = hash_of(covered(entry), key)
            db.add(entry)
    db.flush()


def forget(db: Db, service_id: str) -> None:
    """A service goes with all that is in it, and its log too: what waits for that log is not written."""
    waiting: Waiting = db.info.get(WAITING, [])
    waiting[:] = [(entry, key) for entry, key in waiting if entry.service_id != service_id]


def link_at_the_end(db: Db) -> None:
    if not db.in_nested_transaction():
        link(db)


def link_before_it_is_read(state: ORMExecuteState) -> None:
    if state.session.info[WAITING] and state.is_select and reads_log(state.statement):
        link(state.session)  # type: ignore[arg-type] # every handle of ours is a Db


def reads_log(statement: Executable) -> bool:
    if not isinstance(statement, ClauseElement):
        return False
    return any(getattr(each, "name", "") == AuditEntry.__tablename__ for each in iterate(statement))


def begin_part(db: Db, part: SessionTransaction) -> None:
    db.info[STARTS][part] = len(db.info[WAITING])


def forget_part(db: Db, part: SessionTransaction) -> None:
    """What was put on record in a part that was taken back, was not."""
    if part.nested:
        del db.info[WAITING][db.info[STARTS].get(part, 0) :]


def forget_all(db: Db, part: SessionTransaction) -> None:
    if part.parent is None:
        db.info[STARTS].clear()
        db.info[WAITING].clear()
