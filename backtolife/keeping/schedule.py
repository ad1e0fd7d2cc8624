"""Backups by the clock: the scheduler looks every so often whether one is due."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.keeping.faults import NotKept
from backtolife.keeping.making import archives_in, make_backup
from backtolife.keeping.rules import Kind, Named
from backtolife.keeping.settings import BackupSettings
from backtolife.processes import beats

log = structlog.get_logger(__name__)


def due(archives: list[Named], backups: BackupSettings, now: datetime) -> Kind | None:
    """Which backup is due; None while the newest ones are young. A clock that was set back makes none wait."""
    if not backups.every_minutes:
        return None

    def older(kinds: tuple[Kind, ...], age: timedelta) -> bool:
        made = [each.made_at for each in archives if each.kind in kinds and each.made_at <= now]
        return not made or now - max(made) >= age

    if older(("full",), timedelta(hours=backups.files_every_hours)):
        return "full"
    return "database" if older(("full", "database"), timedelta(minutes=backups.every_minutes)) else None


def backing_up(
    engine: Engine, settings: Settings, backups: BackupSettings, now: Callable[[], datetime]
) -> Callable[[], None]:
    """A turn that makes the backup that is due, and says in the database when it was made."""

    def turn() -> None:
        moment = now()
        folder = backups.must()
        kind = due(list(archives_in(folder)), backups, moment)
        if kind is None:
            return
        try:
            made = make_backup(settings, backups, kind=kind, now=moment)
        except NotKept as error:
            log.error("backup_failed", kind=kind, reason=error.message)
            return
        with session_scope(engine) as db:
            beats.leave(db, name=beats.BACKUP, now=made.about.made_at)
        log.info("backup_made", kind=kind, let_go=len(made.let_go), bytes=made.path.stat().st_size)

    return turn
