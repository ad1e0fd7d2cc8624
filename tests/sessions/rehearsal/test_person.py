"""A simulated person goes when sent home, whatever else happens at that moment."""

import asyncio

import pytest

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
