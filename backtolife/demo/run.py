"""`backtolife demo`: everything on this machine, on SQLite, with made-up people, from one command."""

import contextlib
import os
import secrets
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from backtolife import clock
from backtolife.config import ROOT, Settings, from_environment, keep_private
from backtolife.database.migrating import migrate
from backtolife.database.session import open_engine, session_scope
from backtolife.demo import progress, seed
from backtolife.demo.supervisor import Supervisor, read_procfile
from backtolife.errors import Invalid
from backtolife.variables import LAST_PORT, number

ROLES = (
    ("Patient", "linda", "on a phone-sized window"),
    ("Patient 2", "maureen", "in another browser, to see the group"),
    ("Facilitator", "priya", "leads the session"),
    ("Spotter", "tom", "looks out for people"),
    ("Duty clinician", "dan", "safety tasks, and the rota"),
    ("Clinical lead", "grace", "results, the programme and safety tasks"),
    ("Service lead", "jo", "results as groups end, and downloads"),
    ("Administrator", "sam", "staff and groups"),
)
ANSWER_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 120.0
"""How often a running demo looks whether there is a session to join."""


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run() -> int:
    """Start the demo and stay until Ctrl-C. Raises Invalid when a port is taken."""
    environment = demo_environment()
    settings = from_environment(environment)
    for name in ("AUDIT_KEY", "DATA_KEY"):  # we put people in ourselves: on record, and encrypted in part
        os.environ[name] = environment[name]
    began = time.monotonic()
    say("Starting the demo…")
    prepare(settings)
    supervisor = Supervisor(read_procfile(ROOT / "Procfile"), environment, settings.data_dir / "logs", say)
    with ends_with_us(supervisor):
        supervisor.run(until=lambda: answers(settings) or time.monotonic() - began > ANSWER_SECONDS)
        if not supervisor.ending:
            with progress.session_1(settings) as ready:
                supervisor.run(until=ready)
        if not supervisor.ending:
            welcome(settings, time.monotonic() - began)
        supervisor.run(until=always_a_session(settings))
    say("Stopped. Nothing is left running.")
    return 0


def demo_environment() -> dict[str, str]:
    """The settings of the demo as environment variables; secrets are made once and kept in its folder."""
    port = number(os.environ, "PORT", 8000, least=1, most=LAST_PORT - 2)
    media, udp = (
        number(os.environ, name, port + more, least=1, most=LAST_PORT)
        for more, name in enumerate(("MEDIA_PORT", "MEDIA_UDP_PORT"), 1)
    )
    refuse_taken(port, socket.SOCK_STREAM, "PORT")
    refuse_taken(media, socket.SOCK_STREAM, "MEDIA_PORT")
    refuse_taken(udp, socket.SOCK_DGRAM, "MEDIA_UDP_PORT")
    folder = Path(os.environ.get("DATA_DIR") or Path.cwd() / "var" / "demo").resolve()
    keep_private(folder)
    return {
        **os.environ,
        "BACKTOLIFE_ENV": "demo",
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "MEDIA_PORT": str(media),
        "MEDIA_UDP_PORT": str(udp),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": kept_secret(folder / "secret-key"),
        "DATA_KEY": kept_secret(folder / "data-key"),
        "AUDIT_KEY": kept_secret(folder / "audit-key"),
        "LIVEKIT_API_SECRET": kept_secret(folder / "media-secret"),
        "MEDIA_WEBHOOK_URL": f"http://127.0.0.1:{port}/webhooks/media",
    }


def refuse_taken(port: int, kind: socket.SocketKind, name: str) -> None:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Invalid(
                f"Port {port} is taken. Choose another one, for example: make demo {name}={port + 100}"
            ) from None


def kept_secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def prepare(settings: Settings) -> None:
    """The newest tables, and people to try it with. What is there already stays."""
    engine = open_engine(settings.database_url)
    migrate(engine)
    engine.dispose()
    if fill(settings, clock.now()):
        say("Made-up people, groups and videos are in place.")


def fill(settings: Settings, now: datetime) -> bool:
    """Make what is missing at `now`; whether anything was."""
    engine = open_engine(settings.database_url)
    try:
        with session_scope(engine) as db:
            return seed.fill(db, settings=settings, now=now)
    finally:
        engine.dispose()


def always_a_session(settings: Settings) -> Callable[[], bool]:
    """A question that is never answered with yes. Every few minutes it makes a group to join where none is left."""
    looked = time.monotonic()

    def over() -> bool:
        nonlocal looked
        if time.monotonic() - looked >= LOOK_AGAIN_SECONDS:
            looked = time.monotonic()
            if fill(settings, clock.now()):
                say("A new group meets in ten minutes: the last one's session is over.")
        return False

    return over


def answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"{settings.public_url}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(settings: Settings, seconds: float) -> None:
    say(f"\nReady after {seconds:.0f} s. Open one of these:\n")
    for role, name, purpose in ROLES:
        say(f"  {role:<14} {settings.public_url}/demo/{name:<9} {purpose}")
    say(f"  {'Everybody':<14} {settings.public_url}/demo           all the people, and what each can show you")
    say(f"  {'Mailbox':<14} {settings.public_url}/mailbox      every message the demo would have sent\n")
    say("The other videos follow in the background: see Videos as facilitator. Ctrl-C stops everything.\n")


@contextlib.contextmanager
def ends_with_us(supervisor: Supervisor) -> Iterator[None]:
    """Ctrl-C and a polite kill end the demo; whatever happens, nothing is left running."""

    def end(*_: object) -> None:
        supervisor.ending = True

    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        supervisor.stop()
        for each, handler in before.items():
            signal.signal(each, handler)
