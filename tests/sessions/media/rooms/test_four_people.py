"""Three browsers and the native SDK in one room: everyone sees and hears everyone, and nothing is lost."""

import asyncio

import pytest

from tests.support.media.browser import Browsers, Person
from tests.support.media.engine import RunningEngine
from tests.support.media.native import NativePerson, native_person

BROWSERS = ("amira", "ben", "carol")
NATIVE = "native"
WINDOWS = 3
"""A machine whose cores are taken by others draws fewer pictures: look again, but never accept a loss."""
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


async def ten_seconds(pages: list[Person], native: NativePerson) -> dict[tuple[str, str], dict[str, float]]:
    """What each of the twelve ordered pairs gains, by (who receives, from whom)."""
    before = [await page.received() for page in pages]
    frames, energy = native.frames.copy(), native.energy.copy()
    await asyncio.sleep(10)
    after = [await page.received() for page in pages]
    gained: dict[tuple[str, str], dict[str, float]] = {}
    for page, earlier, later in zip(pages, before, after, strict=True):
        for other in {*BROWSERS, NATIVE} - {page.identity}:
            gained[page.identity, other] = gains(earlier, later, other)
    for name in BROWSERS:
        seen, heard = native.frames[name] - frames[name], native.energy[name] - energy[name]
        gained[NATIVE, name] = {"frames": seen, "energy": heard, "lost": 0}
    return gained


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
        for _ in range(WINDOWS):
            gained = await ten_seconds(pages, native)
            assert len(gained) == 12
            assert all(pair["lost"] == 0 for pair in gained.values()), gained
            poor = {pair: gain for pair, gain in gained.items() if gain["frames"] < 100 or gain["energy"] <= 0}
            if not poor:
                break
    assert not poor
    assert media_engine.metric("media_down_dropped_packets_total") == 0
