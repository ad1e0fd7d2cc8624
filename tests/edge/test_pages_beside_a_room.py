"""A session is about to start: 64 people open their pages at once, and the live room beside them goes on."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from backtolife import clock
from backtolife.sessions.state import seats
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage, until

AT_ONCE, EVENTS = 64, 12
BETWEEN_HANDS_SECONDS = 0.25
"""A page may put up its hand five times a second."""
PAGES = ("/", "/videos", "/exercises", "/your-details", "/sessions/{session}/room")


@pytest.fixture
def house(url: str, tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path, media=False, other={"WEB_THREADS": "120", "DATABASE_URL": url}) as running:
        yield running


@pytest.fixture
def group(house: House) -> Gathering:
    with house.database() as db:
        made = gather(db, clock.now())
        for person in made.patients:
            seat = made.sit(person, now=clock.now())
            made.apply(seats.admit, clock.now(), seat=seat.id, now_ms=0)
        return made


def look(house: House, cookies: dict[str, str], path: str) -> int:
    return requests.get(house.url + path, cookies=cookies, timeout=90, allow_redirects=False).status_code


def test_sixty_four_pages_at_once_all_answer_while_the_room_beside_them_goes_on(house: House, group: Gathering) -> None:
    session = group.group_session.id
    lead, linda = (SocketPage(house, one, session).connect() for one in (group.lead, group.patients[0]))
    looking = [house.sign_in(one) for one in (group.lead, group.spotter, *group.patients)]
    asked = [(looking[n % 4], PAGES[n % len(PAGES)].format(session=session)) for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        waiting = [crowd.submit(look, house, cookies, path) for cookies, path in asked]
        for number in range(EVENTS):
            told = linda.ask("hand_up" if number % 2 == 0 else "hand_down")
            assert told["ok"], (number, told)
            time.sleep(BETWEEN_HANDS_SECONDS)
        statuses = [each.result() for each in waiting]
    assert statuses == [200] * AT_ONCE
    until(lambda: len(versions(lead)) >= EVENTS, "hearing of every hand")
    assert versions(lead)[-EVENTS:] == list(range(versions(lead)[-EVENTS], versions(lead)[-EVENTS] + EVENTS))
    for page in (lead, linda):
        page.close()


def versions(page: SocketPage) -> list[int]:
    """The versions of the room's state, as they came in."""
    return [given["version"] for name, given in page.heard if name == "patch"]
