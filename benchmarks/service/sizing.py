"""What the three processes take at rest, and web with three busy rooms of sixteen.

`python -m benchmarks.service.sizing`; docs/operating.md has the table. Each process is measured with its children.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.media.measuring.machine import memory_mb, usage
from benchmarks.room.state_events import PATIENTS, PLACES, ROOMS, fill, measure
from tests.support.running import House, Process, children_of, running_house


def family(process: Process) -> list[int]:
    assert process.running is not None
    pid = process.running.pid
    return [pid, *children_of(pid)]


def memory(process: Process) -> float:
    return sum(map(memory_mb, family(process)))


def scheduler_of(house: House, folder: Path) -> Process:
    port = house.settings.media_api_url.rsplit(":", 1)[1]
    environ = {**house.web.environ, "SCHEDULER_PORT": str(int(port) + 1)}
    command = [sys.executable, "-m", "backtolife.cli", "scheduler"]
    return Process(command, environ, f"http://127.0.0.1:{int(port) + 1}/healthz", folder / "scheduler.log")


def main() -> None:
    with tempfile.TemporaryDirectory() as name, running_house(Path(name), other=PLACES) as house:
        scheduler = scheduler_of(house, Path(name))
        scheduler.start()
        try:
            for each, process in (("web", house.web), ("media", house.media), ("scheduler", scheduler)):
                print(f"at rest, {each}: {memory(process):.0f} MB")
            groups = fill(house)
            pids, began = family(house.web), time.monotonic()
            before = sum(usage(pid).cpu for pid in pids)
            asyncio.run(measure(house, groups))
            used, lasted = sum(usage(pid).cpu for pid in pids) - before, time.monotonic() - began
            people = ROOMS * (PATIENTS + 2)
            print(
                f"{ROOMS} busy rooms, {people} people, web: {memory(house.web):.0f} MB, {used / lasted:.0%} of a core"
            )
        finally:
            scheduler.stop()


if __name__ == "__main__":
    main()
