"""The demo as a visitor starts it: `backtolife demo`, on free ports, with data of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY_SECONDS = 180


@dataclass(frozen=True)
class RunningDemo:
    """Where the demo answers, and what it said while it started."""

    url: str
    folder: Path
    said: list[str]
    process: "subprocess.Popen[str]"

    def pids_of(self, word: str) -> list[int]:
        """The processes of this demo whose command holds `word`, found by its own folder in their environment."""
        mark = f"DATA_DIR={self.folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                ours = mark in (entry / "environ").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
            if ours and word in command:
                found.append(int(entry.name))
        return sorted(found)


def free_ports(count: int) -> list[int]:
    """Ports in a row that are free for TCP and UDP."""
    for first in range(20000 + os.getpid() % 20000, 60000, count):
        held = []
        try:
            for port in range(first, first + count):
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                    probe = socket.socket(socket.AF_INET, kind)
                    held.append(probe)
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        finally:
            for probe in held:
                probe.close()
        return list(range(first, first + count))
    raise RuntimeError("No free ports were found.")


@contextmanager
def running_demo(folder: Path, python: Path = Path(sys.executable), cwd: Path | None = None) -> Iterator[RunningDemo]:
    """Start the demo, wait until it says it is ready, and end it by Ctrl-C; then nothing of it may run."""
    port = free_ports(3)[0]
    environment = {**os.environ, "DATA_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    command = [str(python), "-m", "backtolife.cli", "demo"]
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    demo = RunningDemo(f"http://127.0.0.1:{port}", folder, [], process)
    watchdog = subprocess.Popen(["sh", "-c", f"sleep {READY_SECONDS}; kill -INT {process.pid}"], start_new_session=True)
    try:
        wait_until_ready(demo)
        watchdog.kill()
        yield demo
    finally:
        watchdog.kill()
        watchdog.wait()
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=90)
        finally:
            process.kill()
            process.wait()
    left = demo.pids_of("")
    assert left == [], f"still running after Ctrl-C: {left}"


def wait_until_ready(demo: RunningDemo) -> None:
    assert demo.process.stdout is not None
    for line in demo.process.stdout:
        demo.said.append(line)
        if re.search(r"Ctrl-C stops everything", line):
            return
    raise AssertionError("The demo did not start:\n" + "".join(demo.said))
