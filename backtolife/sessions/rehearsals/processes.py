"""The processes of simulated people that this web process has started: one for each rehearsal.

Each hangs on a pipe from us. Whatever ends us, by will or not, closes it, and the process ends with it.
"""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, cast

from backtolife.errors import Conflict
from backtolife.processes.child_env import child_env
from backtolife.sessions.rehearsal.orders import Orders, Press, written

COMMAND = (sys.executable, "-m", "backtolife.sessions.rehearsal")
PATIENCE_SECONDS = 8.0
GONE = "The simulated people are gone. Press Bring them back."
Ended = Callable[[str, int], None]


class Troupe:
    """By the room's id. `ended` is called, in a thread of its own, with the room and how the process ended."""

    def __init__(self, ended: Ended, command: Sequence[str] = COMMAND) -> None:
        self.ended, self.command = ended, command
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.lock = threading.Lock()

    def send(self, orders: Orders) -> None:
        """Have the people come. Those who are there already stay: sending again then changes nothing."""
        where = orders.group_session_id
        with self.lock:
            if self.here(where):
                return
            process = subprocess.Popen(self.command, stdin=subprocess.PIPE, env=child_env())
            self.running[where] = process
        say(process, written(orders))
        threading.Thread(target=self.wait, args=(where, process), name="rehearsal", daemon=True).start()

    def here(self, group_session_id: str) -> bool:
        process = self.running.get(group_session_id)
        return process is not None and process.poll() is None

    def tell(self, group_session_id: str, press: Press) -> None:
        """Have it happen. Raises Conflict when the people are gone."""
        process = self.running.get(group_session_id)
        if process is None or not self.here(group_session_id) or not say(process, written(press)):
            raise Conflict(GONE)

    def wait(self, group_session_id: str, process: "subprocess.Popen[bytes]") -> None:
        code = process.wait()
        close(process)
        with self.lock:
            if self.running.get(group_session_id) is process:
                del self.running[group_session_id]
        self.ended(group_session_id, code)

    def dismiss(self, group_session_id: str) -> None:
        """Have them go; whoever does not go in good time is ended."""
        process = self.running.get(group_session_id)
        if process is None:
            return
        close(process)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def say(process: "subprocess.Popen[bytes]", line: str) -> bool:
    """Write to the process; False when it is gone."""
    pipe = cast(IO[bytes], process.stdin)
    try:
        pipe.write(line.encode())
        pipe.flush()
    except (OSError, ValueError):
        return False
    return True


def close(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(OSError):
        cast(IO[bytes], process.stdin).close()
