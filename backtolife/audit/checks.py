"""What each night's reading of the log found."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Boolean, String, column, select, table
from sqlmodel import Field, col
from sqlmodel import select as select_rows

from backtolife.audit.chain import Verdict
from backtolife.audit.heads import Head
from backtolife.database.session import Db, Row, UTCDateTime

NIGHT_HOUR = 2
TOLD_FOR = timedelta(days=14)
"""So long after it administrators read of a broken log, also where the next night found it whole again."""


class AuditCheck(Row, table=True):
    """One row: the log of a service was read through."""

    __tablename__ = "audit_check"

    at: datetime = Field(sa_type=UTCDateTime)
    entries: int
    head_hash: str = Field(default="", sa_type=String(64))
    """Of the last entry that fits; empty for an empty log."""
    broken_at: int | None = None
    fault: str = Field(default="", sa_type=String(40))

    @property
    def head(self) -> Head | None:
        """Where the log ended then."""
        return Head(self.service_id, self.entries, self.head_hash) if self.head_hash else None


def logs_in(db: Db) -> dict[str, str]:
    """Each service that has a log to keep, with its name; a rehearsal's goes with the rehearsal."""
    service = table("service", column("id"), column("name"), column("rehearsal", Boolean))
    wanted = select(service.c.id, service.c.name).where(service.c.rehearsal.is_(False)).order_by(service.c.name)
    return {row.id: row.name for row in db.connection().execute(wanted)}


def newest(db: Db, service_id: str) -> AuditCheck | None:
    wanted = select_rows(AuditCheck).where(AuditCheck.service_id == service_id)
    return db.exec(wanted.order_by(col(AuditCheck.at).desc()).limit(1)).first()


def keep(db: Db, found: Verdict, *, now: datetime) -> AuditCheck:
    """Put what was found beside the log."""
    check = AuditCheck(
        service_id=found.service_id,
        at=now,
        entries=found.entries,
        head_hash=found.head.hash if found.head is not None else "",
        broken_at=found.broken_at,
        fault=found.fault.name.lower() if found.fault is not None else "",
    )
    db.add(check)
    db.flush()
    return check


def trouble(db: Db, service_id: str, *, now: datetime) -> AuditCheck | None:
    """The newest check of these days that found the log broken."""
    wanted = select_rows(AuditCheck).where(
        AuditCheck.service_id == service_id, col(AuditCheck.broken_at).is_not(None), AuditCheck.at > now - TOLD_FOR
    )
    return db.exec(wanted.order_by(col(AuditCheck.at).desc()).limit(1)).first()


def last_night(now: datetime) -> datetime:
    """The moment at which the newest check was due."""
    tonight = now.astimezone(UTC).replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if now >= tonight else tonight - timedelta(days=1)
