"""Somebody who rehearses in the running product, without a browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import CohortStaff, StaffPlace
from backtolife.sessions.rehearsals.stage import PATIENTS
from backtolife.sessions.room.models import GroupSession
from tests.support.running import House
from tests.support.sessions import socket_page
from tests.support.sessions.gathering import gather
from tests.support.sessions.simulated import simulated
from tests.support.sessions.socket_page import SocketPage

PATIENCE_SECONDS = 90.0
"""A process that gives way to all others takes long to come on a busy machine."""


@dataclass
class Rehearsing:
    """Somebody who has just started a rehearsal: their browser, and the room's page."""

    browser: requests.Session
    csrf: str
    page: SocketPage

    @property
    def room_id(self) -> str:
        return self.page.group_session_id


@contextmanager
def begun(house: House) -> Iterator[Rehearsing]:
    """A lead's rehearsal of session 2, just begun."""
    with house.database() as db:
        priya = gather(db, clock.now()).lead
    with requests.Session() as browser:
        browser.headers["Referer"] = f"{house.url}/rehearse"
        for name, value in house.sign_in(priya).items():
            browser.cookies.set(name, value, domain=cookie_domain(house.url))
        form = {"csrf_token": token_in(browser.get(f"{house.url}/rehearse").text), "number": "2"}
        room = browser.post(f"{house.url}/rehearse", data=form)
        assert "Everyone here but you is simulated" in room.text
        room_id = room.url.split("/")[-2]
        page = SocketPage(house, stand_in(house, room_id), room_id).connect()
        yield Rehearsing(browser, token_in(room.text), page)
        page.close()


def cookie_domain(url: str) -> str:
    """Under which name Python's cookie jar keeps this address, so that a newer cookie replaces ours."""
    host = urlsplit(url).hostname or ""
    return host if "." in host else f"{host}.local"


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


def stages(house: House) -> list[str]:
    with house.database() as db:
        return list(db.exec(select(Service.id).where(Service.rehearsal)))


def follow_through(house: House, rehearsing: Rehearsing) -> None:
    """Everyone comes, sends sound and picture, follows into small groups and back, and is gone at the end."""
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
