"""Groups of synthetic participants on an engine, all-to-all, and what that costs the engine."""

import asyncio
import os
from collections.abc import Sequence
from typing import Protocol

import aiohttp

from benchmarks.media.client import stream
from benchmarks.media.client.arrivals import Received
from benchmarks.media.client.synthetic import SyntheticClient
from benchmarks.media.measuring import machine
from benchmarks.media.measuring.figures import Figures
from tests.support.media.engine import RunningEngine

WARM_UP = 4.0


class Listening(Protocol):
    """Anyone who counts what arrives."""

    @property
    def received(self) -> Received: ...


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


async def measure(
    pid: int, clients: Sequence[Listening], seconds: float, *, groups: int = 1, empty_mb: float = 0.0
) -> Figures:
    """Measure process `pid` for so long; everyone must be sending already. `empty_mb`: its memory with nobody there."""
    for client in clients:
        client.received.clear()
    loop = asyncio.get_running_loop()
    before, here, start = machine.usage(pid), machine.usage(os.getpid()), loop.time()
    await asyncio.sleep(seconds)
    spent, own, took = machine.usage(pid) - before, machine.usage(os.getpid()) - here, loop.time() - start
    packets = sum(client.received.packets for client in clients)
    delays = sorted(delay for client in clients for delay in client.received.delays())
    size = len(clients) // groups
    return Figures(
        people=len(clients),
        packets_per_second=round(packets / took),
        due_per_second=groups * size * (size - 1) * stream.PACKETS_PER_SECOND,
        lost=sum(client.received.lost() for client in clients),
        overflowed=sum(client.received.overflowed for client in clients),
        streams=sum(client.received.streams() for client in clients),
        streams_due=groups * size * (size - 1) * 2,
        cpu_percent=round(100 * spent.cpu / took, 1),
        microseconds=round(1e6 * spent.cpu / max(1, packets), 1),
        delay_p50=delays[len(delays) // 2] / 1000 if delays else 0.0,
        delay_p99=delays[int(len(delays) * 0.99)] / 1000 if delays else 0.0,
        memory_mb=machine.memory_mb(pid),
        person_mb=round((machine.memory_mb(pid) - empty_mb) / len(clients), 2) if empty_mb else 0.0,
        waited_percent=round(100 * spent.waited / took, 1),
        load_percent=round(100 * own.cpu / took, 1),
    )


async def all_to_all(engine: RunningEngine, people: int, *, seconds: float, groups: int = 1) -> Figures:
    """Everyone sends and everyone receives everyone of their group."""
    empty = machine.memory_mb(engine.process.pid)
    async with aiohttp.ClientSession() as http:
        clients = []
        for number in range(groups):
            clients += await gather_group(engine, http, f"load-{people}-{number}", people)
        for client in clients:
            client.start()
        with machine.kept_apart(engine.process.pid):
            await asyncio.sleep(WARM_UP)
            figures = await measure(engine.process.pid, clients, seconds, groups=groups, empty_mb=empty)
        for client in clients:
            await client.close()
        return figures
