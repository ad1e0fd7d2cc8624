"""A real LiveKit server, built from its Go module into the user's cache folder and never kept in the repository."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backtolife.sessions.media.hot import cache_dir
from tests.media_engine import KEY, SECRET, RunningEngine, free_port

MODULE, VERSION = "github.com/livekit/livekit-server", "v1.11.0"
SETTINGS = """port: {port}
bind_addresses: ["127.0.0.1"]
rtc: {{udp_port: {udp_port}, tcp_port: 0, use_external_ip: false, node_ip: 127.0.0.1, enable_loopback_candidate: true}}
keys: {{{key}: {secret}}}
logging: {{level: warn}}
"""
READY_WITHIN = 30.0


def build() -> Path:
    """The server's program. Raises AssertionError where there is no Go, CalledProcessError where it does not build."""
    target = cache_dir() / f"livekit-server-{VERSION}"
    if target.exists():
        return target
    go = shutil.which("go")
    assert go, "make interop builds the LiveKit server: install Go."
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for command in (
            ("mod", "init", "interop"),
            ("get", f"{MODULE}@{VERSION}"),
            ("build", "-mod=mod", "-o", str(target), f"{MODULE}/cmd/server"),
        ):
            subprocess.run((go, *command), cwd=folder, check=True)
    return target


@contextmanager
def running_livekit() -> Iterator[RunningEngine]:
    """A LiveKit server on free ports, with the interface of our engine's fixture."""
    program, port, udp_port = build(), free_port(), free_port(socket.SOCK_DGRAM)
    with tempfile.TemporaryDirectory(prefix="livekit-") as folder:
        settings, log = Path(folder) / "livekit.yaml", Path(folder) / "log"
        settings.write_text(SETTINGS.format(port=port, udp_port=udp_port, key=KEY, secret=SECRET))
        with log.open("wb") as output:
            command = [str(program), "--config", str(settings)]
            process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ})
        try:
            wait(port, process, log)
            yield RunningEngine(process, port, udp_port, log)
        finally:
            process.terminate()
            process.wait()


def wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The LiveKit server did not start: {log.read_text()}")
