"""A real media engine in a process of its own, for every test that needs sound and picture."""

import datetime
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from livekit import api

KEY, SECRET = "test-key", "a-secret-that-only-the-tests-use-1234567"
READY_WITHIN = 90.0


@dataclass
class RunningEngine:
    """A started engine. `url` is for clients, `api_url` for RoomService."""

    process: subprocess.Popen[bytes]
    port: int
    udp_port: int
    log: Path
    host: str = "127.0.0.1"
    key: str = KEY
    secret: str = SECRET

    @property
    def url(self) -> str:
        return f"ws://{self._place}"

    @property
    def api_url(self) -> str:
        return f"http://{self._place}"

    @property
    def _place(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def token(
        self,
        identity: str,
        room: str,
        *,
        attributes: dict[str, str] | None = None,
        minutes: float = 60,
        **grants: object,
    ) -> str:
        """A token for `identity` in `room`; `grants` are those of VideoGrants."""
        video = api.VideoGrants(room_join=True, room=room, **grants)  # type: ignore[arg-type]
        token = api.AccessToken(self.key, self.secret).with_identity(identity).with_name(identity).with_grants(video)
        token = token.with_attributes(attributes or {})
        return token.with_ttl(datetime.timedelta(minutes=minutes)).to_jwt()

    def service(self) -> api.LiveKitAPI:
        """RoomService as the application calls it; close it with `aclose`."""
        return api.LiveKitAPI(self.api_url, self.key, self.secret)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.api_url + path, timeout=5) as answer:
            return str(answer.read().decode())

    def metric(self, name: str, **labels: str) -> float:
        """The sum of all figures of this name whose labels agree."""
        total = 0.0
        for line in self.get("/metrics").splitlines():
            head, _, value = line.rpartition(" ")
            given, _, rest = head.partition("{")
            if given == name and all(f'{key}="{wanted}"' in rest for key, wanted in labels.items()):
                total += float(value)
        return total

    def stop(self) -> int:
        """Ask it to stop, and wait; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_engine(
    *,
    port: int = 0,
    udp_port: int = 0,
    webhooks: str = "",
    host: str = "127.0.0.1",
    prefix: tuple[str, ...] = (),
    **options: object,
) -> RunningEngine:
    """Start an engine and wait until it is healthy. `options` become command line options; `prefix` runs before it."""
    port, udp_port = port or free_port(), udp_port or free_port(socket.SOCK_DGRAM)
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    environment = {
        **os.environ,
        "LIVEKIT_API_KEY": KEY,
        "LIVEKIT_API_SECRET": SECRET,
        "MEDIA_WEBHOOK_URL": webhooks,
        "PYTHONUNBUFFERED": "1",
    }
    log = Path(tempfile.mkstemp(prefix="media-engine-", suffix=".log")[1])
    command = [*prefix, sys.executable, "-m", "backtolife.sessions.media"]
    command += ["--host", host, "--port", str(port), "--udp-port", str(udp_port), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    engine = RunningEngine(process, port, udp_port, log, host)
    if not prefix:
        wait_until_healthy(engine)
    return engine


def wait_until_healthy(engine: RunningEngine) -> None:
    """Raises RuntimeError with the engine's own words when it does not come up."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and engine.process.poll() is None:
        try:
            engine.get("/healthz")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The engine did not start: {engine.log.read_text()}")


@contextmanager
def running_engine(*, webhooks: str = "", **options: object) -> Iterator[RunningEngine]:
    """An engine on free ports, stopped at the end. It must stop cleanly and must not have logged an error."""
    engine = start_engine(webhooks=webhooks, **options)  # type: ignore[arg-type]
    try:
        yield engine
        engine.stop()
        words = engine.log.read_text()
        assert engine.process.returncode == 0, words
        assert "Traceback" not in words and '"level": "error"' not in words, words
    finally:
        if engine.process.poll() is None:
            engine.process.kill()
            engine.process.wait()
        engine.log.unlink()
