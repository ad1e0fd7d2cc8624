"""Which keys of ours a backup needs: a missing one is said before anything is changed."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from backtolife.database import keys
from backtolife.database.sealing import VERSION, is_closed, ours
from backtolife.database.session import opened
from backtolife.errors import Invalid
from backtolife.keeping.about import DATABASE, About
from backtolife.keeping.checking import refuse_broken_file
from backtolife.keeping.faults import NotKept
from backtolife.processes.child_env import child_env

MISSING = (
    "This backup was encrypted in part with a DATA_KEY that is not here{ids}. Nothing was changed. Set that key as "
    "DATA_KEY, or put it into DATA_KEY_OLD, then bring it back: without it nobody reads addresses, births and notes."
)
ROWS_END = "\\."


def refuse_missing_keys(folder: Path, about: About) -> None:
    """Raise Invalid where what is encrypted in the database of an archive opens with none of our keys."""
    copy = folder / DATABASE
    if about.dialect != "sqlite":
        found, closed = in_dump(copy), False
    else:
        refuse_broken_file(copy)
        with opened(f"sqlite:///{copy}") as engine:
            found, closed = keys.missing(engine), bool(keys.unopened(engine))
    if found or closed:
        raise Invalid(MISSING.format(ids=f" (its id is {', '.join(found)})" if found else ""))


def in_dump(copy: Path) -> list[str]:
    """The ids of keys that a dump of PostgreSQL needs and that are not ours. Raises NotKept without pg_restore."""
    needed = set()
    for table, row in rows_in(copy, "data_key", *keys.SEALED):
        value = row.get(keys.SEALED.get(table, "id"), "")
        if table == "data_key":
            needed.add(value)
        elif is_closed(value):
            needed.add(value.removeprefix(f"{VERSION}.").partition(".")[0])
    return sorted(needed - set(ours().key_ids))


def rows_in(copy: Path, *tables: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of these tables as pg_restore tells them, one after another."""
    program = shutil.which("pg_restore")
    if program is None:
        raise NotKept("pg_restore is not installed: apt-get install postgresql-client")
    words = [program, "--data-only", *(f"--table={each}" for each in tables), "--file=-", str(copy)]
    with subprocess.Popen(words, env=child_env(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as told:
        table, names = "", [""]
        for line in told.stdout or ():
            if line.startswith("COPY "):
                table = line.removeprefix("COPY ").split(" ", 1)[0].rpartition(".")[2]
                names = line.partition("(")[2].partition(")")[0].replace('"', "").split(", ")
            elif line.rstrip("\n") == ROWS_END:
                table = ""
            elif table:
                yield table, dict(zip(names, line.rstrip("\n").split("\t"), strict=True))
