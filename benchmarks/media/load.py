"""Groups of synthetic participants on an engine, all-to-all, and what that costs the engine."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import aiohttp

from benchmarks.media.arrivals import Received
from benchmarks.media.synthetic import SyntheticClient
from tests.media_engine import RunningEngine

WARM_UP = 4.0
CLOCK = 100
"""Clock ticks a second in /proc."""


@dataclass(frozen=True)
class Figures:
    """One measurement. CPU is of one core; `microseconds` is CPU time a packet out; delays are in milliseconds."""

    people: int
    packets_per_second: int
    lost: int
    streams: str
    cpu_percent: float
    microseconds: float
    delay_p50: float
    delay_p99: float
    memory_mb: float

    def line(self) -> str:
        return "  ".join(f"{name} {value}" for name, value in asdict(self).items())


class Listening(Protocol):
    """Anyone who counts what arrives."""

    @property
    def received(self) -> Received: ...


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK


def memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


async def gather_group(
    engine: RunningEngine, http: aiohttp.ClientSession, room: str, people: int
) -> list[SyntheticClient]:
    """Let `people` join `room` one after the other, and wait until everyone is promised everyone's tracks."""
    clients = []
    for number in range(people):
        client = SyntheticClient(f"{room}-{number}", listens_to=people - 1)
        await client.join(http, engine.url, engine.token(client.name, room, attributes={"role": "facilitator"}))
        clients.append(client)
    wanted = 2 * (people - 1)
    for _ in range(200):
        if all(len(client.tracks) == wanted for client in clients):
            return clients
        await asyncio.sleep(0.1)
    raise RuntimeError(f"Not everyone got everyone's tracks: {[len(client.tracks) for client in clients]} of {wanted}.")


async def measure(pid: int, clients: Sequence[Listening], seconds: float, groups: int = 1) -> Figures:
    """Measure process `pid` for so long; everyone must be sending already."""
    for client in clients:
        client.received.clear()
    before, start = cpu_seconds(pid), asyncio.get_running_loop().time()
    await asyncio.sleep(seconds)
    packets = sum(client.received.packets for client in clients)
    lost = sum(client.received.lost() for client in clients)
    used, took = cpu_seconds(pid) - before, asyncio.get_running_loop().time() - start
    delays = sorted(delay for client in clients for delay in client.received.delays)
    size = len(clients) // groups
    return Figures(
        people=len(clients),
        packets_per_second=round(packets / took),
        lost=lost,
        streams=f"{sum(client.received.streams() for client in clients)}/{groups * size * (size - 1) * 2}",
        cpu_percent=round(100 * used / took, 1),
        microseconds=round(1e6 * used / max(1, packets), 1),
        delay_p50=delays[len(delays) // 2] / 1000 if delays else 0.0,
        delay_p99=delays[int(len(delays) * 0.99)] / 1000 if delays else 0.0,
        memory_mb=memory_mb(pid),
    )


async def all_to_all(engine: RunningEngine, people: int, *, seconds: float, groups: int = 1) -> Figures:
    """Everyone sends and everyone receives everyone of their group."""
    async with aiohttp.ClientSession() as http:
        clients = []
        for number in range(groups):
            clients += await gather_group(engine, http, f"load-{people}-{number}", people)
        for client in clients:
            client.start()
        await asyncio.sleep(WARM_UP)
        figures = await measure(engine.process.pid, clients, seconds, groups)
        for client in clients:
            await client.close()
        return figures
