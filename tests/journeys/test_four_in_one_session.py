"""Two patients and a facilitator in Chromium and a client nobody here wrote meet in one session of the product."""

import asyncio
import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person
from backtolife.sessions.room.models import Seat
from tests.support.browser import chromium, desktop, phone
from tests.support.media.native import NativePerson, native_person
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
LISTEN_SECONDS = 10
LEAST_FRAMES = 20
"""A picture that moves. How often it does is the machine's affair, and measured in `benchmarks`."""
WINDOWS = 4
"""A machine whose cores are taken by others draws fewer pictures: look again, but never accept a loss."""
KEEP_CONNECTIONS = """() => {
  window.connections = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); window.connections.push(this); }
  };
}"""
RECEIVED = """async () => {
  const found = {};
  for (const connection of window.connections) {
    for (const report of (await connection.getStats()).values()) {
      if (report.type !== 'inbound-rtp') continue;
      found[report.trackIdentifier] = {
        kind: report.kind, frames: report.framesDecoded ?? 0, energy: report.totalAudioEnergy ?? 0,
        lost: report.packetsLost ?? 0,
      };
    }
  }
  return found;
}"""

ALL_ARRIVE = f"async () => Object.values(await ({RECEIVED})()).filter(each => each.frames || each.energy).length >= 6"
"""Three pictures and three sounds."""


@dataclass
class Native:
    """The native client, in a thread with a loop of its own."""

    url: str
    token: str
    person: NativePerson | None = None
    ready: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        asyncio.run(self.stay())

    async def stay(self) -> None:
        async with native_person(self.url, self.token) as person:
            self.person = person
            await person.publish()
            self.ready.set()
            await asyncio.to_thread(self.done.wait)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path / "house") as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def page_of(house: House, browser: Browser, person: Person, *, small: bool = False) -> Page:
    context = phone(browser) if small else desktop(browser)
    context.add_cookies(house.browser_cookies(person))  # type: ignore[arg-type]
    context.add_init_script(f"({KEEP_CONNECTIONS})()")
    return context.new_page()


def join(page: Page, house: House, group: Gathering) -> None:
    page.goto(f"{house.url}/j/{group.group_session.join_code}")
    page.locator("input[name=camera][value=everyone]").check(force=True)
    page.get_by_text("At home", exact=True).click()
    page.get_by_role("button", name="Join the group").click()
    expect(page.get_by_text("You are in the waiting room")).to_be_visible()


def media_token(house: House, person: Person, session_id: str) -> dict[str, str]:
    """The token that the product gives this person once they were let in, asked for as their page would."""
    cookies = "; ".join(f"{name}={value}" for name, value in house.sign_in(person).items())
    base = f"{house.url}/sessions/{session_id}"
    with urllib.request.urlopen(urllib.request.Request(f"{base}/room", headers={"Cookie": cookies})) as page:
        text = page.read().decode()
        kept = page.headers.get("Set-Cookie", "")
    csrf = re.search(r'name="csrf-token" content="([^"]+)"', text)
    assert csrf
    cookies = kept.partition(";")[0] or cookies
    headers = {"Cookie": cookies, "X-CSRFToken": csrf[1], "Accept": "application/json", "Referer": house.url}
    request = urllib.request.Request(f"{base}/media-token", headers=headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        given: dict[str, str] = json.loads(answer.read())
    return given


def gained(before: dict[str, Any], after: dict[str, Any], kind: str, figure: str) -> list[float]:
    """How much each received track of `kind` has gained; a track that ended meanwhile does not count."""
    tracks = [name for name, report in after.items() if report["kind"] == kind]
    return sorted(after[name][figure] - before.get(name, {}).get(figure, 0) for name in tracks)


@dataclass(frozen=True)
class Heard:
    """What the native client has of each of the others."""

    frames: dict[str, int]
    energy: dict[str, int]

    @classmethod
    def of(cls, person: NativePerson) -> "Heard":
        return cls(dict(person.frames), dict(person.energy))

    def since(self, early: "Heard") -> "Heard":
        frames = {who: count - early.frames.get(who, 0) for who, count in self.frames.items()}
        return Heard(frames, {who: count - early.energy.get(who, 0) for who, count in self.energy.items()})


def lacking(before: list[dict[str, Any]], after: list[dict[str, Any]], native: Heard) -> list[str]:
    """Which of the twelve pairs gained too few frames, or no sound, as words for whoever reads the failure."""
    found = []
    for number, (early, late) in enumerate(zip(before, after, strict=True)):
        seen, heard = gained(early, late, "video", "frames")[-3:], gained(early, late, "audio", "energy")[-3:]
        if len(seen) < 3 or min(seen) < LEAST_FRAMES:
            found.append(f"page {number} saw {seen}")
        if len(heard) < 3 or min(heard) <= 0:
            found.append(f"page {number} heard {heard}")
    if len(native.frames) < 3 or min(native.frames.values()) < LEAST_FRAMES:
        found.append(f"the native client saw {native.frames}")
    if len(native.energy) < 3 or min(native.energy.values()) <= 0:
        found.append(f"the native client heard {native.energy}")
    return found


def test_each_of_the_twelve_pairs_sees_and_hears_the_other(house: House, browser: Browser) -> None:
    with house.database() as db:
        group = gather(db, clock.now(), ("Linda", "Joseph", "Native"))
        native_is = group.patients[2]
        group.sit(native_is, now=clock.now())
        native_seat = db.exec(select(Seat.id).where(Seat.person_id == native_is.id)).one()
    linda, joseph = (page_of(house, browser, person, small=True) for person in group.patients[:2])
    lead = page_of(house, browser, group.lead)
    for page in (linda, joseph):
        join(page, house, group)
    lead.goto(f"{house.url}/sessions/{group.group_session.id}/room")
    lead.get_by_role("button", name="Let all in").click()
    lead.get_by_role("button", name="Start session 1").click()
    lead.get_by_role("button", name="Start next: Say hello").click()
    expect(linda.get_by_role("heading", name="Say hello", exact=True)).to_be_visible()
    for page in (lead, linda, joseph):
        page.get_by_role("button", name="Turn sound on").click()

    given = media_token(house, native_is, group.group_session.id)
    native = Native(given["url"], given["token"])
    thread = threading.Thread(target=native.run)
    thread.start()
    try:
        assert native.ready.wait(30)
        pages = (lead, linda, joseph)
        for page in pages:
            page.wait_for_function(ALL_ARRIVE)
        assert native.person is not None
        for _ in range(WINDOWS):
            before, heard = [page.evaluate(RECEIVED) for page in pages], Heard.of(native.person)
            lead.wait_for_timeout(LISTEN_SECONDS * 1000)
            after, gains = [page.evaluate(RECEIVED) for page in pages], Heard.of(native.person).since(heard)
            if not lacking(before, after, gains):
                break
    finally:
        native.done.set()
        thread.join(30)

    for late in after:
        assert max(report["lost"] for report in late.values()) <= 0, late  # below 0: a packet came twice
    assert not lacking(before, after, gains)
    assert native_seat not in gains.frames
