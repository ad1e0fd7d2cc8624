"""What the kernel says of a process: the CPU it used, the CPU it waited for, its memory."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CLOCK = os.sysconf("SC_CLK_TCK")
"""Clock ticks a second in /proc."""


@dataclass(frozen=True)
class Usage:
    """Seconds since a process began; the difference of two is what a stretch of time cost."""

    cpu: float
    waited: float
    """How long it could have run and did not, because others had the core."""

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(self.cpu - other.cpu, self.waited - other.waited)


def usage(pid: int) -> Usage:
    """CPU time of all threads; the waiting is that of the busiest, which is the one that carries the media."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    threads = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    busiest = max(threads, key=lambda words: int(words[0]), default=["0", "0"])
    return Usage((int(fields[11]) + int(fields[12])) / CLOCK, int(busiest[1]) / 1e9)


def memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


@contextlib.contextmanager
def kept_apart(pid: int) -> Iterator[None]:
    """Meanwhile process `pid` has the first core and we the others, where there are several: one core is one core."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, cores[1:])
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores[:1])
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def slope(values: list[float]) -> float:
    """The rise per step of the line of least squares."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    rise = sum((step - middle) * (value - mean) for step, value in enumerate(values))
    return rise / (sum((step - middle) ** 2 for step in range(len(values))) or 1)
