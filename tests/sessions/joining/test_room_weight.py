"""How much a phone must fetch to be in the room: the page with everything on it, and the room's state."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife.sessions.joining.assets import loaded
from backtolife.web.static_files import marked
from tests.support.sessions.hall import Hall, ask, open_hall

MOST_PAGE_BYTES = 400_000
MOST_STATE_BYTES = 20_000
NAMES = tuple(f"Somebody {number}" for number in range(1, 15))
ADDRESS = re.compile(r'(?:src|href|data-livekit)="(/static/[^"]+)"')


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app, NAMES) as running:
        yield running


def test_the_page_with_all_that_it_loads_is_at_most_400_kb_compressed(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    browser = hall.browser(hall.group.patients[0])
    page = browser.get(f"/sessions/{hall.group.group_session.id}/room", headers={"Accept-Encoding": "gzip"})
    assert page.status_code == 200
    addresses = set(ADDRESS.findall(page.text))
    once = loaded("patient.js")
    livekit = "vendor/livekit-client/livekit-client.umd.js"
    assert {f"/static/{marked(path)}" for path in (once.script, *once.sheets, livekit)} <= addresses
    sizes = {"page": len(page.data)}
    for address in sorted(addresses):
        with browser.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            assert answer.status_code == 200, address
            sizes[address] = len(answer.data)
    assert sum(sizes.values()) <= MOST_PAGE_BYTES, sizes


def test_joining_a_full_room_late_sends_at_most_20_kb_of_state(hall: Hall) -> None:
    seats = [hall.sit(person, admitted=True) for person in hall.group.patients]
    spotter, lead = hall.connect(hall.group.spotter), hall.connect(hall.group.lead)
    assert spotter.is_connected()
    assert ask(lead, "start")["ok"]
    linda = hall.connect(hall.group.patients[0])
    for number in range(120):
        words = f"{number}: getting down to my bulbs is fine, and it is getting up again that is hard for me."
        assert hall.ask_fresh(seats[0], linda, "chat", {"text": words, "audience": "group", "client_id": f"c{number}"})[
            "ok"
        ]
    for page, person in ((linda, hall.group.patients[0]), (lead, hall.group.lead)):
        told = ask(page, "state")
        assert len(told["state"]["people"]) == 16, person.shown_name
        assert told["chat"][-1]["text"].startswith("119:")
        assert len(json.dumps(told).encode()) <= MOST_STATE_BYTES, person.shown_name
