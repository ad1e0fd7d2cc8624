"""Three browsers and the native SDK in one room: everyone sees and hears everyone, and nothing is lost."""

import asyncio

import pytest

from tests.media_browser import Browsers, Person
from tests.media_engine import RunningEngine
from tests.media_native import native_person

BROWSERS = ("amira", "ben", "carol")
NATIVE = "native"
pytestmark = [pytest.mark.media, pytest.mark.browser]


def gains(
    before: dict[str, dict[str, dict[str, float]]], after: dict[str, dict[str, dict[str, float]]], of: str
) -> dict[str, float]:
    def grown(source: str, field: str) -> float:
        return after[of][source][field] - before[of][source][field]

    return {
        "frames": grown("camera", "frames"),
        "energy": grown("microphone", "energy"),
        "lost": grown("camera", "lost") + grown("microphone", "lost"),
    }


async def everyone_flows(people: list[Person]) -> None:
    names = [*BROWSERS, NATIVE]
    await asyncio.gather(*(person.sees(name) for person in people for name in names if name != person.identity))


async def test_twelve_ordered_pairs_see_and_hear_each_other_without_a_lost_packet(
    people: Browsers, media_engine: RunningEngine, room_name: str
) -> None:
    pages = [await people.person(name, room_name) for name in BROWSERS]
    await asyncio.gather(*(page.join() for page in pages))
    await asyncio.gather(*(page.publish() for page in pages))
    async with native_person(media_engine.url, media_engine.token(NATIVE, room_name)) as native:
        await native.publish()
        await everyone_flows(pages)
        await asyncio.sleep(2)
        before = [await page.received() for page in pages]
        frames, energy = native.frames.copy(), native.energy.copy()
        await asyncio.sleep(10)
        after = [await page.received() for page in pages]
        seen, heard = native.frames - frames, native.energy - energy
    for page, earlier, later in zip(pages, before, after, strict=True):
        for other in {*BROWSERS, NATIVE} - {page.identity}:
            gained = gains(earlier, later, other)
            assert gained["frames"] >= 100, (page.identity, other, gained)
            assert gained["energy"] > 0, (page.identity, other, gained)
            assert gained["lost"] == 0, (page.identity, other, gained)
    for name in BROWSERS:
        assert seen[name] >= 100, seen
        assert heard[name] > 0, heard
    assert media_engine.metric("media_down_dropped_packets_total") == 0
