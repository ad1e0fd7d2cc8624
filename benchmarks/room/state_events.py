"""How fast an event reaches everyone: 16 people in each of 3 busy rooms. `python -m benchmarks.room.state_events`"""

import asyncio
import os
import random
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import socketio

from backtolife import clock
from backtolife.people.models import Person
from backtolife.sessions.state import seats
from benchmarks.room.figures import line
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather

ROOMS, PATIENTS = 3, 14
SECONDS = float(os.environ.get("SECONDS", "20"))
EVERY_SECONDS = 0.4
"""How long each room rests between two events: hands, signs and words together are rarely more."""
REACH_MS = 150.0
PLACES = {"WEB_THREADS": "114"}
"""Room for 64 sockets, of which 48 are used."""


@dataclass
class Listener:
    """One page without a browser; notes when each version of the room's state came in."""

    house: House
    person: Person
    group: Gathering
    arrived: dict[int, float] = field(default_factory=dict)

    async def connect(self) -> None:
        self.http = aiohttp.ClientSession(
            cookies=self.house.sign_in(self.person), cookie_jar=aiohttp.CookieJar(unsafe=True)
        )
        address = f"{self.house.url}/sessions/{self.group.group_session.id}/room"
        async with self.http.get(address) as page:
            token = re.search(r'name="csrf-token" content="([^"]+)"', await page.text())
        assert token is not None
        self.client = socketio.AsyncClient(http_session=self.http, reconnection=False)
        self.client.on("patch", self.note)
        auth = {"session": self.group.group_session.id, "csrf": token[1], "tab": self.person.id}
        await self.client.connect(self.house.url, auth=auth, transports=["websocket"], wait_timeout=30)

    async def note(self, message: dict[str, Any]) -> None:
        self.arrived[message["version"]] = time.perf_counter()

    async def close(self) -> None:
        await self.client.disconnect()
        await self.http.close()


def fill(house: House) -> list[Gathering]:
    """Three groups of 14 patients, everyone admitted, with their two facilitators."""
    groups = []
    for room in range(ROOMS):
        with house.database() as db:
            group = gather(db, clock.now(), tuple(f"Patient {room} {number}" for number in range(PATIENTS)))
            for person in (group.lead, group.spotter):
                group.sit(person, now=clock.now())
            for person in group.patients:
                seat = group.sit(person, now=clock.now())
                group.apply(seats.admit, clock.now(), seat=seat.id, now_ms=0)
        groups.append(group)
    return groups


async def stir(listeners: list[Listener], until: float, *, heard_within: float = EVERY_SECONDS) -> list[float]:
    """One busy room: somebody's hand goes up or down, and it is timed at everybody. Milliseconds.

    Raises AssertionError when somebody has not heard of it within so many seconds.
    """
    delays: list[float] = []
    up: set[str] = set()
    while time.perf_counter() < until:
        one = random.choice(listeners)
        name = "hand_down" if one.person.id in up else "hand_up"
        up ^= {one.person.id}
        before = max(one.arrived, default=0)
        sent = time.perf_counter()
        answer = await one.client.call(name, {}, timeout=60)
        assert answer["ok"], answer
        await asyncio.sleep(EVERY_SECONDS)
        version = min(each for each in one.arrived if each > before)
        for _ in range(int(heard_within / EVERY_SECONDS) - 1):
            if all(version in each.arrived for each in listeners):
                break
            await asyncio.sleep(EVERY_SECONDS)
        delays += [(each.arrived[version] - sent) * 1000 for each in listeners if version in each.arrived]
        missing = sum(version not in each.arrived for each in listeners)
        assert not missing, f"{missing} of {len(listeners)} heard nothing within {heard_within} s"
    return delays


async def measure(house: House, groups: list[Gathering]) -> list[float]:
    rooms = [[Listener(house, who, each) for who in (each.lead, each.spotter, *each.patients)] for each in groups]
    for listener in (one for room in rooms for one in room):
        await listener.connect()
    await asyncio.sleep(2)
    until = time.perf_counter() + SECONDS
    found = await asyncio.gather(*(stir(room, until) for room in rooms))
    for listener in (one for room in rooms for one in room):
        await listener.close()
    return [delay for delays in found for delay in delays]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_house(Path(folder), media=False, other=PLACES) as house:
        delays = asyncio.run(measure(house, fill(house)))
    print(line(f"state event, {PATIENTS + 2} people, {ROOMS} busy rooms", delays, REACH_MS))


if __name__ == "__main__":
    main()
