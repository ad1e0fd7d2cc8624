"""Make a backup, and let go of those that the rule keeps no more."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from backtolife.config import Settings
from backtolife.keeping import archive
from backtolife.keeping.about import DATABASE, FILES, About, this_program
from backtolife.keeping.dumping import REPLACED, dumped
from backtolife.keeping.faults import NotKept
from backtolife.keeping.rules import Kind, Named, gone, named
from backtolife.keeping.settings import BackupSettings
from backtolife.processes.turn import LOCK_FILE

STAGING = "backing-up-"
"""So begins the folder in DATA_DIR that holds the copy of the database until it is in the archive."""
RESTORING = "restoring-"
UNFINISHED = ".part"
SUM = ".sha256"


@dataclass(frozen=True)
class Made:
    """What came of it."""

    path: Path
    about: About
    let_go: Sequence[Path]


def make_backup(settings: Settings, backups: BackupSettings, *, kind: Kind, now: datetime) -> Made:
    """Back up the database, and with kind `full` everything in DATA_DIR too.

    Raises NotKept when it does not come about: then there is no file with the name of a backup, and no part of one.
    """
    folder = backups.must()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            alone(folder),
            staging(settings.data_dir) as staged,
            dumped(settings.database_url, staged) as dump,
        ):
            clear_unfinished(folder)
            about = About(kind, now, this_program(), dump.revision, dump.dialect, dump.heads)
            parts = [archive.Part(DATABASE, dump.path)]
            if kind == "full":
                parts += files(settings, folder)
            path = folder / Named(now, kind).name
            keep(path, about, parts, backups.recipients)
        return Made(path, about, let_go(folder, backups))
    except OSError as error:
        raise NotKept(
            f"No backup was made: {error.strerror or error}. Look at BACKUP_DIR ({folder}) and DATA_DIR: is there "
            "room, and may we write?"
        ) from None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One backup at a time; the lock ends with its process."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise NotKept(
            "Another backup is being made just now. Wait for it, then look whether you need one more."
        ) from None
    finally:
        os.close(handle)


@contextmanager
def staging(data_dir: Path) -> Iterator[Path]:
    """A folder of our own beside the data, for the copy of the database; what an earlier fall left goes first."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in data_dir.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=STAGING, dir=data_dir) as made:
        yield Path(made)


def files(settings: Settings, backups: Path) -> Iterator[archive.Part]:
    """Everything in DATA_DIR but the database, locks, what restores put aside, and the backups themselves."""
    url, data_dir = make_url(settings.database_url), settings.data_dir
    database = Path(url.database or "").resolve() if url.get_backend_name() == "sqlite" else None
    for folder, names, found in os.walk(data_dir):
        at = Path(folder)
        names[:] = sorted(name for name in names if at / name != backups and not ours(at / name, data_dir))
        for path in (at / name for name in sorted(found)):
            if path.is_file() and not path.is_symlink() and path.name != LOCK_FILE and not belongs(path, database):
                yield archive.Part(FILES + path.relative_to(data_dir).as_posix(), path)


def belongs(path: Path, database: Path | None) -> bool:
    """Whether it is the SQLite file, or lies beside it as part of it."""
    return database is not None and path.parent == database.parent and path.name.startswith(database.name)


def ours(path: Path, data_dir: Path) -> bool:
    return path.parent == data_dir and path.name.startswith((STAGING, RESTORING, REPLACED))


def keep(path: Path, about: About, parts: Sequence[archive.Part], recipients: Sequence[str]) -> None:
    """Write it under another name; it gets its own once all of it is on the disk, after the file with its sum."""
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            digest = archive.write(handle, about, parts, recipients)
            handle.flush()
            os.fsync(handle.fileno())
        write_sum(path, digest)
        unfinished.rename(path)
    except BaseException:
        for left in (unfinished, sum_of(path)):
            left.unlink(missing_ok=True)
        raise
    settle(path.parent)


def sum_of(path: Path) -> Path:
    return path.with_name(path.name + SUM)


def write_sum(path: Path, digest: str) -> None:
    """As `sha256sum --check` reads it."""
    with sum_of(path).open("w", encoding="ascii") as handle:
        handle.write(f"{digest}  {path.name}\n")
        handle.flush()
        os.fsync(handle.fileno())


def settle(folder: Path) -> None:
    """Keep the folder's own list of names, also through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_unfinished(folder: Path) -> None:
    for left in folder.glob(f"backtolife-*{UNFINISHED}"):
        left.unlink(missing_ok=True)


def archives_in(folder: Path) -> dict[Named, Path]:
    """Every archive in `folder`, by what its name says."""
    found = {path: named(path.name) for path in folder.iterdir()} if folder.is_dir() else {}
    return {says: path for path, says in found.items() if says is not None}


def let_go(folder: Path, backups: BackupSettings) -> list[Path]:
    there = archives_in(folder)
    paths = [there[each] for each in sorted(gone(there, backups.kept))]
    for path in paths:
        path.unlink(missing_ok=True)
        sum_of(path).unlink(missing_ok=True)
    return paths
