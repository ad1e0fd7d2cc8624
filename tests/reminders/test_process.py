"""The scheduler's own process says in its log that it lives, and in words why it does not start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backtolife.config import ROOT, from_environment
from tests.support.running import make_database

COMMAND = [sys.executable, "-m", "backtolife.reminders"]
pytestmark = pytest.mark.timeout(120)


def test_the_scheduler_says_that_it_started_that_it_lives_and_that_it_stops(tmp_path: Path) -> None:
    environ = {"BACKTOLIFE_ENV": "test", "DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    make_database(from_environment(environ))
    with subprocess.Popen(
        COMMAND, env={**os.environ, **environ}, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        waited_for = {"scheduler_started", "scheduler_beat"}
        for line in running.stdout:
            waited_for -= {event for event in waited_for if event in line}
            if not waited_for:
                break
        running.send_signal(signal.SIGTERM)
        rest = running.stdout.read()
    assert (waited_for, running.returncode) == (set(), 0)
    assert "scheduler_stopped" in rest


def test_a_scheduler_with_unsafe_settings_says_which_and_no_more() -> None:
    environ = {**os.environ, "BACKTOLIFE_ENV": "production", "SECRET_KEY": "a" * 32}
    done = subprocess.run(COMMAND, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("SECRET_KEY needs a secret of its own")
    assert "Traceback" not in done.stderr
