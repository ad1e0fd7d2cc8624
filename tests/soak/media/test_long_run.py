"""Sixteen people for ninety minutes, someone leaving and coming back every minute: nothing lost, memory flat."""

import asyncio
import os

import aiohttp

from benchmarks.media.client.synthetic import SyntheticClient
from benchmarks.media.measuring.load import gather_group
from benchmarks.media.measuring.machine import memory_mb, slope
from tests.support.media.engine import running_engine

PEOPLE = 16
MINUTES = int(os.environ.get("MINUTES", "90"))
SETTLED = 5
"""Minutes after which the memory is looked at."""
STEEPEST = 0.05
"""MB a minute that count as flat."""


async def test_a_long_session_loses_nothing_and_leaks_nothing() -> None:
    memory, lost = [], 0
    with running_engine(cpu_limit=1.0) as engine:
        async with aiohttp.ClientSession() as http:
            clients = await gather_group(engine, http, "long", PEOPLE)
            for client in clients:
                client.start()
            await asyncio.sleep(5)
            for minute in range(MINUTES):
                for client in clients:
                    client.received.clear()
                await asyncio.sleep(50)
                lost += sum(client.received.lost() for client in clients)
                memory.append(memory_mb(engine.process.pid))
                await clients.pop(0).close()
                again = SyntheticClient(f"long-again-{minute}", listens_to=PEOPLE - 1)
                token = engine.token(again.name, "long", attributes={"role": "facilitator"})
                await again.join(http, engine.url, token)
                again.start()
                clients.append(again)
                await asyncio.sleep(10)
            for client in clients:
                await client.close()
    rise = slope(memory[SETTLED:]) if len(memory) > SETTLED + 1 else 0.0
    print(f"{MINUTES} minutes: {lost} packets lost, memory {memory[0]} to {memory[-1]} MB, {rise:.3f} MB a minute")  # noqa: T201 - the figure is what a soak is for
    assert lost == 0
    assert rise <= STEEPEST
