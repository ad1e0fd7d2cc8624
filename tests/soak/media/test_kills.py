"""The engine is killed twenty times under two browsers: the sound is back soon after it listens again."""

import asyncio
import time

from tests.support.media.browser import Person, browsers
from tests.support.media.engine import RunningEngine, free_port, start_engine

KILLS = 20
REACH_P95 = 3.0
"""Seconds from the new engine's first answer to the first new sound."""


async def sound_again(listener: Person, speaker: str, since: float) -> float:
    while time.monotonic() - since < 60:
        heard = (await listener.received()).get(speaker, {}).get("microphone", {})
        back = await listener.page.evaluate("events.some((item) => item.name === 'reconnected')")
        if back and heard.get("packets", 0) > 5:
            return time.monotonic() - since
        await asyncio.sleep(0.05)
    raise AssertionError("The sound did not come back within a minute.")


async def kill_and_time(engine: RunningEngine, listener: Person) -> tuple[RunningEngine, float]:
    await listener.page.evaluate("events = []")
    engine.process.kill()
    engine.process.wait()
    again = await asyncio.to_thread(start_engine, port=engine.port, udp_port=engine.udp_port)
    return again, await sound_again(listener, "ana", time.monotonic())


async def test_the_sound_is_back_soon_after_every_kill() -> None:
    engine = await asyncio.to_thread(start_engine, port=free_port(), udp_port=free_port())
    took = []
    try:
        async with browsers(engine) as people:
            ana, ben = [await people.person(name, "soak") for name in ("ana", "ben")]
            await asyncio.gather(ana.join(), ben.join())
            await ana.publish()
            await ben.sees("ana", "microphone")
            for _ in range(KILLS):
                engine, seconds = await kill_and_time(engine, ben)
                took.append(round(seconds, 2))
    finally:
        await asyncio.to_thread(engine.stop)
    print(f"sound back after {sorted(took)} s")  # noqa: T201 - the figure is what a soak is for
    assert sorted(took)[int(KILLS * 0.95) - 1] <= REACH_P95, took
