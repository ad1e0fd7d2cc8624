"""A PostgreSQL for the tests: Debian's binaries, an unprivileged user, a socket in a folder of ours, no network."""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from backtolife.database.session import open_engine

ATTEMPTS, PAUSE_SECONDS = 900, 0.1
SETTINGS = ("-c", "listen_addresses=", "-c", "fsync=off")
"""Reached by nobody but us; what it holds is thrown away, so nothing waits for a disk."""
NOBODY = "nobody"
FOLDERS = (Path("/dev/shm"), Path("/tmp"))  # noqa: S108 - a socket's path must be short
ROOM_BYTES = 2 * 1024**3
"""Where memory has so much room the data is kept there: a busy disk makes a new database wait ten times as long."""


def binaries() -> Path:
    """Where Debian keeps the newest server. Without one the tests stop with a plain word: `make test` installs it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.fail("PostgreSQL is not installed. Run as root: make programs, or: apt-get install postgresql")
    return found[-1].parent


def as_nobody(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    nobody = pwd.getpwnam(NOBODY)
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", *command]


def folder_for_data() -> Path:
    """The first with room, else the last."""
    return next((each for each in FOLDERS if each.is_dir() and disk_usage(each).free >= ROOM_BYTES), FOLDERS[-1])


@contextmanager
def running_postgresql(folder: Path) -> Iterator[str]:
    """Yield the URL of a fresh server that ends with the block."""
    home = folder_for_data() / f"backtolife-postgresql-{os.getpid()}"
    home.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(home, NOBODY)
    data = home / "data"
    subprocess.run(
        as_nobody(
            [str(binaries() / "initdb"), "-A", "trust", "-U", "test", "-E", "UTF8", "--no-sync", "-D", str(data)]
        ),
        check=True,
        capture_output=True,
        cwd="/",
    )
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        as_nobody([str(binaries() / "postgres"), "-D", str(data), "-k", str(home), *SETTINGS]),
        stdout=log,
        stderr=log,
        cwd="/",
    )
    try:
        wait_until_it_answers(home)
        yield f"postgresql://test@/postgres?host={home}"
    finally:
        server.terminate()
        server.wait(timeout=90)
        log.close()
        shutil.rmtree(home, ignore_errors=True)


def wait_until_it_answers(home: Path) -> None:
    ready = [str(binaries() / "pg_isready"), "-h", str(home), "-U", "test", "-q"]
    for _ in range(ATTEMPTS):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(PAUSE_SECONDS)
    raise RuntimeError("PostgreSQL did not start. Its log is beside the test's temporary files.")


@contextmanager
def own_database(url: str, like: str = "template1") -> Iterator[str]:
    """A database of its own on the server at `url`, as the one called `like`; gone with the block. Yields its URL."""
    name = f"own_{uuid4().hex}"
    admin = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
    try:
        yield make_url(url).set(database=name).render_as_string()
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
