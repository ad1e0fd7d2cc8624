"""This machine: room on its disk, its clock, the programs it needs."""

import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from backtolife import clock
from backtolife.config import Settings, loopback
from backtolife.content.encoding.ffmpeg import find_ffmpeg
from backtolife.doctor.findings import Finding
from backtolife.errors import Conflict
from backtolife.processes.child_env import child_env

LITTLE_BYTES, TOO_LITTLE_BYTES = 5 * 1024**3, 500 * 1024**2
APART_SECONDS, FAR_APART_SECONDS = 5, 60
PATIENCE_SECONDS = 10
SET_CLOCK = "Turn on time by network: timedatectl set-ntp true. Links, codes and TURN go by the clock."


def disk(settings: Settings) -> Finding:
    """Write into DATA_DIR, and see how much room it has."""
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir) as tried:
            tried.write(b"\0" * 65536)
            tried.flush()
        free = shutil.disk_usage(settings.data_dir).free
    except OSError as error:
        do = "Set DATA_DIR to a folder that belongs to the user the processes run as, or make room."
        return Finding("disk", "wrong", f"{settings.data_dir} cannot be written: {error.strerror}.", do)
    said = f"{free / 1024**3:.1f} GB are free in {settings.data_dir}."
    if free < TOO_LITTLE_BYTES:
        return Finding("disk", "wrong", said, "Make room now: a full disk stops answers, mail and videos.")
    if free < LITTLE_BYTES:
        return Finding("disk", "warn", said, "Make room: a video needs about 1 GB while it is packaged.")
    return Finding("disk", "ok", said)


def clocks(engine: Engine, url: str) -> Finding:
    """Compare our clock with the database server's, or with that of a web server at `url`."""
    if url:
        other, whose = clock_of_site(url), url
    elif engine.dialect.name == "postgresql" and not here(engine):
        other, whose = clock_of_database(engine), "the database server"
    else:
        do = "Name a web server whose clock is right: backtolife doctor --clock https://…"
        return Finding("clock", "not checked", "There is no other clock to compare ours with.", do)
    if other is None:
        return Finding("clock", "not checked", f"{whose} tells no time.", "Name another web server with --clock.")
    apart = abs((clock.now() - other).total_seconds())
    said = f"Our clock and that of {whose} are {apart:.0f} seconds apart."
    if apart > FAR_APART_SECONDS:
        return Finding("clock", "wrong", said, SET_CLOCK)
    return Finding("clock", "warn", said, SET_CLOCK) if apart > APART_SECONDS else Finding("clock", "ok", said)


def here(engine: Engine) -> bool:
    """Whether the server is on this machine, and so has the same clock."""
    host = str(engine.url.query.get("host") or engine.url.host or "")
    return not host or host.startswith("/") or loopback(host)


def clock_of_database(engine: Engine) -> datetime | None:
    try:
        with engine.connect() as connection:
            found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    except SQLAlchemyError:
        return None
    return found.astimezone(UTC)


def clock_of_site(url: str) -> datetime | None:
    if not url.startswith(("https://", "http://")):
        return None
    asked = urllib.request.Request(url, method="HEAD")  # noqa: S310 - its scheme was looked at
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
            said = answer.headers.get("Date", "")
    except urllib.error.HTTPError as error:
        said = error.headers.get("Date", "")
    except OSError:
        return None
    try:
        return parsedate_to_datetime(said).astimezone(UTC)
    except ValueError:
        return None


def programs() -> Iterator[Finding]:
    yield ffmpeg()
    yield pango()


def ffmpeg() -> Finding:
    try:
        program = find_ffmpeg()
        done = subprocess.run(
            [program, "-version"], capture_output=True, text=True, timeout=30, check=False, env=child_env()
        )
    except (Conflict, OSError, subprocess.TimeoutExpired):
        return Finding("ffmpeg", "wrong", "There is no ffmpeg: videos stay unpackaged.", "apt-get install ffmpeg")
    if done.returncode:
        return Finding("ffmpeg", "wrong", f"{program} does not start.", "apt-get install --reinstall ffmpeg")
    return Finding("ffmpeg", "ok", done.stdout.splitlines()[0][:60])


def pango() -> Finding:
    try:
        import weasyprint  # noqa: PLC0415 - heavy, and in an extra
    except (ImportError, OSError):
        do = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        return Finding("pango", "warn", "Reports cannot be made as PDF.", do)
    return Finding("pango", "ok", f"Reports are made by WeasyPrint {weasyprint.__version__}.")
