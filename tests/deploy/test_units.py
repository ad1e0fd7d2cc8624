"""The systemd units pass systemd's own checks, and the three processes speak to systemd as the units say."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backtolife import cli
from backtolife.config import ROOT
from tests.support.figures import figure
from tests.support.running import PATIENCE_SECONDS, children_of, free_port

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
PROGRAM = re.compile(r"^ExecStart=(\S+) (\w+)$", re.MULTILINE)
MOST_EXPOSED = "30"
"""Tenths: systemd counts from 0, all is closed, to 10."""


def settings_of(name: str) -> dict[str, str]:
    lines = (UNITS / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_there_is_a_unit_for_each_process_and_for_the_backup() -> None:
    assert [f"backtolife-{name}.service" for name in ("backup", "media", "scheduler", "web")] == SERVICES
    wanted = set(settings_of("backtolife.target")["Wants"].split())
    assert wanted == set(SERVICES) - {"backtolife-backup.service"}


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    program = tmp_path / "backtolife"
    program.touch(mode=0o755)
    for path in UNITS.iterdir():
        text = PROGRAM.sub(rf"ExecStart={program} \2", path.read_text())
        (tmp_path / path.name).write_text(text)
    units = [str(tmp_path / path.name) for path in sorted(UNITS.iterdir())]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "backtolife" in line]
    figure(f"systemd-analyze verify: {len(units)} units, {len(ours)} lines of complaint")
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_systemd_finds_them_well_closed(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(UNITS / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert said is not None, done.stdout[-300:]
    figure(f"{name}: exposure {said[1]} (0 all is closed, to 10)")
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("name", SERVICES)
def test_each_starts_a_command_that_there_is(name: str) -> None:
    found = PROGRAM.search((UNITS / name).read_text())
    assert found is not None
    with pytest.raises(SystemExit) as ended:
        cli.main([found[2], "--help"])
    assert ended.value.code == 0


@contextmanager
def told_systemd(folder: Path, *words: str, **environ: str) -> Iterator[tuple[socket.socket, int]]:
    """Run a command of ours with a socket as systemd gives it one; it ends with the block."""
    path = folder / "notify"
    given = {"BACKTOLIFE_ENV": "test", "DATA_DIR": str(folder), "NOTIFY_SOCKET": str(path), **environ}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, (folder / "log").open("wb") as log:
        systemd.bind(str(path))
        systemd.settimeout(PATIENCE_SECONDS)
        command = [sys.executable, "-m", "backtolife.cli", *words]
        with subprocess.Popen(command, env={**os.environ, **given}, cwd=ROOT, stdout=log, stderr=log) as running:
            try:
                yield systemd, running.pid
            finally:
                running.send_signal(signal.SIGCONT)
                running.terminate()


def heard(systemd: socket.socket, line: str) -> None:
    while systemd.recv(200).decode() != line:
        pass


def quiet(systemd: socket.socket, seconds: float) -> bool:
    """Whether nothing more is said; what was said before does not count."""
    time.sleep(0.5)
    systemd.setblocking(False)
    try:
        while systemd.recv(200):
            pass
    except BlockingIOError:
        pass
    systemd.settimeout(seconds)
    try:
        systemd.recv(200)
    except TimeoutError:
        return True
    finally:
        systemd.settimeout(PATIENCE_SECONDS)
    return False


@pytest.mark.parametrize("name", ["web", "media", "scheduler"])
def test_a_process_says_that_it_serves_that_it_lives_and_that_it_stops(
    name: str, migrated_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "backtolife.db")
    ports = {"PORT": str(free_port()), "MEDIA_PORT": str(free_port()), "MEDIA_UDP_PORT": "0"}
    with told_systemd(tmp_path, name, **ports) as (systemd, pid):
        assert systemd.recv(200) == b"READY=1", "before anything else"
        heard(systemd, "WATCHDOG=1")
        heard(systemd, "WATCHDOG=1")
        os.kill(pid, signal.SIGTERM)
        heard(systemd, "STOPPING=1")


def test_a_web_worker_that_hangs_is_heard_no_more(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "backtolife.db")
    with told_systemd(tmp_path, "web", PORT=str(free_port())) as (systemd, pid):
        heard(systemd, "WATCHDOG=1")
        (worker,) = children_of(pid)
        os.kill(worker, signal.SIGSTOP)
        assert quiet(systemd, 4)
        os.kill(worker, signal.SIGCONT)
        heard(systemd, "WATCHDOG=1")


def test_a_scheduler_that_waits_for_its_turn_lives(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "backtolife.db")
    (tmp_path / "second").mkdir()
    with told_systemd(tmp_path, "scheduler") as (first, _):
        heard(first, "WATCHDOG=1")
        ours = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'backtolife.db'}"}
        with told_systemd(tmp_path / "second", "scheduler", **ours) as (second, _):
            for _ in range(3):
                heard(second, "WATCHDOG=1")
            assert "scheduler_waits" in (tmp_path / "second" / "log").read_text()


def test_a_web_without_a_place_for_its_database_never_says_that_it_serves(tmp_path: Path) -> None:
    ours = {"BACKTOLIFE_ENV": "production", "PORT": str(free_port())}
    with told_systemd(tmp_path, "web", **ours) as (systemd, _):
        assert quiet(systemd, 5)
