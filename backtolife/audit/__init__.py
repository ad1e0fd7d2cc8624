"""Who did what to whom: a log that only grows, and in which a change shows."""

from backtolife.audit.entries import Acting, AuditEntry
from backtolife.audit.recording import ON_RECORD, record

__all__ = ["ON_RECORD", "Acting", "AuditEntry", "record"]
