"""Who did what to whom: a log that only grows, and in which a change shows."""

from backtolife.audit.entries import ON_RECORD, Acting, AuditEntry, record

__all__ = ["ON_RECORD", "Acting", "AuditEntry", "record"]
