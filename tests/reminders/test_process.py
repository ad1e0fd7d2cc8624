"""The scheduler's own process says in its log that it lives, and in words why it does not start."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
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


def test_a_second_scheduler_on_the_same_database_touches_nothing_while_the_first_one_works(
    url: str, tmp_path: Path
) -> None:
    """It would take the first one's video for left behind, and delete it half made."""
    environ = {"BACKTOLIFE_ENV": "test", "DATA_DIR": str(tmp_path), "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    with ExitStack() as running:

        def started() -> subprocess.Popen[str]:
            env = {**os.environ, **environ}
            process = running.enter_context(
                subprocess.Popen(COMMAND, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            )
            running.callback(process.kill)  # how one ends in order, another test asks
            return process

        def says(process: subprocess.Popen[str], *words: str) -> str:
            """The first of these words that its log says."""
            assert process.stdout is not None
            for line in process.stdout:
                if found := next((word for word in words if word in line), ""):
                    return found
            return ""

        first = started()
        assert says(first, "scheduler_started") == "scheduler_started"
        second = started()
        assert says(second, "scheduler_waits", "scheduler_started") == "scheduler_waits"
        first.kill()
        assert says(second, "scheduler_started") == "scheduler_started"


def test_a_scheduler_with_unsafe_settings_says_which_and_no_more() -> None:
    environ = {**os.environ, "BACKTOLIFE_ENV": "production", "SECRET_KEY": "a" * 32}
    done = subprocess.run(COMMAND, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("SECRET_KEY needs a secret of its own")
    assert "Traceback" not in done.stderr
