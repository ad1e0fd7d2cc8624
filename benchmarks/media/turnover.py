"""Memory while people come and go: an hour's worth of arrivals, one a minute, in a few minutes. `TURNS=180` changes it.

The same for ninety real minutes with sixteen people is `tests/soak/media/test_long_run.py`.
"""

import asyncio
import os

import aiohttp

from benchmarks.media.client.synthetic import SyntheticClient
from benchmarks.media.measuring import machine
from benchmarks.media.measuring.load import gather_group
from tests.support.media.engine import RunningEngine, running_engine

PEOPLE = 12
TURNS = int(os.environ.get("TURNS", "120"))
SETTLED = 60
"""Arrivals after which the memory is looked at: one hour's worth, while allocator and caches fill."""
STEEPEST = 0.05
"""MB an arrival that count as flat."""
STAY = 0.3
"""Seconds between an arrival and the next departure."""


async def turn_over(engine: RunningEngine) -> tuple[list[float], int]:
    """The engine's memory after each arrival, and how many packets were lost on the way."""
    memory, lost = [], 0
    async with aiohttp.ClientSession() as http:
        clients = await gather_group(engine, http, "turnover", PEOPLE)
        for client in clients:
            client.start()
        for number in range(TURNS):
            leaving = clients.pop(0)
            lost += leaving.received.lost()
            await leaving.close()
            coming = SyntheticClient(f"turnover-again-{number}", listens_to=PEOPLE - 1)
            token = engine.token(coming.name, "turnover", attributes={"role": "facilitator"})
            await coming.join(http, engine.url, token)
            coming.start()
            clients.append(coming)
            await asyncio.sleep(STAY)
            memory.append(machine.memory_mb(engine.process.pid))
        for client in clients:
            await client.close()
    return memory, lost


def main() -> None:
    for loop in os.environ.get("LOOPS", "compiled").split(","):
        with running_engine(loop=loop, cpu_limit=1.0) as engine:
            memory, lost = asyncio.run(turn_over(engine))
        if len(memory) <= SETTLED + 1:
            print(f"TURNS={TURNS} is too few: the memory is looked at after {SETTLED}.")
            return
        rise = machine.slope(memory[SETTLED:])
        print(
            f"{loop:9} {PEOPLE} people, {TURNS} arrivals, lost {lost}: {memory[0]} MB after the first,"
            f" {memory[SETTLED]} after {SETTLED}, {memory[-1]} at the end\n          slope {rise:+.3f} MB an arrival,"
            f" that is {60 * rise:+.1f} MB in 60 minutes with one a minute (flat is ≤ {STEEPEST:g}:"
            f" {'reached' if rise <= STEEPEST else 'MISSED'})",
            flush=True,
        )


if __name__ == "__main__":
    main()
