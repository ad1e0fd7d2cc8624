"""How soon a room without browsers is whole again: a silent lead, and twenty kills of the web process."""

import itertools
import time
from collections.abc import Iterator

import pytest
from sqlmodel import select

from backtolife import clock
from backtolife.sessions.room.models import ChatMessage
from backtolife.sessions.state import seats as seat_changes
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage, until

KILLS = 20
BACK_WITHIN = 5.0
"""Seconds from the new web process's first answer until every page has its state again."""
NOTICED_WITHIN = 5.0


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("timed"), media=False) as running:
        yield running


@pytest.fixture
def group(house: House) -> Gathering:
    with house.database() as db:
        made = gather(db, clock.now())
        seats = [made.sit(person, now=clock.now()) for person in made.patients]
        for seat in seats:
            made.apply(seat_changes.admit, clock.now(), seat=seat.id, now_ms=0)
        return made


def pages_of(house: House, group: Gathering) -> list[SocketPage]:
    people = [group.lead, group.spotter, *group.patients]
    return [SocketPage(house, person, group.group_session.id).connect() for person in people]


def test_lead_facilitator_drops_and_is_missed_within_five_seconds(house: House, group: Gathering) -> None:
    took = []
    for _ in range(5):
        lead, _, linda, _ = pages = pages_of(house, group)
        seat = lead.ask("state")["state"]["me"]["seat"]
        lead.client.on("here", lambda *_: time.sleep(12))  # the page hangs, its connection stays open
        time.sleep(1.5)
        linda.heard.clear()
        began = time.monotonic()

        def missed(heard: list[tuple[str, object]] = linda.heard, who: str = seat) -> bool:
            return any(name == "patch" and f"'{who}': {{'online': False" in str(given) for name, given in heard)

        until(missed, "missing the lead")
        took.append(round(time.monotonic() - began, 2))
        for page in pages:
            page.close()
    print(f"the silent lead was missed after {sorted(took)} s")  # noqa: T201 - the figure is what a soak is for
    assert max(took) <= NOTICED_WITHIN, took


def test_web_process_killed_twenty_times_loses_and_doubles_no_message(house: House, group: Gathering) -> None:
    pages, took, sent = pages_of(house, group), [], itertools.count()
    lead, _, linda, _ = pages
    assert lead.ask("start")["ok"]
    for _ in range(KILLS):
        words = {"text": f"Message {next(sent)}", "audience": "group", "client_id": f"c{next(sent)}"}
        linda.client.emit("chat", words)
        house.web.kill()
        house.web.start()
        began = time.monotonic()
        until(lambda: all(page.client.connected for page in pages), "reconnecting")
        assert all(page.ask("state")["state"]["section"]["index"] == 0 for page in pages)
        took.append(round(time.monotonic() - began, 2))
        assert linda.ask("chat", words)["ok"]
    print(f"the room's state was back after {sorted(took)} s")  # noqa: T201 - the figure is what a soak is for
    with house.database() as db:
        wanted = select(ChatMessage.text).where(ChatMessage.group_session_id == group.group_session.id)
        kept = list(db.exec(wanted))
    assert len(kept) == len(set(kept)) == KILLS
    assert max(took) <= BACK_WITHIN, took
    for page in pages:
        page.close()
