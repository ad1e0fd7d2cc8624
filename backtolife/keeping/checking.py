"""Look through a backup without bringing it back."""

import hashlib
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.audit.chain import Fault, ends, verify
from backtolife.audit.heads import Head
from backtolife.database.migrating import knows, migrate
from backtolife.database.session import opened, reading
from backtolife.keeping import archive
from backtolife.keeping.about import DATABASE, About
from backtolife.keeping.faults import Damaged
from backtolife.keeping.making import sum_of
from backtolife.processes.child_env import child_env


def outer_shape(path: Path) -> bool:
    """Look at it from outside. True when its sum lies beside it and is right, False when there is none.

    Raises NoArchive or Damaged.
    """
    archive.refuse_no_shape(path)
    try:
        told = sum_of(path).read_text(encoding="ascii").partition(" ")[0]
    except (OSError, UnicodeDecodeError):
        return False
    with path.open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest() != told:
            raise Damaged(archive.CUT)
    return True


def whole(path: Path, key: Path) -> About:
    """Open it with the key, compare every part with its sum, and look into the database's copy.

    Raises NoArchive, WrongKey, Damaged or NewerBackup.
    """
    outer_shape(path)
    with tempfile.TemporaryDirectory(prefix="backtolife-verify-") as folder:
        target = Path(folder) / DATABASE

        def take(name: str, part: archive.Readable) -> None:
            if name == DATABASE:
                with target.open("wb") as handle:
                    shutil.copyfileobj(part, handle, archive.AT_ONCE)

        about = archive.read(path, archive.identity_in(key), take)
        refuse_no_database(target, about)
    return about


def refuse_no_database(copy: Path, about: About) -> None:
    """Raise Damaged when the database in an archive cannot be opened, or holds another audit log than it says."""
    if about.dialect == "sqlite":
        refuse_broken_file(copy)
        with opened(f"sqlite:///{copy}") as engine:
            refuse_other_ends(engine, about.heads)
            if knows(about.revision):
                migrate(engine)
                refuse_other_log(engine, about.heads)
        return
    with suppress(FileNotFoundError):  # where pg_restore is not installed, the sums must do
        listed = subprocess.run(["pg_restore", "--list", copy], env=child_env(), capture_output=True, check=False)  # noqa: S607
        if listed.returncode or b"audit_entry" not in listed.stdout:
            raise Damaged(f"pg_restore finds no database of ours in it. {archive.CUT}")


def refuse_broken_file(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as own:
            found = own.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise Damaged(f"The database in it is broken ({found}). {archive.CUT}")


def refuse_other_ends(engine: Engine, told: Sequence[Head]) -> None:
    """Raise Damaged unless each service's audit log ends where it ended when the backup was made."""
    with engine.connect() as connection:
        if ends(connection) != list(told):
            raise Damaged("The audit log does not end as it did when the backup was made. Take another backup.")


def refuse_other_log(engine: Engine, told: Sequence[Head]) -> None:
    """Raise Damaged unless each service's audit log is whole. Entries of a key that is not here are not looked at."""
    with Session(reading(engine)) as db:
        for head in told:
            found = verify(db, head.service_id, against=[head])
            if found.fault not in {None, Fault.NO_KEY}:
                raise Damaged(f"The audit log of service {head.service_id} is broken at entry {found.broken_at}.")


def unread_logs(engine: Engine, told: Sequence[Head]) -> bool:
    """Whether some entries were signed with a key that is not among the settings here."""
    with Session(reading(engine)) as db:
        return any(verify(db, head.service_id).fault is Fault.NO_KEY for head in told)
