"""A real LiveKit server, built from its Go module into the user's cache folder and never kept in the repository."""

import ipaddress
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from livekit import api

from backtolife.sessions.media.datapath.compiler import cache_dir
from tests.support.media.engine import KEY, SECRET, RunningEngine, free_port

MODULE, VERSION = "github.com/livekit/livekit-server", "v1.13.5"
"""The newest version whose module has no replacements, so that `go install` builds it as it is."""
SETTINGS = """port: {port}
bind_addresses: ["{host}"]
rtc:
  {{udp_port: {udp_port}, tcp_port: 0, use_external_ip: false, node_ip: {host}, enable_loopback_candidate: {loopback}}}
keys: {{"{key}": "{secret}"}}
prometheus: {{port: {figures_port}}}
audio: {{active_level: 60, min_percentile: 2}}
logging: {{level: warn}}
"""
"""`enable_loopback_candidate` makes it send from 127.0.0.1, also where that leads nowhere.
`audio`: Chromium's fake microphone beeps once a second, too seldom to be taken for speech otherwise."""
WEBHOOKS = """webhook: {{api_key: "{key}", urls: ["{webhooks}"]}}
"""
READY_WITHIN = 30.0


@dataclass
class LiveKit(RunningEngine):
    """A LiveKit server with the interface of our own engine; its figures have a port of their own."""

    figures_port: int = 0

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.figures_port}{path}", timeout=5) as answer:
            return str(answer.read().decode())

    async def sent(self, room: str) -> dict[str, list[int]]:
        """Who is in a room by the server's own word, with the sources that each sends there."""
        service = self.service()
        try:
            found = await service.room.list_participants(api.ListParticipantsRequest(room=room))
            return {one.identity: sorted(track.source for track in one.tracks) for one in found.participants}
        finally:
            await service.aclose()  # type: ignore[no-untyped-call]


def build() -> Path:
    """The server's program. Raises AssertionError where there is no Go, CalledProcessError where it does not build."""
    folder = cache_dir() / f"livekit-server-{VERSION}"
    if not (folder / "server").exists():
        go = shutil.which("go")
        assert go, "make interop builds a real LiveKit server from its Go module, and Go is missing. Install Go 1.26."
        folder.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "GOBIN": str(folder)}
        subprocess.run((go, "install", f"{MODULE}/cmd/server@{VERSION}"), check=True, env=environment)
    return folder / "server"


@contextmanager
def running_livekit(
    *,
    webhooks: str = "",
    key: str = KEY,
    secret: str = SECRET,
    host: str = "127.0.0.1",
    prefix: tuple[str, ...] = (),
    inside: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Iterator[LiveKit]:
    """A LiveKit server on free ports. `prefix` runs before it; it is looked for `inside` a network of its own."""
    program, port, udp_port, figures = build(), free_port(), free_port(socket.SOCK_DGRAM), free_port()
    places = {"port": port, "udp_port": udp_port, "figures_port": figures, "webhooks": webhooks, "host": host}
    loopback = str(ipaddress.ip_address(host).is_loopback).lower()
    with tempfile.TemporaryDirectory(prefix="livekit-") as folder:
        settings, log = Path(folder) / "livekit.yaml", Path(folder) / "log"
        words = SETTINGS + (WEBHOOKS if webhooks else "")
        settings.write_text(words.format(key=key, secret=secret, loopback=loopback, **places))
        with log.open("wb") as output:
            process = subprocess.Popen([*prefix, str(program), "--config", str(settings)], stdout=output, stderr=output)
        try:
            with inside():
                wait(host, port, process, log)
            yield LiveKit(process, port, udp_port, log, host, key=key, secret=secret, figures_port=figures)
        finally:
            process.terminate()
            process.wait()


def wait(host: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://{host}:{port}/", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The LiveKit server did not start: {log.read_text()}")
