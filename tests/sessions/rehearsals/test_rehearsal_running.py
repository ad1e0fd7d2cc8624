"""A rehearsal of the running product without a browser: its people come, fall out of a web process that dies, follow
into small groups.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from backtolife.sessions.rehearsals.stage import PATIENTS
from tests.support.running import House
from tests.support.sessions.rehearsing import Rehearsing, begun, follow_through, seats, stages, until
from tests.support.sessions.simulated import simulated

pytestmark = [pytest.mark.media, pytest.mark.timeout(600)]


@pytest.fixture
def rehearsing(house: House) -> Iterator[Rehearsing]:
    with begun(house) as one:
        yield one


def test_simulated_people_follow_the_group_and_end_with_it(house: House, rehearsing: Rehearsing) -> None:
    follow_through(house, rehearsing)


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
    assert facilitator.ask("start")["ok"]
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
