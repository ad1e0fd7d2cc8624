"""What someone on a bad network sees and hears of someone on a good one, and the other way round."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import async_playwright

from benchmarks.media.rig.hosts import SERVER, Rig
from benchmarks.media.rig.voice import write
from tests.support.media.browser import CHROMIUM, Person, browser_page, page_server
from tests.support.media.engine import RunningEngine, start_engine, wait_until_healthy

Counts = dict[str, float]
PAGE_PORT = 8080


@dataclass(frozen=True)
class Experience:
    """How one person was received.

    `concealed` is the share of sound made up, `frozen` seconds without a new picture, `packets` those of sound,
    `kilobits` of sound a second without headers, `height` the picture's in pixels.
    """

    frames_per_second: float
    frozen: float
    concealed: float
    packets: float
    kilobits: float
    height: float


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
        kilobits=round(grown(sound, earlier_sound, "bytes") * 8 / seconds / 1000, 1),
        height=camera.get("height", 0),
    )


@dataclass
class Group:
    """`far` sits behind the bad network, `near` (a facilitator) and `beside` next to the engine."""

    far: Person
    near: Person
    beside: Person | None

    async def watch(self, seconds: float) -> tuple[Experience, Experience]:
        """What far received of near, and near of far, over so many seconds."""
        seen = await self.watch_all(seconds)
        return seen["far", "near"], seen["near", "far"]

    async def watch_all(self, seconds: float) -> dict[tuple[str, str], Experience]:
        """The same for everyone, by who receives and from whom."""
        people = [one for one in (self.far, self.near, self.beside) if one is not None]
        before = await asyncio.gather(*(one.received() for one in people))
        await asyncio.sleep(seconds)
        after = await asyncio.gather(*(one.received() for one in people))
        return {
            (one.identity, other): between(earlier.get(other, {}), later[other], seconds)
            for one, earlier, later in zip(people, before, after, strict=True)
            for other in later
        }

    async def dropped(self) -> int:
        """How often someone left the others' sight or had to begin anew."""
        people = [one for one in (self.far, self.near, self.beside) if one is not None]
        names = ("participantDisconnected", "reconnecting", "disconnected")
        return sum([len(await one.events(name)) for one in people for name in names])


@asynccontextmanager
async def group(rig: Rig, *, beside: bool = False, other: RunningEngine | None = None) -> AsyncIterator[Group]:
    """An engine on the server's side and people who see and hear each other over a link that is still good.

    `other` is a server that already runs there and is used instead.
    """
    engine = other or start_engine(host=SERVER, port=7880, udp_port=7882, prefix=rig.server)
    try:
        async with AsyncExitStack() as stack:
            playwright = await stack.enter_async_context(async_playwright())
            with rig.inside():
                if other is None:
                    wait_until_healthy(engine)
                listening = socket.create_server((SERVER, PAGE_PORT))
            base = await stack.enter_async_context(page_server(SERVER, PAGE_PORT, listening))
            people = []
            for name, prefix in (("far", rig.client), ("near", rig.server), ("beside", rig.server))[: 2 + beside]:
                voice = write(rig.folder / f"{name}.wav", 0.1 if name == "beside" else 1.0)
                flags = (
                    f"--unsafely-treat-insecure-origin-as-secure={base.rstrip('/')}",
                    f"--use-file-for-fake-audio-capture={voice}",
                )
                page = await stack.enter_async_context(
                    browser_page(playwright, base, executable=rig.wrapper(CHROMIUM, prefix), flags=flags)
                )
                people.append(Person(engine, page, name, "rig"))
            for person in people:
                role = "facilitator" if person.identity == "near" else "patient"
                await person.join(options={"publishDefaults": {"simulcast": True}}, attributes={"role": role})
                await person.publish()
            await asyncio.gather(people[0].sees("near"), people[1].sees("far"))
            yield Group(people[0], people[1], people[2] if beside else None)
    finally:
        if other is None:
            engine.process.terminate()
            engine.process.wait()
