"""Keep the Procfile's processes running: one that dies is started again, the others go on, Ctrl-C ends them all."""

import contextlib
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STEADY_AFTER = 20.0
PATIENCE = 10.0
TICK = 0.2


@dataclass
class Watched:
    """One process of the Procfile. Times are seconds of the monotonic clock."""

    name: str
    command: str
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    start_at: float = 0.0
    starts: int = field(default=0)


def read_procfile(path: Path) -> dict[str, str]:
    """Process names and their commands, in order."""
    lines = (line.partition(":") for line in path.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {name.strip(): command.strip() for name, _, command in lines}


def expand(command: str, environment: Mapping[str, str]) -> list[str]:
    """`command` split into words, with ${NAME} and ${NAME:-default} filled in as a shell would."""

    def value(match: re.Match[str]) -> str:
        return environment.get(match[1]) or match[3] or ""

    return [re.sub(r"\$\{(\w+)(:-([^}]*))?\}", value, word) for word in shlex.split(command)]


class Supervisor:
    """Starts, watches and ends the processes. `say` prints a line for the person at the terminal."""

    def __init__(
        self, commands: Mapping[str, str], environment: Mapping[str, str], logs: Path, say: Callable[[str], None]
    ):
        bin_dir = str(Path(sys.executable).parent)
        self.environment = {**environment, "PATH": bin_dir + os.pathsep + environment.get("PATH", os.defpath)}
        self.watched = [Watched(name, command) for name, command in commands.items()]
        self.logs, self.say = logs, say
        self.ending = False
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, one: Watched) -> None:
        """Start a process in a group of its own, so that Ctrl-C reaches us first and its children end with it."""
        with (self.logs / f"{one.name}.log").open("ab") as log:
            one.process = subprocess.Popen(
                expand(one.command, self.environment),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        one.started = time.monotonic()
        one.starts += 1

    def look(self) -> None:
        """One round: start what waits its turn, and plan a later start for what died."""
        now = time.monotonic()
        for one in self.watched:
            if one.process is None:
                if now >= one.start_at:
                    self.start(one)
                continue
            code = one.process.poll()
            if code is None:
                continue
            end_group(one.process, signal.SIGKILL)
            one.wait = FIRST_WAIT if now - one.started > STEADY_AFTER else min(LONGEST_WAIT, one.wait * 2)
            one.process, one.start_at = None, now + one.wait
            self.say(f"{one.name} ended ({code}). It starts again in {one.wait:.0f} s; see {self.logs / one.name}.log")

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Watch until `until` says so or `stop` is called."""
        while not self.ending and not until():
            self.look()
            time.sleep(TICK)

    def stop(self) -> None:
        """End everything: politely, then for good. Nothing is left running."""
        self.ending = True
        running = [one.process for one in self.watched if one.process is not None]
        for process in running:
            end_group(process, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            end_group(process, signal.SIGKILL)
            process.wait()


def end_group(process: "subprocess.Popen[bytes]", how: signal.Signals) -> None:
    try:
        os.killpg(process.pid, how)
    except ProcessLookupError:
        return
