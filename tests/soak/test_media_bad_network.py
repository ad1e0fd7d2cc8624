"""The whole table of bad networks, and ten seconds without any."""

import asyncio
import time

import pytest

from benchmarks.media.bad_network import GOOD, ROWS, SECONDS, SETTLE, Row
from benchmarks.media.rig.hosts import bad_network
from benchmarks.media.rig.listening import pair

BLACKOUT = 10.0
REACH = 1.0
"""Seconds from the end of the blackout to sound."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_the_one_behind_a_bad_link_hears_and_sees_enough(row: Row) -> None:
    with bad_network() as rig:
        async with pair(rig) as people:
            rig.network(**{**GOOD, **row.impairment})
            await asyncio.sleep(SETTLE)
            behind, beside = await people.watch(SECONDS)
            rig.network(**GOOD)
    print(f"{row.name}: behind the link {behind}, beside the engine {beside}")  # noqa: T201 - the figure is what a soak is for
    assert row.holds(behind), (row.reach, behind)


async def test_the_sound_is_back_at_once_after_ten_seconds_without_network() -> None:
    with bad_network() as rig:
        async with pair(rig) as people:
            await people.watch(2)
            rig.network(loss=100)
            await asyncio.sleep(BLACKOUT)
            before = (await people.far.received())["near"]["microphone"]["packets"]
            rig.network(loss=0)
            began = time.monotonic()
            while (await people.far.received()).get("near", {}).get("microphone", {}).get("packets", 0) <= before:
                assert time.monotonic() - began < 30
                await asyncio.sleep(0.02)
            took = time.monotonic() - began
    print(f"sound back {took:.2f} s after the blackout")  # noqa: T201 - the figure is what a soak is for
    assert took <= REACH
