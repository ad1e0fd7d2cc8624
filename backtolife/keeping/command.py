"""The parts of the `backtolife` command that keep what people entrusted to us."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from backtolife import clock
from backtolife.config import from_environment
from backtolife.errors import Conflict, Invalid

STILL_BACK = (
    "Until then whoever was erased since this backup is back. Set that key, and run this before anybody signs in: "
    "backtolife erase replay"
)


class Afterwards(Protocol):
    """What else a restore has to do; made before anything changes."""

    def run(self) -> str:
        """Do it. Returns what to say about it."""


def add_to(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    replaying: Callable[[Sequence[Path]], Afterwards],
) -> None:
    """Add backup, restore, verify and backup-key. Whom `replaying` knows of is erased again after a restore."""
    backup = commands.add_parser("backup", help="back up the database and the videos into BACKUP_DIR, encrypted")
    backup.add_argument("--database-only", action="store_true", help="leave the videos to another backup")
    backup.add_argument("--keep", metavar="RULE", help="which backups stay, such as daily=14,weekly=8; all keeps each")
    backup.set_defaults(run=make)
    verify = commands.add_parser("verify", help="look through a backup without bringing it back")
    verify.add_argument("archive", type=Path, metavar="FILE")
    verify.add_argument("--key", type=Path, metavar="FILE", help="the private key; without it only the outer shape")
    verify.set_defaults(run=look_through)
    restore = commands.add_parser("restore", help="bring a backup back, into a place that is empty")
    restore.add_argument(
        "archives", type=Path, metavar="FILE", nargs="+", help="a backup; a newer one of the database alone beside it"
    )
    restore.add_argument("--key", type=Path, metavar="FILE", required=True, help="the private key")
    restore.add_argument("--replace", action="store_true", help="put what is there aside")
    restore.add_argument(
        "--erasures",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="erasures.jsonl, where it is not in DATA_DIR or AUDIT_HEADS_DIR: whoever it names is erased again",
    )
    restore.set_defaults(run=partial(bring_back, replaying), every_table=True)
    key = commands.add_parser("backup-key", help="make a key for backups; prints the public one")
    key.add_argument("file", type=Path, metavar="FILE", help="where the private one goes; keep it somewhere else")
    key.set_defaults(run=make_key)


def make(arguments: argparse.Namespace) -> int:
    from backtolife.keeping.making import make_backup
    from backtolife.keeping.rules import Kind
    from backtolife.keeping.settings import read

    environ = {**os.environ, **({"BACKUP_KEEP": arguments.keep} if arguments.keep else {})}
    kind: Kind = "database" if arguments.database_only else "full"
    made = make_backup(from_environment(), read(environ), kind=kind, now=clock.now())
    for old in made.let_go:
        print(f"let go: {old.name}", file=sys.stderr)
    print(made.path)
    return 0


def look_through(arguments: argparse.Namespace) -> int:
    from backtolife.keeping.checking import outer_shape, whole

    if arguments.key is None:
        summed = outer_shape(arguments.archive)
        print(
            "From outside it is whole: its sum is right. With --key it is opened and read as well."
            if summed
            else "It begins and ends as a backup does. Whether all of it is there, its .sha256 file or --key tells."
        )
        return 0
    about = whole(arguments.archive, arguments.key)
    print(
        f"It is whole: {about.kind}, of {said(about.made_at)}, made by version {about.program} with the schema "
        f"{about.revision} on {about.dialect}."
    )
    for head in about.heads:
        print(f"audit log of service {head.service_id}: {head.number} entries")
    return 0


def bring_back(replaying: Callable[[Sequence[Path]], Afterwards], arguments: argparse.Namespace) -> int:
    from backtolife.keeping.bringing_back import restore

    now, afterwards = clock.now(), replaying(arguments.erasures)
    found = restore(from_environment(), arguments.archives, arguments.key, replace=arguments.replace, now=now)
    print("The database is back, and its audit log goes as far as it did.")
    if found.unread:
        print("It was signed with an AUDIT_KEY that is not here: set that one, then run backtolife audit verify.")
    print(
        f"Everything saved before {said(found.about.made_at)} is there. What was saved after that is lost: "
        f"{at_most(now - found.about.made_at)} at the most."
    )
    if found.files_of is None:
        print("This backup holds no videos: what was in DATA_DIR stayed as it was.")
    else:
        print(f"The videos are those of {said(found.files_of)}.")
    if found.aside:
        print(f"What was here before is now in {found.aside}, in DATA_DIR or the database. Delete it once all is well.")
    return erase_again(afterwards)


def erase_again(afterwards: Afterwards) -> int:
    """Erase whoever was erased since. Where what is encrypted does not open, they are back until somebody goes on."""
    try:
        print(afterwards.run())
    except Invalid as error:
        print(f"{error.message} {STILL_BACK}", file=sys.stderr)
        return 1
    return 0


def said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def at_most(lost: timedelta) -> str:
    """In words, rounded up."""
    minutes = max(1, -(-int(lost.total_seconds()) // 60))
    if minutes < 120:
        return f"{minutes} minute" + "s" * (minutes > 1)
    hours = -(-minutes // 60)
    return f"{hours} hours" if hours < 48 else f"{-(-hours // 24)} days"


def make_key(arguments: argparse.Namespace) -> int:
    from backtolife.keeping.settings import MISSING

    try:
        import pyrage
    except ImportError:
        raise Invalid(MISSING) from None
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        with os.fdopen(os.open(arguments.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(f"# public key: {public}\n{identity}\n")
    except FileExistsError:
        raise Conflict(f"{arguments.file} is there already, and may hold the only key to older backups.") from None
    except OSError as error:
        raise Invalid(f"{arguments.file} cannot be written: {error.strerror}.") from None
    print(public)
    return 0
