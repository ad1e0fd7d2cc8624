"""One entry of the log. Entries are only ever added, each holds the hash of the one before, and nobody is anonymous."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from backtolife.audit.keys import AuditKey
from backtolife.database.session import Row, UTCDateTime

FIRST_HASH = "0" * 64


class Acting(Protocol):
    """Whoever acts: a signed-in person, or a named part of the system."""

    @property
    def id(self) -> str: ...

    @property
    def service_id(self) -> str: ...

    @property
    def role_used(self) -> str:
        """The role in which they act; empty for who has none."""
        ...


class AuditEntry(Row, table=True):
    """One row: at `at`, `actor_id` did `action` to `subject_id` in the role that let them.

    `hash` covers the row and the hash before it; with the key, so that nobody makes it who only has the database.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("service_id", "number"),)

    number: int
    at: datetime = Field(sa_type=UTCDateTime)
    actor_id: str = Field(sa_type=String(64))
    actor_role: str = Field(default="", sa_type=String(40))
    """Of a person: the role they used. Empty for a part of the system, and in rows from before roles were named."""
    action: str = Field(sa_type=String(64), index=True)
    subject_type: str = Field(sa_type=String(64))
    subject_id: str = Field(sa_type=String(64), index=True)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    previous_hash: str = Field(sa_type=String(64))
    hash: str = Field(sa_type=String(64))
    key_mark: str = Field(default="", sa_type=String(16), sa_column_kwargs={"server_default": ""})
    """Of the key it was made with. Empty from before there were keys; the first one after covers them all."""


def hash_of(words: bytes, key: AuditKey | None) -> str:
    """Over everything in an entry but its own hash: by the key, or plain as before there were keys."""
    return key.sign(words) if key is not None else hashlib.sha256(words).hexdigest()


def covered(entry: Any) -> bytes:
    """What the hash covers, from an entry or from its columns; the time in UTC, as it is read again."""
    fields = [
        entry.service_id,
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        json.dumps(entry.detail, sort_keys=True),
        entry.previous_hash,
        *([entry.actor_role] if entry.actor_role else []),
        *([f"key {entry.key_mark}"] if entry.key_mark else []),
    ]
    return json.dumps(fields).encode()
