"""The product really running: `web` under gunicorn and `media`, on free ports, with a database of their own.

with running_house(tmp_path) as house:
    with house.database() as db: ...            # make people and groups
    cookies = house.sign_in(person)             # for a browser or a socket client
    house.web.kill(); house.web.start()         # as a power cut would, and again
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlmodel import Session

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import DEVELOPMENT_MEDIA_KEY, DEVELOPMENT_SECRET, ROOT, Settings, from_environment
from backtolife.database.session import metadata, open_engine, session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from tests.support.network.blocked import refuse_blocked

PATIENCE_SECONDS = 180.0
"""A process that starts beside much else on two cores takes its time."""
MOST_THREADS = 64


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Process:
    """One process of ours, started, stopped and killed by its own id."""

    command: list[str]
    environ: dict[str, str]
    health: str
    log: Path
    running: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with its log when it does not."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, env={**os.environ, **self.environ}, cwd=ROOT, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and self.running.poll() is None:
            try:
                with urllib.request.urlopen(self.health, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"{self.command[2]} did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """End it at once, with every worker, as a crash would."""
        if self.running is None:
            return
        # The parent first: a worker that dies alone is started again at once, and would outlive both on our port.
        children = children_of(self.running.pid)
        self.running.kill()
        self.running.wait()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.running = None

    def stop(self) -> None:
        """Ask it to end, and make sure that it does."""
        if self.running is None:
            return
        self.running.terminate()
        try:
            self.running.wait(8)
        except subprocess.TimeoutExpired:
            self.kill()
        self.running = None


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


@dataclass
class House:
    """What runs, and how to get at it from a test."""

    settings: Settings
    app: Flask
    """The same application in this process, for signing cookies and asking the database; it serves nobody."""
    web: Process
    media: Process

    @property
    def url(self) -> str:
        return self.settings.public_url

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A handle that commits when the block ends well."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def sign_in(self, person: Person, *, joins_only: bool = False) -> dict[str, str]:
        """Cookies of a browser in which this person is signed in."""
        with self.database() as db:
            token = signin.begin(db, person=person, now=clock.now(), joins_only=joins_only)
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return {self.app.config["SESSION_COOKIE_NAME"]: serializer.dumps({"signed_in": token})}

    def browser_cookies(self, person: Person, *, joins_only: bool = False) -> list[dict[str, str]]:
        """The same in the form that playwright's `add_cookies` wants."""
        cookies = self.sign_in(person, joins_only=joins_only)
        return [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]


@contextmanager
def running_house(
    folder: Path,
    *,
    port: int = 0,
    media_port: int = 0,
    udp_port: int = 0,
    media: bool = True,
    environment: str = "test",
    other: dict[str, str] | None = None,
) -> Iterator[House]:
    """Start web and (unless told not to) media in `folder`; both end with the block. `other` goes over our settings."""
    web_port, media_port = port or free_port(), media_port or free_port()
    environ = {
        "BACKTOLIFE_ENV": environment,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'house.db'}",
        "PUBLIC_URL": f"http://127.0.0.1:{web_port}",
        "MEDIA_PORT": str(media_port),
        "LIVEKIT_API_KEY": DEVELOPMENT_MEDIA_KEY,
        "LIVEKIT_API_SECRET": DEVELOPMENT_SECRET,
        "MEDIA_WEBHOOK_URL": f"http://127.0.0.1:{web_port}/webhooks/media",
        **(other or {}),
    }
    settings = from_environment(environ)
    folder.mkdir(parents=True, exist_ok=True)
    make_database(settings)
    app = create_app(settings, {"TESTING": True})
    house = House(settings, app, web_process(environ, web_port, folder), media_process(environ, udp_port, folder))
    try:
        if media:
            house.media.start()
        house.web.start()
        yield house
        refuse_blocked(app)
    finally:
        house.web.stop()
        house.media.stop()
        app.extensions["backtolife.engine"].dispose()


def make_database(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    metadata.create_all(engine)
    engine.dispose()


def web_process(environ: dict[str, str], port: int, folder: Path) -> Process:
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-k",
        "backtolife.web.worker.Worker",
        "-w",
        "1",
        "--threads",
        environ.get("WEB_THREADS", str(MOST_THREADS)),
    ]
    command += [
        "--graceful-timeout",
        "2",
        "--no-control-socket",
        "-b",
        f"127.0.0.1:{port}",
        "backtolife.app:served()",
    ]
    return Process(command, environ, f"http://127.0.0.1:{port}/healthz", folder / "web.log")


def media_process(environ: dict[str, str], udp_port: int, folder: Path) -> Process:
    udp_port = udp_port or free_port(socket.SOCK_DGRAM)
    command = [sys.executable, "-m", "backtolife.sessions.media", "--port", environ["MEDIA_PORT"]]
    command += ["--udp-port", str(udp_port)]
    return Process(command, environ, f"http://127.0.0.1:{environ['MEDIA_PORT']}/healthz", folder / "media.log")
