"""The demo keeps its processes running, and leaves none behind."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backtolife.config import ROOT
from backtolife.demo.run import refuse_taken
from backtolife.demo.supervisor import Supervisor, expand, read_procfile
from backtolife.errors import Invalid

FOREVER = f"{sys.executable} -c 'import time; time.sleep(600)'"
WITH_CHILD = f"sh -c '{sys.executable} -c \"import time; time.sleep(600)\" & echo $! > ${{PID_FILE}}; wait'"


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]


def watch(supervisor: Supervisor, until: Callable[[], bool]) -> None:
    """Run until it holds, for at most 30 seconds."""
    alarm = threading.Timer(30, lambda: setattr(supervisor, "ending", True))
    alarm.start()
    supervisor.run(until=until)
    alarm.cancel()
    assert until(), "it did not happen within 30 seconds"


def test_a_process_that_dies_is_started_again_and_the_others_go_on(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor({"one": FOREVER, "two": FOREVER}, os.environ, tmp_path, said.append)
    one, two = supervisor.watched
    try:
        watch(supervisor, lambda: one.process is not None and two.process is not None)
        assert one.process
        assert two.process
        first, other = one.process.pid, two.process.pid
        os.kill(first, signal.SIGKILL)
        watch(supervisor, lambda: one.starts == 2)
        assert two.process.pid == other
        assert runs(other)
        assert "one ended" in said[0]
    finally:
        supervisor.stop()


def test_what_dies_again_and_again_waits_longer_each_time(tmp_path: Path) -> None:
    supervisor = Supervisor({"one": "false"}, os.environ, tmp_path, lambda _: None)
    try:
        watch(supervisor, lambda: supervisor.watched[0].starts == 2)
        assert supervisor.watched[0].wait > 0.5
    finally:
        supervisor.stop()


def test_nothing_is_left_running_not_even_a_child_of_a_child(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    environment = {**os.environ, "PID_FILE": str(pid_file)}
    supervisor = Supervisor({"one": WITH_CHILD}, environment, tmp_path / "logs", lambda _: None)
    watch(supervisor, lambda: pid_file.exists() and bool(pid_file.read_text().strip()))
    grandchild = int(pid_file.read_text())
    assert runs(grandchild)
    supervisor.stop()
    for _ in range(100):  # a killed process takes a moment to be gone
        if not runs(grandchild):
            break
        time.sleep(0.05)
    assert not runs(grandchild)


def test_a_taken_port_is_named_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Invalid, match=rf"Port {port} is taken.*PORT={port + 100}"):
            refuse_taken(port, socket.SOCK_STREAM, "PORT")


def test_the_procfile_names_the_three_processes() -> None:
    assert list(read_procfile(ROOT / "Procfile")) == ["web", "media", "scheduler"]


def test_a_commands_defaults_fill_in() -> None:
    assert expand("serve ${HOST:-127.0.0.1}:${PORT:-8000}", {"PORT": "9000"}) == ["serve", "127.0.0.1:9000"]
