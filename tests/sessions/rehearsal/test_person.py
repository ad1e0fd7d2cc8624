"""A simulated person goes when sent home, whatever else happens at that moment."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from backtolife.sessions.rehearsal.person import SimulatedPerson
from tests.sessions.rehearsal.test_orders import ORDERS

PATIENCE, TURNS = 10.0, 5


async def test_news_at_the_moment_of_being_sent_home_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web process that is killed does both: its connections break, and its people are sent home."""

    async def stay(self: SimulatedPerson) -> None:
        """In the room already."""

    monkeypatch.setattr(SimulatedPerson, "keep_up", stay)
    person = SimulatedPerson(ORDERS.parts[0], ORDERS)
    living = asyncio.ensure_future(person.live())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    person.page.changed.set()
    living.cancel()
    done, _ = await asyncio.wait({living}, timeout=PATIENCE)
    living.cancel()
    await person.close()
    assert done
    assert living.cancelled()


@pytest.mark.parametrize("status", [200, 404])
async def test_whoever_missed_the_end_hears_of_it_when_they_come_again(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The page of a room that is over has the same address, and a deleted rehearsal has no page at all."""
    person = SimulatedPerson(ORDERS.parts[0], ORDERS)

    async def gone(_: web.Request) -> web.Response:
        return web.Response(status=status, text='<meta name="csrf-token" content="one">')

    over = web.Application()
    over.router.add_get("/{path:.*}", gone)
    async with TestServer(over) as site:
        person.page.site = str(site.make_url("")).rstrip("/")
        monkeypatch.setattr(person.page, "get_ready", _ready)
        await asyncio.wait_for(person.live(), PATIENCE)
    assert person.over
    await person.close()


async def _ready(_: object) -> None:
    """They are in the waiting room already."""
