"""What a newer version will change here, before it does: migrations, time, disk, the way back, and who runs what."""

import json
import shutil
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version

from sqlalchemy import Connection, func, select, table, text

from backtolife.config import Settings
from backtolife.database.migrating import refuse_newer, revision_of
from backtolife.database.session import opened, reading
from backtolife.database.waiting_migrations import Changes, changes_since, waiting
from backtolife.doctor.data import data_keys
from backtolife.doctor.findings import Finding
from backtolife.errors import Invalid
from backtolife.keeping import settings as backup_settings
from backtolife.keeping.making import archives_in
from backtolife.release import release
from backtolife.variables import port

ROWS_A_SECOND = 20_000
"""Of a table that is made anew: a careful guess for a small machine that does much else, and no measured figure."""
LONG = timedelta(minutes=1)
FRESH = timedelta(hours=1)
TIMES = 2
"""A table that is made anew is there twice, and once more in what the database keeps to be able to go back."""
PATIENCE_SECONDS = 5.0
MB = 1024**2


def looks(settings: Settings, environ: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Every line. Raises Conflict where the database belongs to a newer version than this one."""
    with opened(settings.database_url) as engine, reading(engine).connect() as connection:
        refuse_newer(connection)
        revision = revision_of(connection)
        yield Finding("program", "ok", f"This is version {version('backtolife')}, {release()}.")
        steps = waiting(revision)
        if not revision:
            yield Finding("schema", "ok", "The database has no tables yet.", "Make them: backtolife migrate")
        elif not steps:
            yield Finding("schema", "ok", f"It is the newest one, {revision}: nothing will change.")
        else:
            yield Finding("schema", "ok", f"It is {revision}, and {len(steps)} of {steps[-1].revision} are to come:")
            yield from (Finding(each.revision, "ok", each.said) for each in steps)
            changes = changes_since(revision)
            yield expands(changes)
            rows = sum(count(connection, name) * times for name, times in changes.gone_through.items())
            yield time_needed(rows, changes)
            yield disk_needed(connection, settings, changes)
            yield way_back(now)
        if revision:
            yield data_keys(engine)
    yield from processes(settings, environ, waits=bool(revision and steps))


def expands(changes: Changes) -> Finding:
    if not changes.narrowed:
        said = "They only add: the version before can work on beside it until it is started again."
        return Finding("expands", "ok", said)
    do = "Stop web, media and scheduler before: backtolife migrate"
    return Finding("expands", "warn", f"The version before would fall over: {'; '.join(changes.narrowed)}.", do)


def count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def time_needed(rows: int, changes: Changes) -> Finding:
    lasts = timedelta(seconds=1 + rows // ROWS_A_SECOND)
    named = [name + (f" ({times} times)" if times > 1 else "") for name, times in sorted(changes.gone_through.items())]
    where = f" in {', '.join(named)}" if named else ""
    said = f"About {int(lasts.total_seconds())} seconds: {rows} rows{where} are gone through."
    if lasts <= LONG:
        return Finding("time", "ok", said)
    return Finding("time", "warn", said, "Nobody can save anything meanwhile: choose an hour without sessions.")


def disk_needed(connection: Connection, settings: Settings, changes: Changes) -> Finding:
    """What the database may need for a while besides what it has."""
    if connection.dialect.name == "postgresql":
        sized = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
        held = sum(int(connection.execute(sized, {"name": name}).scalar_one()) for name in changes.gone_through)
        do = "Look there yourself: this program does not see that disk."
        return Finding("space", "not checked", f"PostgreSQL may need {-(-held * TIMES // MB)} MB for a while.", do)
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    needed, free = int(pages) * int(size) * TIMES, shutil.disk_usage(settings.data_dir).free
    said = f"It may need {-(-needed // MB)} MB for a while, and {free // MB} MB are free."
    if free > needed:
        return Finding("space", "ok", said)
    return Finding("space", "wrong", said, f"Make room on the disk of {settings.data_dir} first.")


def way_back(now: datetime) -> Finding:
    """A backup is the only one."""
    do = "Make one now: backtolife backup"
    try:
        made = [each.made_at for each in archives_in(backup_settings.read().must())]
    except Invalid as error:
        return Finding("backup", "wrong", "There is no way back: no backups are made.", error.message)
    except OSError as error:
        return Finding("backup", "wrong", f"The backups cannot be read: {error.strerror}.", "Look at BACKUP_DIR.")
    if not made:
        return Finding("backup", "wrong", "There is no way back: no backup was ever made.", do)
    said = f"The newest backup is of {max(made):%Y-%m-%d %H:%M} UTC."
    return Finding("backup", "ok", said) if now - max(made) <= FRESH else Finding("backup", "wrong", said, do)


def processes(settings: Settings, environ: Mapping[str, str], *, waits: bool) -> Iterator[Finding]:
    """Which version each of the three runs. Before the migration it may be the one before, and after it not."""
    host = environ.get("HOST") or "127.0.0.1"
    addresses = {"web": f"http://{host}:{port(environ, 'PORT', 8000)}", "media": settings.media_api_url}
    if scheduler := port(environ, "SCHEDULER_PORT", 0):
        addresses["scheduler"] = f"http://{host}:{scheduler}"
    for name, address in addresses.items():
        runs = release_at(address)
        if not runs:
            yield Finding(name, "not checked", f"Nothing of ours answers at {address}: it is stopped, or elsewhere.")
        elif runs == release():
            yield Finding(name, "ok", "It runs this version.")
        elif waits:
            yield Finding(name, "ok", f"It runs another version, {runs}.", "Start it again after the migration.")
        else:
            yield Finding(name, "warn", f"It still runs another version, {runs}.", "Start it again.")


def release_at(address: str) -> str:
    """The release that the process there tells; empty where none of ours answers."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - our own
            return str(json.loads(answer.read()).get("release", "an older one"))
    except (OSError, ValueError, AttributeError):
        return ""
