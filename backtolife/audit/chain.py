"""Whether each service's entries still fit together, and still reach as far as they once did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy import Row as Read

from backtolife.audit.entries import FIRST_HASH, AuditEntry, covered, hash_of
from backtolife.audit.heads import Head
from backtolife.audit.keys import key_of
from backtolife.audit.linking import link
from backtolife.database.session import Db

AT_ONCE = 2000
"""So many entries are read together: a long log fills no memory and holds no lock."""


class Fault(StrEnum):
    """What is wrong with the first entry that does not fit."""

    CHANGED = "it was changed, or made without the key"
    MISSING = "an entry before it is missing"
    NO_KEY = "it was made with a key that is not in AUDIT_KEY or AUDIT_KEY_OLD"
    UNSIGNED = "it was made without a key, after others that have one"
    SHORTER = "the log ended later once: this entry is gone, or another one stands in its place"


@dataclass(frozen=True)
class Verdict:
    """What was found in one service's log."""

    service_id: str
    entries: int
    """How many fit, counted from the first."""
    head: Head | None
    """The last of them; None for an empty log."""
    broken_at: int | None = None
    fault: Fault | None = None


def verify(db: Db, service_id: str, *, against: Iterable[Head] = ()) -> Verdict:
    """Read the whole log of a service. With `against`, also whether it still holds the entries that once were last."""
    number, last, signed = 0, FIRST_HASH, False
    known = {each.number: each.hash for each in against}
    for entry in entries_of(db, service_id):
        fault = misfit(entry, number + 1, last, signed)
        if fault is not None:
            return Verdict(service_id, number, head_of(service_id, number, last), number + 1, fault)
        number, last, signed = entry.number, entry.hash, bool(entry.key_mark)
        if known.get(number, last) != last:
            return Verdict(service_id, number, head_of(service_id, number, last), number, Fault.SHORTER)
    head = head_of(service_id, number, last)
    if number < max(known, default=0):
        return Verdict(service_id, number, head, number + 1, Fault.SHORTER)
    return Verdict(service_id, number, head)


def head_of(service_id: str, number: int, last: str) -> Head | None:
    return Head(service_id, number, last) if number else None


def misfit(entry: Any, number: int, previous: str, signed: bool) -> Fault | None:
    """Why `entry` does not fit as the one called `number`; entries from before there were keys come first."""
    if entry.number != number:
        return Fault.MISSING
    if signed and not entry.key_mark:
        return Fault.UNSIGNED
    key = key_of(entry.key_mark) if entry.key_mark else None
    if entry.key_mark and key is None:
        return Fault.NO_KEY
    fits = entry.previous_hash == previous and entry.hash == hash_of(covered(entry), key)
    return None if fits else Fault.CHANGED


def entries_of(db: Db, service_id: str) -> Iterator[Read[Any]]:
    """Every entry in its order, as it stands in the database now."""
    link(db)
    db.flush()
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    number = 0
    while True:
        wanted = select(table).where(table.c.service_id == service_id, table.c.number > number)
        found = db.connection().execute(wanted.order_by(table.c.number).limit(AT_ONCE)).all()
        yield from found
        if len(found) < AT_ONCE:
            return
        number = found[-1].number


def ends(connection: Connection) -> list[Head]:
    """Where the log of each service ends, in every schema there was: what must be there again after a loss."""
    table = AuditEntry.__table__  # type: ignore[attr-defined]
    newest = select(table.c.service_id, func.max(table.c.number).label("number")).group_by(table.c.service_id)
    last = newest.subquery()
    wanted = select(table.c.service_id, table.c.number, table.c.hash).join(
        last, (table.c.service_id == last.c.service_id) & (table.c.number == last.c.number)
    )
    return [Head(*row) for row in connection.execute(wanted.order_by(table.c.service_id))]
