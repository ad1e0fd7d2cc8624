"""The processes of simulated people that a running house has started."""

from pathlib import Path

from tests.running import House, children_of


def simulated(house: House) -> list[int]:
    """The processes of simulated people that the house runs; whichever thread of the web process began them."""
    assert house.web.running is not None
    tasks = [task for worker in children_of(house.web.running.pid) for task in Path(f"/proc/{worker}/task").iterdir()]
    children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [child for child in children if b"backtolife.sessions.rehearsal" in words_of(child)]


def words_of(pid: int) -> bytes:
    found = Path(f"/proc/{pid}/cmdline")
    return found.read_bytes() if found.exists() else b""
