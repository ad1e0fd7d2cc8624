"""Bring a backup back: look through all of it first, put it in place, migrate, and see that the audit log is whole."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from backtolife.config import Settings, keep_private
from backtolife.database.migrating import knows, migrate
from backtolife.database.session import opened
from backtolife.errors import Conflict
from backtolife.keeping import archive
from backtolife.keeping.about import DATABASE, FILES, INSTALL, About
from backtolife.keeping.checking import (
    outer_shape,
    refuse_no_database,
    refuse_other_ends,
    refuse_other_log,
    unread_logs,
)
from backtolife.keeping.dumping import REPLACED
from backtolife.keeping.faults import NewerBackup
from backtolife.keeping.making import RESTORING
from backtolife.keeping.needed_keys import refuse_missing_keys
from backtolife.keeping.places import in_the_way, put_aside, put_file, put_tables, quiet, refuse_full


@dataclass(frozen=True)
class Restored:
    """What is there again."""

    about: About
    """Of the archive that the database came from."""
    files_of: datetime | None
    """When the videos were backed up; None where no archive held any."""
    aside: str
    """Where what was there before is now; empty where nothing was."""
    unread: bool
    """Whether the audit log was signed with a key that is not here."""


def restore(settings: Settings, archives: Sequence[Path], key: Path, *, replace: bool, now: datetime) -> Restored:
    """Bring back the database of the newest of `archives`, and the files of the newest full one.

    Raises an error of `keeping.faults`; nothing that was there is changed before every archive was read to its end.
    """
    keep_private(settings.data_dir)
    aside = f"{REPLACED}{now:%Y%m%dt%H%M%S%f}"
    with opened(settings.database_url) as engine, quiet(engine, settings):
        if not replace:
            refuse_full(engine, settings.data_dir)
        try:
            with tempfile.TemporaryDirectory(prefix=RESTORING, dir=settings.data_dir) as folder:
                unpacked = [unpack(path, key, Path(folder) / str(place)) for place, path in enumerate(archives)]
                newest = max(unpacked, key=lambda each: each.about.made_at)
                refuse_unfit(newest.about, engine)
                refuse_missing_keys(newest.folder, newest.about)
                refuse_no_database(newest.folder / DATABASE, newest.about)
                full = max(
                    (each for each in unpacked if each.about.kind == "full"),
                    key=lambda each: each.about.made_at,
                    default=None,
                )
                put_database(engine, settings, newest, aside)
                if full is not None:
                    put_files(engine, settings, full.folder / FILES, aside)
        except OSError as error:
            raise Conflict(
                f"It could not be brought back: {error.strerror or error}. Look at DATA_DIR: is there room for the "
                "backup twice, and may we write?"
            ) from None
        with opened(settings.database_url) as filled:
            refuse_other_ends(filled, newest.about.heads)
            migrate(filled)
            refuse_other_log(filled, newest.about.heads)
            unread = unread_logs(filled, newest.about.heads)
        put = aside if put_aside(engine, settings.data_dir, aside) else ""
    return Restored(newest.about, full.about.made_at if full is not None else None, put, unread)


@dataclass(frozen=True)
class Unpacked:
    """An archive, read to its end and found whole."""

    about: About
    folder: Path


def unpack(path: Path, key: Path, into: Path) -> Unpacked:
    outer_shape(path)

    def take(name: str, part: archive.Readable) -> None:
        target = into / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("xb") as handle:
            shutil.copyfileobj(part, handle, archive.AT_ONCE)

    into.mkdir(mode=0o700)
    return Unpacked(archive.read(path, archive.identity_in(key), take), into)


def refuse_unfit(about: About, engine: Engine) -> None:
    """Raise NewerBackup for a schema that this program does not know, Conflict for the other kind of database."""
    if not knows(about.revision):
        raise NewerBackup(
            f"This backup was made by version {about.program}, with the schema {about.revision}, which this version "
            f"does not know. {INSTALL}"
        )
    if about.dialect != engine.dialect.name:
        raise Conflict(
            f"This backup is of {about.dialect}, and DATABASE_URL names {engine.dialect.name}. Set DATABASE_URL to a "
            f"database of {about.dialect}."
        )


def put_database(engine: Engine, settings: Settings, newest: Unpacked, aside: str) -> None:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        put_file(engine, newest.folder / DATABASE, settings.data_dir / aside)
    else:
        put_tables(engine, settings.database_url, newest.folder / DATABASE, aside)


def put_files(engine: Engine, settings: Settings, files: Path, aside: str) -> None:
    """Each folder and file at its place; what is there under DATA_DIR goes aside first."""
    for old in in_the_way(engine, settings.data_dir):
        (settings.data_dir / aside).mkdir(mode=0o700, exist_ok=True)
        old.rename(settings.data_dir / aside / old.name)
    for new in sorted(files.iterdir()) if files.is_dir() else ():
        new.rename(settings.data_dir / new.name)
