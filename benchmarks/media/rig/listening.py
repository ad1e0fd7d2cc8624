"""What someone on a bad network sees and hears of someone on a good one, and the other way round."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import async_playwright

from benchmarks.media.rig.hosts import SERVER, Rig
from benchmarks.media.rig.voice import write
from tests.media_browser import CHROMIUM, Person, browser_page, page_server
from tests.media_engine import RunningEngine, start_engine, wait_until_healthy

Counts = dict[str, float]
PAGE_PORT = 8080


@dataclass(frozen=True)
class Experience:
    """How one track was received: `concealed` is the share of sound made up, `frozen` seconds without a new picture."""

    frames_per_second: float
    frozen: float
    concealed: float
    packets: float


def between(before: dict[str, Counts], after: dict[str, Counts], seconds: float) -> Experience:
    camera, sound = after.get("camera", {}), after.get("microphone", {})
    earlier_camera, earlier_sound = before.get("camera", {}), before.get("microphone", {})

    def grown(later: Counts, earlier: Counts, name: str) -> float:
        return later.get(name, 0) - earlier.get(name, 0)

    samples = grown(sound, earlier_sound, "samples")
    return Experience(
        frames_per_second=round(grown(camera, earlier_camera, "frames") / seconds, 1),
        frozen=round(grown(camera, earlier_camera, "frozen"), 2),
        concealed=round(grown(sound, earlier_sound, "concealed") / samples, 4) if samples else 1.0,
        packets=grown(sound, earlier_sound, "packets"),
    )


@dataclass
class Pair:
    """`far` sits behind the bad network, `near` beside the engine; both send and see each other."""

    rig: Rig
    engine: RunningEngine
    far: Person
    near: Person

    async def watch(self, seconds: float) -> tuple[Experience, Experience]:
        """What far received of near, and near of far, over so many seconds."""
        before = await asyncio.gather(self.far.received(), self.near.received())
        await asyncio.sleep(seconds)
        after = await asyncio.gather(self.far.received(), self.near.received())
        far = between(before[0].get("near", {}), after[0].get("near", {}), seconds)
        near = between(before[1].get("far", {}), after[1].get("far", {}), seconds)
        return far, near


@asynccontextmanager
async def pair(rig: Rig, *, loop: str = "auto") -> AsyncIterator[Pair]:
    """An engine on the server's side and two people who see and hear each other over a link that is still good."""
    engine = start_engine(host=SERVER, port=7880, udp_port=7882, prefix=rig.server, loop=loop)
    try:
        async with AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            with rig.inside():
                wait_until_healthy(engine)
                listening = socket.create_server((SERVER, PAGE_PORT))
            base = await stack.enter_async_context(page_server(SERVER, PAGE_PORT, listening))
            voice = write(rig.folder / "voice.wav")
            flags = (
                f"--unsafely-treat-insecure-origin-as-secure={base.rstrip('/')}",
                f"--use-file-for-fake-audio-capture={voice}",
            )
            people = []
            for name, prefix in (("far", rig.client), ("near", rig.server)):
                page = await stack.enter_async_context(
                    browser_page(playwright, base, executable=rig.wrapper(CHROMIUM, prefix), flags=flags)
                )
                people.append(Person(engine, page, name, "rig"))
            for person in people:
                await person.join(options={"publishDefaults": {"simulcast": True}})
                await person.publish()
            await asyncio.gather(people[0].sees("near"), people[1].sees("far"))
            yield Pair(rig, engine, *people)
    finally:
        engine.process.terminate()
        engine.process.wait()
