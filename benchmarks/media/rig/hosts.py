"""Two hosts with a bad network between them, in network namespaces: client 10.77.0.2, server 10.77.0.1. Needs root."""

import contextlib
import ctypes
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from secrets import token_hex

from benchmarks.media.rig import offload
from benchmarks.media.rig.impair import CONTROL_PORT

SERVER, CLIENT = "10.77.0.1", "10.77.0.2"
READY_WITHIN = 10.0
TELL = (
    "import socket,sys; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(2); "
    f"s.sendto(sys.argv[1].encode(),('127.0.0.1',{CONTROL_PORT})); print(s.recv(2000).decode())"
)


def available() -> bool:
    """Whether this machine lets us make network namespaces."""
    return os.geteuid() == 0 and shutil.which("ip") is not None


class Rig:
    """`network` impairs the link; `client` and `server` are prefixes for commands on either side."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.folder = Path(tempfile.mkdtemp(prefix="media-rig-"))
        self.client = ("ip", "netns", "exec", f"{name}c")
        self.server = ("ip", "netns", "exec", f"{name}s")
        self._wan = ("ip", "netns", "exec", f"{name}w")
        self._bridge: subprocess.Popen[bytes] | None = None

    def up(self) -> None:
        name = self._name
        for side in "cws":
            run("ip", "netns", "add", f"{name}{side}")
        for side in "cs":
            run("ip", "link", "add", f"{name}{side}0", "type", "veth", "peer", "name", f"{name}w{side}")
            run("ip", "link", "set", f"{name}{side}0", "netns", f"{name}{side}")
            run("ip", "link", "set", f"{name}w{side}", "netns", f"{name}w")
        for side, address in (("c", CLIENT), ("s", SERVER)):
            run("ip", "-n", f"{name}{side}", "addr", "add", f"{address}/24", "dev", f"{name}{side}0")
        ends = (("c", f"{name}c0"), ("w", f"{name}wc"), ("w", f"{name}ws"), ("s", f"{name}s0"))
        for side, device in ends:
            run("ip", "-n", f"{name}{side}", "link", "set", "lo", "up")
            run("ip", "-n", f"{name}{side}", "link", "set", device, "up")
            with namespace(f"{name}{side}"):
                offload.end(device)
        bridge = (sys.executable, "-m", "benchmarks.media.rig.impair", f"{name}wc", f"{name}ws")
        self._bridge = subprocess.Popen((*self._wan, *bridge))
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(subprocess.CalledProcessError):
                self.network()
                return
            time.sleep(0.1)
        raise RuntimeError("The bad network did not come up.")

    def network(self, **impairment: float) -> dict[str, float]:
        """Change the link (see `impair`); its settings and counters."""
        told = subprocess.run(
            (*self._wan, sys.executable, "-c", TELL, json.dumps(impairment)), capture_output=True, check=True
        )
        result: dict[str, float] = json.loads(told.stdout)
        return result

    def wrapper(self, program: str, side: tuple[str, ...]) -> str:
        """A program of its own that runs `program` on one side (`client` or `server`)."""
        path = self.folder / f"on-{side[-1]}"
        path.write_text(f'#!/bin/sh\nexec {" ".join(side)} {program} "$@"\n')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    def inside(self) -> AbstractContextManager[None]:
        """Sockets that this thread opens meanwhile belong to the server's side. Do not await in here."""
        return namespace(self.server[-1])

    def down(self) -> None:
        if self._bridge is not None:
            self._bridge.kill()
            self._bridge.wait()
        for side in "cws":
            subprocess.run(("ip", "netns", "del", f"{self._name}{side}"), capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def namespace(name: str) -> Iterator[None]:
    """Sockets that this thread opens meanwhile belong to this network namespace. Do not await in here."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/proc/self/ns/net").open() as home, Path(f"/var/run/netns/{name}").open() as there:
        enter(libc, there.fileno())
        try:
            yield
        finally:
            enter(libc, home.fileno())


def enter(libc: ctypes.CDLL, namespace: int) -> None:
    if libc.setns(namespace, 0):
        raise OSError(ctypes.get_errno(), "The network namespace cannot be entered.")


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def bad_network() -> Iterator[Rig]:
    """A rig of its own name, so that several can run side by side."""
    rig = Rig(f"m{token_hex(2)}")
    try:
        rig.up()
        yield rig
    finally:
        rig.down()
