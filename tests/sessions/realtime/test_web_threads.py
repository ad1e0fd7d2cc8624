"""One setting says how many threads there are: rooms leave enough of them, and a process asked to end lets pages go."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket

from backtolife import clock
from backtolife.config import ROOT
from backtolife.errors import Invalid
from backtolife.serving import web_arguments
from backtolife.sessions.realtime.connection_limit import OF_ONE, REQUESTS_AT_ONCE, STRANGERS, WAITING_TO_SIT
from backtolife.sessions.realtime.sockets import THREADS, most_pages
from backtolife.web.worker import Worker
from tests.support.people.cookies import cookie_of
from tests.support.running import MOST_THREADS, House, running_house
from tests.support.sessions.gathering import gather
from tests.support.sessions.socket_page import SocketPage, until

NEVER = "600"
"""Seconds of patience with open requests: longer than any test waits."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path / "house", media=False) as running:
        yield running


def threads(**environ: str) -> str:
    words = web_arguments(environ)
    return words[words.index("--threads") + 1]


def test_the_site_is_served_by_the_worker_for_whom_a_thread_is_dear() -> None:
    words = web_arguments({})
    assert words[words.index("-k") + 1] == f"{Worker.__module__}.{Worker.__qualname__}"


def test_gunicorn_and_the_rooms_take_the_one_setting() -> None:
    assert (threads(), threads(WEB_THREADS="90")) == (str(THREADS), "90")
    with pytest.raises(Invalid, match="WEB_THREADS"):
        most_pages(20)


def signed_in(house: House, number: int) -> dict[str, Any]:
    """A browser whose cookie we signed once: one of many."""
    return {"timeout": 60, "cookie": cookie_of(house.app, {"signed_in": f"number-{number}"})}


def test_strangers_take_no_place_of_those_who_are_signed_in(house: House) -> None:
    address = house.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    with ExitStack() as opened:
        for _ in range(STRANGERS):
            opened.enter_context(closing(websocket.create_connection(address, timeout=60))).recv()
        with pytest.raises(websocket.WebSocketBadStatusException):
            websocket.create_connection(address, timeout=60)
        for _ in range(OF_ONE):
            opened.enter_context(closing(websocket.create_connection(address, **signed_in(house, 1)))).recv()
        with pytest.raises(websocket.WebSocketBadStatusException):
            websocket.create_connection(address, **signed_in(house, 1))
        opened.enter_context(closing(websocket.create_connection(address, **signed_in(house, 2)))).recv()


def test_a_connection_that_asks_many_things_at_once_holds_no_more_threads_than_three(house: House) -> None:
    asked = f"{house.url}/socket.io/?EIO=4&transport=polling"
    with requests.Session() as browser, ThreadPoolExecutor(MOST_THREADS) as many:
        sid = json.loads(browser.get(asked, timeout=60).text[1:])["sid"]
        answers = [many.submit(requests.get, f"{asked}&sid={sid}", timeout=60) for _ in range(MOST_THREADS)]
        done, _ = wait(answers, timeout=60, return_when=FIRST_COMPLETED)
        assert done
        assert requests.get(f"{house.url}/healthz", timeout=60).status_code == 200
        refused = [one.result().text for one in answers if one.result().status_code == 400]
    assert refused.count("This connection is asking already.") >= MOST_THREADS - REQUESTS_AT_ONCE


def test_the_site_answers_while_rooms_hold_every_thread_they_may(house: House) -> None:
    address = house.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    may_be_open = most_pages(MOST_THREADS) + WAITING_TO_SIT
    with ExitStack() as opened:
        for number in range(may_be_open):
            opened.enter_context(closing(websocket.create_connection(address, **signed_in(house, number)))).recv()
        with pytest.raises(websocket.WebSocketBadStatusException) as refused:
            websocket.create_connection(address, **signed_in(house, may_be_open))
        with urllib.request.urlopen(f"{house.url}/healthz", timeout=60) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(f"{house.url}/socket.io/?EIO=4&transport=polling", timeout=60)
    assert refused.value.status_code == told.value.code == 503
    assert told.value.headers["Retry-After"], "by this the page knows that it is refused, and stops trying"
    told.value.close()


def test_a_web_process_that_is_asked_to_end_lets_its_pages_go_and_they_come_back(house: House) -> None:
    house.web.stop()
    house.web.command[house.web.command.index("--graceful-timeout") + 1] = NEVER
    house.web.start()
    with house.database() as db:
        group = gather(db, clock.now())
    page = SocketPage(house, group.lead, group.group_session.id).connect()
    running = house.web.running
    assert running is not None
    running.terminate()
    assert running.wait(60) == 0, "it waited for open sockets"
    house.web.running = None
    house.web.start()
    until(lambda: page.client.connected, "coming back")
    assert page.ask("state")["ok"]
    page.close()


def test_too_few_threads_are_refused_in_words(tmp_path: Path) -> None:
    environ = {**os.environ, "BACKTOLIFE_ENV": "test", "DATA_DIR": str(tmp_path), "PORT": "0", "WEB_THREADS": "20"}
    done = subprocess.run(
        [sys.executable, "-m", "backtolife.cli", "web"],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode != 0
    assert "WEB_THREADS is 20" in done.stderr
    assert "Traceback" not in done.stderr
