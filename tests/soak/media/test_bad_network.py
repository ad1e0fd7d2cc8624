"""The whole table of bad networks, ten seconds without any, and those who are not behind the bad one."""

import asyncio
import time

import pytest

from benchmarks.media.bad_network import GOOD, ROWS, Row, impaired
from benchmarks.media.rig.hosts import bad_network
from benchmarks.media.rig.listening import group

BLACKOUT = 10.0
REACH = 1.0
"""Seconds from the end of the blackout to sound."""
WATCHED = 20.0
LEAST_SHARE = 0.95
"""Of the frame rate the others had before."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_the_one_behind_a_bad_link_hears_and_sees_enough(row: Row) -> None:
    with bad_network() as rig:
        async with group(rig, beside=row.sound_only) as people:
            seen = await impaired(rig, people, row)
    print(f"{row.name}: {seen}")  # noqa: T201 - the figure is what a soak is for
    assert row.misses(seen) == [], (row.reach, seen)


async def test_the_sound_is_back_at_once_after_ten_seconds_without_network() -> None:
    with bad_network() as rig:
        async with group(rig) as people:
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


async def test_only_the_one_behind_the_bad_link_notices_it() -> None:
    with bad_network() as rig:
        async with group(rig, beside=True) as people:
            assert people.beside is not None
            await people.beside.sees("near")
            rates = []
            for network in (GOOD, ROWS[1].impairment, ROWS[-1].impairment):
                rig.network(**{**GOOD, **network})
                await asyncio.sleep(3)
                seen = await people.watch_all(WATCHED)
                rates.append([seen[pair].frames_per_second for pair in (("near", "beside"), ("beside", "near"))])
    print(f"the others' frames a second: good {rates[0]}, 20 % loss {rates[1]}, 100 kbit/s {rates[2]}")  # noqa: T201 - the figure is what a soak is for
    for impaired_rates in rates[1:]:
        assert sum(impaired_rates) >= LEAST_SHARE * sum(rates[0]), rates
