"""A rehearsal of the running product without a browser: its people come, fall out of a web process that dies, follow
into small groups.
"""

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person, Service
from backtolife.programme.models import CohortStaff, StaffPlace
from backtolife.sessions.models import GroupSession
from backtolife.sessions.rehearsal_stage import PATIENTS
from tests.running import House
from tests.sessions import socket_page
from tests.sessions.gathering import gather
from tests.sessions.simulated import simulated
from tests.sessions.socket_page import SocketPage

PATIENCE_SECONDS = 90.0
"""A process that gives way to all others takes long to come on a busy machine."""
pytestmark = [pytest.mark.media, pytest.mark.timeout(600)]


@dataclass
class Rehearsing:
    """Somebody who has just started a rehearsal: their browser, and the room's page."""

    browser: requests.Session
    csrf: str
    page: SocketPage

    @property
    def room_id(self) -> str:
        return self.page.group_session_id


@pytest.fixture
def rehearsing(house: House) -> Iterator[Rehearsing]:
    with house.database() as db:
        priya = gather(db, clock.now()).lead
    with requests.Session() as browser:
        for name, value in house.sign_in(priya).items():
            browser.cookies.set(name, value, domain="127.0.0.1")
        form = {"csrf_token": token_in(browser.get(f"{house.url}/rehearse").text), "number": "2"}
        room = browser.post(f"{house.url}/rehearse", data=form)
        assert "Everyone here but you is simulated" in room.text
        room_id = room.url.split("/")[-2]
        page = SocketPage(house, stand_in(house, room_id), room_id).connect()
        yield Rehearsing(browser, token_in(room.text), page)
        page.close()


def token_in(text: str) -> str:
    found = re.search(r'name="csrf[-_]token"[^>]*(?:value|content)="([^"]+)"', text)
    assert found is not None
    return found[1]


def until(true: Callable[[], bool], what: str) -> None:
    socket_page.until(true, what, PATIENCE_SECONDS)


def stand_in(house: House, room_id: str) -> Person:
    with house.database() as db:
        cohort_id = db.get_one(GroupSession, room_id).cohort_id
        wanted = select(CohortStaff.person_id).where(
            CohortStaff.cohort_id == cohort_id, CohortStaff.place == StaffPlace.LEAD
        )
        return db.get_one(Person, db.exec(wanted).one())


def seats(house: House, room_id: str) -> list[dict[str, object]]:
    with house.database() as db:
        state = db.get_one(GroupSession, room_id).state
    return [one for one in state.get("seats", {}).values() if one["role"] == "patient"]


def test_simulated_people_follow_the_group_and_end_with_it(house: House, rehearsing: Rehearsing) -> None:
    room_id, facilitator = rehearsing.room_id, rehearsing.page
    until(lambda: len(seats(house, room_id)) == len(PATIENTS), "the coming of everyone")
    assert facilitator.ask("admit_all")["ok"]
    until(lambda: all(one.get("media") for one in seats(house, room_id)), "sound and picture of everyone")
    assert facilitator.ask("start")["ok"]
    assert facilitator.ask("small_plan", {"groups": 2})["ok"]
    assert facilitator.ask("small_open", {"minutes": 5})["ok"]
    until(lambda: {one.get("at") for one in seats(house, room_id)} == {"1", "2"}, "everyone in their small group")
    assert facilitator.ask("small_end")["ok"]
    until(lambda: {one.get("at") for one in seats(house, room_id)} == {""}, "everyone back")
    facilitator.client.emit("end", {})  # the page is closed sooner than answered
    until(lambda: not simulated(house), "the end of the process")
    until(lambda: not stages(house), "the deletion of all of it")


def stages(house: House) -> list[str]:
    with house.database() as db:
        return list(db.exec(select(Service.id).where(Service.rehearsal)))


def test_a_killed_process_is_told_to_the_page_and_brought_back(house: House, rehearsing: Rehearsing) -> None:
    room_id, facilitator = rehearsing.room_id, rehearsing.page
    until(lambda: len(seats(house, room_id)) == len(PATIENTS), "the coming of everyone")
    os.kill(simulated(house)[0], signal.SIGKILL)
    until(lambda: any(name == "people_gone" for name, _ in facilitator.heard), "the word to the page")
    until(lambda: not any(one["online"] for one in seats(house, room_id)), "everyone shown as gone")
    headers = {"X-CSRFToken": rehearsing.csrf}
    answer = rehearsing.browser.post(f"{house.url}/sessions/{room_id}/people", headers=headers)
    assert answer.status_code == 200
    until(lambda: all(one["online"] for one in seats(house, room_id)), "everyone back")
    facilitator.client.emit("end", {})  # the page is closed sooner than answered
    until(lambda: not stages(house), "the deletion of all of it")


def test_the_people_are_gone_when_the_web_process_is_killed(house: House, rehearsing: Rehearsing) -> None:
    until(lambda: len(seats(house, rehearsing.room_id)) == len(PATIENTS), "the coming of everyone")
    pids = simulated(house)
    assert len(pids) == 1
    house.web.kill()
    try:
        until(lambda: not Path(f"/proc/{pids[0]}").exists(), "the end of the process")
    finally:
        house.web.start()
