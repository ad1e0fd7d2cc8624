"""What a call for help tells: the caller who was there to hear it, and staff that it is over."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def told(hall: Hall) -> list[str]:
    """Whom Linda's page says it has told."""
    page = hall.connect(hall.group.patients[0])
    [alert] = ask(page, "state")["state"]["alerts"].values()
    names: list[str] = alert["told"]
    return names


@pytest.mark.parametrize("admitted", [True, False])
def test_only_who_is_in_the_room_is_named_as_told(hall: Hall, admitted: bool) -> None:
    hall.sit(hall.group.patients[0], admitted=admitted)
    lead = hall.connect(hall.group.lead)
    assert ask(hall.connect(hall.group.patients[0]), "help")["ok"]
    assert told(hall) == ["Priya"]
    spotter = hall.connect(hall.group.spotter)
    assert set(told(hall)) == {"Priya", "Tom"}
    spotter.disconnect()
    assert told(hall) == ["Priya"]
    assert ask(lead, "leave")["ok"]
    assert told(hall) == []


def test_staff_read_that_somebody_says_they_are_ok(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    linda, lead = hall.connect(hall.group.patients[0]), hall.connect(hall.group.lead)
    joseph = hall.sit(hall.group.patients[1], admitted=True)
    others = hall.connect(hall.group.patients[1])
    assert joseph
    ask(linda, "help")
    for page in (lead, others):
        page.get_received()
    assert ask(linda, "help_over")["ok"]
    assert [one["args"] for one in lead.get_received() if one["name"] == "well_again"] == [[{"name": "Linda"}]]
    assert not [one for one in others.get_received() if one["name"] == "well_again"]


def test_a_call_that_staff_close_says_nothing_of_how_somebody_is(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    linda, lead = hall.connect(hall.group.patients[0]), hall.connect(hall.group.lead)
    alert = ask(linda, "help")["alert"]
    lead.get_received()
    assert ask(lead, "help_close", {"alert": alert})["ok"]
    assert not [one for one in lead.get_received() if one["name"] == "well_again"]
