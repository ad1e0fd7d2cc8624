"""How many groups of twelve one core carries before a packet is lost. `python -m benchmarks.media.groups`

The engine has one core to itself, the load the others. Groups come one by one until something is lost; what was full
then is said, because it may be the load.
"""

import asyncio
import os

import aiohttp

from benchmarks.media.client.synthetic import SyntheticClient
from benchmarks.media.measuring import machine
from benchmarks.media.measuring.figures import Figures
from benchmarks.media.measuring.load import gather_group, measure
from tests.support.media.engine import RunningEngine, running_engine

PEOPLE = 12
LEAST = {"python": 4, "compiled": 8}
BEYOND = 2
"""How many groups more than the least are tried."""
SETTLE, SECONDS = 3.0, 5.0
FULL = 90.0
"""Percent of a core from which whoever uses it has no room left."""


def what_was_full(figures: Figures) -> str:
    found = list(figures.doubts())
    if figures.cpu_percent > FULL:
        found.insert(0, "the engine's core was full")
    if figures.load_percent > FULL:
        found.insert(0, "the LOAD's core was full, so the engine might carry more")
    return "; ".join(found) or "neither core was full"


async def climb(engine: RunningEngine, most: int) -> tuple[int, str]:
    """Add groups up to `most`; how many went well, and how it ended."""
    clients: list[SyntheticClient] = []
    carried = 0
    ending = f"all {most} that were tried went well"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        for number in range(1, most + 1):
            joined = await gather_group(engine, http, f"group-{number}", PEOPLE)
            for client in joined:
                client.start()
            clients += joined
            await asyncio.sleep(SETTLE)
            figures = await measure(engine.process.pid, clients, SECONDS, groups=number)
            print(f"          {number} groups: {figures.line()}", flush=True)
            if not figures.complete():
                ending = f"{number} did not: {what_was_full(figures)}"
                break
            carried = number
        for client in clients:
            await client.close()
    return carried, ending


def main() -> None:
    for loop in os.environ.get("LOOPS", "python,compiled").split(","):
        print(loop)
        with running_engine(loop=loop, cpu_limit=1.0) as engine, machine.kept_apart(engine.process.pid):
            carried, ending = asyncio.run(climb(engine, LEAST[loop] + BEYOND))
        verdict = "reached" if carried >= LEAST[loop] else "MISSED"
        print(f"          {carried} groups without a loss; {ending}. ≥ {LEAST[loop]}: {verdict}", flush=True)


if __name__ == "__main__":
    main()
