"""The processes of simulated people that a running house has started."""

from pathlib import Path

from tests.support.running import House, children_of


def simulated(house: House) -> list[int]:
    """The processes of simulated people that the house runs; whichever thread of the web process began them."""
    assert house.web.running is not None
    workers = [Path(f"/proc/{worker}/task") for worker in children_of(house.web.running.pid)]
    tasks = [task for worker in workers if worker.exists() for task in worker.iterdir()]
    children = [int(child) for task in tasks for child in read(task / "children").split()]
    return [child for child in children if b"backtolife.sessions.rehearsal" in read(Path(f"/proc/{child}/cmdline"))]


def read(path: Path) -> bytes:
    """What the kernel says there; nothing where the thread or process has ended meanwhile."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
