"""Each night the audit log is read through, and where it ends is told to another place."""

from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import Engine

from backtolife.audit import checks
from backtolife.audit.chain import Fault, Verdict, verify
from backtolife.audit.heads import Head, lines_of, newest_heads, write_heads
from backtolife.config import Settings
from backtolife.database.session import reading, session_scope
from backtolife.errors import Invalid
from backtolife.mail import delivery

log = structlog.get_logger(__name__)
SUBJECT = "Where the audit log ended"
WORDS = (
    "Keep this message. It shows later whether entries were taken off the end of the audit log of {name}.\n"
    "Save it as text, and give it to: backtolife audit verify --against FILE\n\n{lines}"
)


def check_logs(engine: Engine, settings: Settings, now: datetime) -> int:
    """Read each log that was not read since last night. Returns how many were broken."""
    with session_scope(reading(engine)) as db:
        every = checks.logs_in(db)
        before = {each: checks.newest(db, each) for each in every}
    due = checks.last_night(now)
    wanted = [each for each, check in before.items() if check is None or check.at < due]
    if not wanted:
        return 0
    outside = known_outside(settings.audit_heads_dir)
    for service_id in outside.keys() - every.keys():
        log.error("audit_log_gone", service_id=service_id)
    found = []
    for service_id in wanted:
        check = before[service_id]
        known = [check.head if check is not None else None, outside.get(service_id)]
        with session_scope(reading(engine)) as db:
            found.append(verify(db, service_id, against=[each for each in known if each is not None]))
        keep(engine, settings, found[-1], every[service_id], now)
    if settings.audit_heads_dir is not None:
        ends = outside | {each.service_id: each.head for each in found if each.head is not None}
        tell_folder(settings.audit_heads_dir, list(ends.values()), now)
    return sum(each.broken_at is not None for each in found)


def known_outside(folder: Path | None) -> dict[str, Head]:
    """Where each log ended when the folder was last written to; a folder that is away keeps no log from being read."""
    try:
        return newest_heads(folder)
    except (OSError, Invalid) as error:
        log.error("audit_heads_not_read", kind=type(error).__name__)
        return {}


def keep(engine: Engine, settings: Settings, found: Verdict, name: str, now: datetime) -> None:
    """Beside the log, in ours, and by mail."""
    if found.broken_at is not None and found.fault is not None:
        log.error(
            "audit_log_broken", service_id=found.service_id, entry=found.broken_at, fault=found.fault.name.lower()
        )
    else:
        log.info("audit_log_whole", service_id=found.service_id, entries=found.entries)
    with session_scope(engine) as db:
        checks.keep(db, found, now=now)
        if settings.audit_heads_mail and found.head is not None:
            broken = f"{words_of(found.broken_at, found.fault)}\n\n" if found.broken_at is not None else ""
            delivery.queue(
                db,
                service_id=found.service_id,
                key=f"audit-head:{now:%Y-%m-%d}",
                address=settings.audit_heads_mail,
                subject=SUBJECT,
                body=broken + WORDS.format(name=name, lines=lines_of([found.head])),
                now=now,
            )


def words_of(broken_at: int, fault: Fault | None) -> str:
    return f"THE LOG IS BROKEN at entry {broken_at}: {fault}."


def tell_folder(folder: Path, heads: list[Head], now: datetime) -> None:
    """A folder that is away stops nothing: what was found is kept already."""
    try:
        write_heads(folder, heads, now=now)
    except OSError as error:
        log.error("audit_heads_not_written", reason=error.strerror or type(error).__name__)
