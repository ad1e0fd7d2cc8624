"""When a rehearsal is over: nobody leads it, its time is up, or the room has ended."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from backtolife.errors import NotPermitted
from backtolife.sessions.rehearsal import scene
from backtolife.sessions.rehearsal.scene import Scene
from tests.sessions.rehearsal.test_orders import ORDERS

AN_HOUR, SOON, PATIENCE = 3600.0, 0.05, 60.0
LOOKS = 30


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "LOOK_SECONDS", SOON / 10)
    monkeypatch.setattr(scene, "ABSENT_SECONDS", SOON)


@asynccontextmanager
async def rehearsing(seconds: float) -> AsyncIterator[Scene]:
    rehearsal = Scene(replace(ORDERS, seconds=seconds))
    yield rehearsal
    for one in rehearsal.people.values():
        await one.close()


def see(rehearsal: Scene, **state: object) -> None:
    """What the colleague's page shows of the room, with the facilitator in it."""
    here = {"person": ORDERS.facilitator_id, "online": True}
    rehearsal.colleague.page.seen.update({"people": {"seat": here}, **state})


async def test_it_ends_when_the_facilitator_stays_away() -> None:
    async with rehearsing(AN_HOUR) as rehearsal:
        await asyncio.wait_for(rehearsal.watch([]), PATIENCE)


async def test_it_ends_when_its_time_is_up() -> None:
    async with rehearsing(SOON * 4) as rehearsal:
        see(rehearsal)
        await asyncio.wait_for(rehearsal.watch([]), PATIENCE)


async def test_it_goes_on_while_the_facilitator_is_here_until_the_room_has_ended() -> None:
    async with rehearsing(AN_HOUR) as rehearsal:
        see(rehearsal)
        watching = asyncio.ensure_future(rehearsal.watch([]))
        for _ in range(LOOKS):
            await asyncio.sleep(scene.LOOK_SECONDS)
        assert not watching.done()
        see(rehearsal, status="ended")
        await asyncio.wait_for(watching, PATIENCE)


async def test_somebody_who_cannot_come_at_all_ends_it_with_their_error() -> None:
    async def fails() -> None:
        raise NotPermitted("The door is shut.")

    async with rehearsing(AN_HOUR) as rehearsal:
        see(rehearsal)
        with pytest.raises(NotPermitted, match="The door is shut"):
            await asyncio.wait_for(rehearsal.watch([asyncio.ensure_future(fails())]), PATIENCE)
