"""What is done is put on record, in the transaction that does it."""

from datetime import datetime
from typing import Any

from backtolife.audit.entries import Acting, AuditEntry
from backtolife.audit.keys import keys
from backtolife.audit.linking import link_later
from backtolife.database.session import Db
from backtolife.errors import NotPermitted

ON_RECORD = "on record"
"""Said in the `info` of a handle with which something was put on record."""


def record(
    db: Db, *, actor: Acting | None, action: str, subject_type: str, subject_id: str, now: datetime, **detail: Any
) -> AuditEntry:
    """Add one entry; `detail` holds ids and plain values, never names or answers. It has its number and its hash once
    the transaction ends.

    Raises NotPermitted without an actor.
    """
    if actor is None or not actor.id:
        raise NotPermitted("Nobody is signed in, so this change cannot be made.")
    db.flush()
    key = keys()[0]
    entry = AuditEntry(
        service_id=actor.service_id,
        number=0,
        at=now,
        actor_id=actor.id,
        actor_role=actor.role_used,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        detail=detail,
        previous_hash="",
        hash="",
        key_mark=key.mark,
    )
    link_later(db, entry, key)
    db.info[ON_RECORD] = True
    return entry
