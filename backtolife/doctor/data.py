"""The database and what is said in it: its schema, the scheduler's last beat, the last backup."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from backtolife.config import Settings
from backtolife.database import keys, leftovers
from backtolife.database.migrating import knows, newest_revision, revision_of
from backtolife.database.session import impatient, reading
from backtolife.doctor.findings import Finding
from backtolife.errors import Invalid
from backtolife.keeping import settings as backup_settings
from backtolife.keeping.making import archives_in
from backtolife.keeping.settings import BackupSettings
from backtolife.processes import beats

SILENT_AFTER = timedelta(seconds=60)
OLD_BACKUP = timedelta(hours=26)
PATIENCE_SECONDS = 5.0
LATE_TURNS = 3
LEFT_IN_FILE = Finding(
    "leftovers",
    "warn",
    "The database's file may still hold words from before they were encrypted, in parts that are free.",
    "Stop web, media and scheduler, and run: backtolife migrate",
)


def database(engine: Engine, settings: Settings, now: datetime) -> Iterator[Finding]:
    """The database, its schema and the scheduler; only the first line where nothing can be asked."""
    try:
        with impatient(engine, PATIENCE_SECONDS) as db:
            revision = revision_of(db.connection())
            if revision:
                db.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).splitlines()[0][:120]
        do = "Look at DATABASE_URL and DATA_DIR: does the server run, and may this user write there?"
        yield Finding("database", "wrong", f"It cannot be written: {said}", do)
        return
    yield Finding("database", "ok", f"{engine.dialect.name} takes what is written.")
    yield schema(revision)
    if revision:
        yield data_keys(engine)
        if leftovers.are_left(engine):
            yield LEFT_IN_FILE
        yield scheduler(engine, now)


def schema(revision: str) -> Finding:
    newest = newest_revision()
    if revision == newest:
        return Finding("schema", "ok", f"It is the newest one, {newest}.")
    if not knows(revision):
        do = "Install the newer version again, or bring back a backup from before it."
        return Finding("schema", "wrong", f"Schema {revision} belongs to a newer version of the program.", do)
    if not revision:
        do = "Where this is a new service: backtolife migrate. To bring back an older one: backtolife restore"
        return Finding("schema", "wrong", "It has no tables.", do)
    said = f"The database has the schema {revision}, and this program needs {newest}."
    return Finding("schema", "wrong", said, "Make a backup, then: backtolife migrate")


def data_keys(engine: Engine) -> Finding:
    """Whether what is encrypted here opens."""
    gone = keys.missing(engine)
    if gone:
        do = "Set it as DATA_KEY, or put it into DATA_KEY_OLD. Without it nobody reads addresses, births and notes."
        said = f"A key that the database was encrypted with is missing (id {', '.join(gone)})."
        return Finding("data keys", "wrong", said, do)
    if keys.older(engine):
        said = "The change of the key is not finished: some of it is still closed with an older one."
        do = "Run: backtolife keys rotate. Until then somebody who is recorded twice may not be noticed."
        return Finding("data keys", "warn", said, do)
    if closed := keys.unopened(engine):
        said = f"What is encrypted in {', '.join(closed)} was encrypted with another DATA_KEY."
        return Finding("data keys", "wrong", said, "Set that one as DATA_KEY, or put it into DATA_KEY_OLD.")
    return Finding("data keys", "ok", "What is encrypted opens.")


def scheduler(engine: Engine, now: datetime) -> Finding:
    do = "Start the scheduler (systemctl start backtolife-scheduler). Until then no mail leaves, also none to duty."
    try:
        with Session(reading(engine)) as db:
            last = db.get(beats.Beat, beats.SCHEDULER)
    except SQLAlchemyError:
        return Finding("scheduler", "wrong", "Its last beat cannot be read.", "Run backtolife migrate.")
    if last is None:
        return Finding("scheduler", "wrong", "It has never run on this database.", do)
    silent = now - last.at
    if silent > SILENT_AFTER:
        return Finding("scheduler", "wrong", f"It has been silent since {last.at:%Y-%m-%d %H:%M} UTC.", do)
    return Finding("scheduler", "ok", f"It was well {max(0, int(silent.total_seconds()))} seconds ago.")


def backups(now: datetime) -> Finding:
    """How old the newest backup is."""
    try:
        chosen = backup_settings.read()
        folder = chosen.must()
    except Invalid as error:
        return Finding("backups", "warn", "No backups are made.", error.message)
    try:
        made = [each.made_at for each in archives_in(folder)]
    except OSError as error:
        return Finding("backups", "wrong", f"{folder} cannot be read: {error.strerror}.", "Look at BACKUP_DIR.")
    if not made:
        return Finding("backups", "wrong", f"There is no backup in {folder}.", "Make one: backtolife backup")
    age, said = now - max(made), f"The newest is of {max(made):%Y-%m-%d %H:%M} UTC."
    if age > oldest(chosen):
        do = "Look into the log of the scheduler or of the timer for why none is made, and make one: backtolife backup"
        return Finding("backups", "wrong", said, do)
    return Finding("backups", "ok", said)


def oldest(chosen: BackupSettings) -> timedelta:
    """Older than this, one was missed."""
    return timedelta(minutes=chosen.every_minutes * LATE_TURNS) if chosen.every_minutes else OLD_BACKUP
