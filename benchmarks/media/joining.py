"""How long a join into a room of twelve takes, and what the twelve notice. `python -m benchmarks.media.joining`

From `connect` to the last packet of the first remote picture. What the others notice is the longest that any of their
sampled packets took meanwhile; beside it the same without a join, which is the machine's own. `JOINS=30` changes it.
"""

import asyncio
import os
import time

import aiohttp

from benchmarks.media.client.synthetic import SyntheticClient
from benchmarks.media.measuring import machine
from benchmarks.media.measuring.load import WARM_UP, gather_group
from tests.support.media.engine import RunningEngine, running_engine

PEOPLE = 12
JOINS = int(os.environ.get("JOINS", "30"))
LATEST, LONGEST_STALL = 1.0, 20.0
"""Seconds to the first picture at p95; milliseconds that the others may wait."""
PICTURE_WITHIN, PAUSE = 10.0, 0.3


def longest(clients: list[SyntheticClient]) -> float:
    """The longest delay, in milliseconds, since the last call."""
    delays = [max(client.received.delays(), default=0) for client in clients]
    for client in clients:
        client.received.clear()
    return max(delays) / 1000


async def join(engine: RunningEngine, http: aiohttp.ClientSession, number: int) -> float:
    """Seconds from the first word to the first picture."""
    client = SyntheticClient(f"join-{number}", listens_to=PEOPLE)
    token = engine.token(client.name, "joining", attributes={"role": "facilitator"})
    began = time.time()
    await client.join(http, engine.url, token)
    client.start()
    async with asyncio.timeout(PICTURE_WITHIN):
        await client.pictured.wait()
    took = client.received.picture_at - began
    await client.close()
    return took


async def measured(engine: RunningEngine) -> tuple[list[float], list[float], list[float], machine.Usage]:
    """For each join: seconds to the picture, the others' longest delay, the same without a join; and CPU for all."""
    took, stalls, calm = [], [], []
    async with aiohttp.ClientSession() as http:
        clients = await gather_group(engine, http, "joining", PEOPLE)
        for client in clients:
            client.start()
        await asyncio.sleep(WARM_UP)
        before = machine.usage(engine.process.pid)
        for number in range(JOINS):
            longest(clients)
            began = time.monotonic()
            took.append(await join(engine, http, number))
            stalls.append(longest(clients))
            await asyncio.sleep(PAUSE)
            longest(clients)
            await asyncio.sleep(time.monotonic() - began - PAUSE)
            calm.append(longest(clients))
        spent = machine.usage(engine.process.pid) - before
        for client in clients:
            await client.close()
    return sorted(took), sorted(stalls), sorted(calm), spent


def at(share: float, values: list[float]) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def main() -> None:
    for loop in os.environ.get("LOOPS", "python,compiled").split(","):
        with running_engine(loop=loop, cpu_limit=1.0) as engine:
            took, stalls, calm, spent = asyncio.run(measured(engine))
        late, stalled = at(0.95, took), stalls[-1]
        print(
            f"{loop:9} {JOINS} joins: first picture after p50 {at(0.5, took):.2f} p95 {late:.2f} s"
            f" (≤ {LATEST:g} s: {'reached' if late <= LATEST else 'MISSED'})\n"
            f"          longest delay of the others: p50 {at(0.5, stalls):.1f} p95 {at(0.95, stalls):.1f}"
            f" most {stalled:.1f} ms (≤ {LONGEST_STALL:g} ms: {'reached' if stalled <= LONGEST_STALL else 'MISSED'})\n"
            f"          without a join:              p50 {at(0.5, calm):.1f} p95 {at(0.95, calm):.1f}"
            f" most {calm[-1]:.1f} ms; the engine waited {spent.waited:.2f} s for its core",
            flush=True,
        )


if __name__ == "__main__":
    main()
