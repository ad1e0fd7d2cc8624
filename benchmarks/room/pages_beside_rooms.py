"""64 pages at once, again and again, beside 3 live rooms: `python -m benchmarks.room.pages_beside_rooms`"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp

from benchmarks.room.figures import line
from benchmarks.room.state_events import REACH_MS, SECONDS, Listener, fill, stir
from tests.support.postgresql import running_postgresql
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering

AT_ONCE = 64
REST_SECONDS = 1.0
PLACES = {"WEB_THREADS": "200"}
PAGES = ("/", "/questions", "/videos", "/exercises", "/your-details", "/sessions/{session}/room")
"""What people open when a session is near."""


@contextmanager
def visitors(house: House, groups: list[Gathering]) -> Iterator[list[tuple[dict[str, str], str]]]:
    """Cookies and address of each of the 64."""
    people = [(one, group) for group in groups for one in (*group.patients, group.lead, group.spotter)]
    asked = [(house.sign_in(one), one.is_staff, group.group_session.id) for one, group in (people * 2)[:AT_ONCE]]
    yield [
        (cookies, page_of(n, is_staff).format(session=session)) for n, (cookies, is_staff, session) in enumerate(asked)
    ]


def page_of(number: int, is_staff: bool) -> str:
    """Patients alone have questions: staff who asked for them would be refused."""
    page = PAGES[number % len(PAGES)]
    return "/" if is_staff and page == "/questions" else page


async def look(house: House, who: list[tuple[dict[str, str], str]], until: float) -> tuple[list[float], Counter[int]]:
    """Wave after wave. Milliseconds until each page was whole, and how often each status came."""
    waits: list[float] = []
    came: Counter[int] = Counter()

    async def one(cookies: dict[str, str], path: str) -> None:
        began = time.perf_counter()
        async with (
            aiohttp.ClientSession(cookies=cookies, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
            http.get(house.url + path, allow_redirects=False) as answer,
        ):
            await answer.read()
            came[answer.status] += 1
        waits.append((time.perf_counter() - began) * 1000)

    while True:
        await asyncio.gather(*(one(cookies, path) for cookies, path in who))
        if time.perf_counter() + REST_SECONDS > until:
            break
        await asyncio.sleep(REST_SECONDS)
    return waits, came


async def measure(house: House, groups: list[Gathering], asked: list[tuple[dict[str, str], str]], kind: str) -> None:
    rooms = [
        [Listener(house, each, group) for each in (group.lead, group.spotter, *group.patients)] for group in groups
    ]
    for listener in (one for room in rooms for one in room):
        await listener.connect()
    await asyncio.gather(*(look(house, [each], 0.0) for each in asked[: len(PAGES)]))  # templates are compiled once
    alone = await beside(rooms, time.perf_counter() + SECONDS / 2)
    until = time.perf_counter() + SECONDS
    looking = asyncio.create_task(look(house, asked, until))
    busy = await beside(rooms, until)
    waits, came = await looking
    for listener in (one for room in rooms for one in room):
        await listener.close()
    print(line(f"{kind}, state event, no pages", alone, REACH_MS))
    print(line(f"{kind}, state event, {AT_ONCE} pages at once beside it", busy, REACH_MS))
    print(line(f"{kind}, page among {AT_ONCE}", waits, 5000.0), dict(came))


async def beside(rooms: list[list[Listener]], until: float) -> list[float]:
    found = await asyncio.gather(*(stir(room, until, heard_within=60) for room in rooms))
    return [delay for delays in found for delay in delays]


def run(folder: Path, kind: str, other: dict[str, str]) -> None:
    with running_house(folder, media=False, other=PLACES | other) as house:
        groups = fill(house)
        with visitors(house, groups) as who:
            asyncio.run(measure(house, groups, who, kind))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), "SQLite", {})
    with tempfile.TemporaryDirectory() as folder, running_postgresql(Path(folder)) as url:
        run(Path(folder), "PostgreSQL", {"DATABASE_URL": url})


if __name__ == "__main__":
    main()
