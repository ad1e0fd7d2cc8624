"""Who leads: handed over, taken while the lead is away, kept when the lead comes back."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import heartbeat
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def seat_of(hall: Hall, name: str) -> str:
    return next(seat for seat, entry in hall.state["seats"].items() if entry["name"] == name)


def leads(hall: Hall) -> str:
    return str(hall.state["seats"][hall.state["lead"]]["name"])


def test_the_lead_hands_over_and_stays_the_spotter(hall: Hall) -> None:
    lead, _ = hall.connect(hall.group.lead), hall.connect(hall.group.spotter)
    assert leads(hall) == "Priya"
    assert ask(lead, "hand_over", {"seat": seat_of(hall, "Tom")})["ok"]
    assert leads(hall) == "Tom"
    hall.connect(hall.group.lead, tab="again")
    assert leads(hall) == "Tom"


def test_only_who_leads_hands_over(hall: Hall) -> None:
    hall.connect(hall.group.lead)
    spotter = hall.connect(hall.group.spotter)
    answer = ask(spotter, "hand_over", {"seat": seat_of(hall, "Tom")})
    assert (answer["status"], "Only the facilitator who leads" in answer["error"]) == (409, True)


def test_the_lead_is_not_handed_to_a_patient_or_to_one_who_is_away(hall: Hall) -> None:
    patient = hall.sit(hall.group.patients[0], admitted=True)
    hall.connect(hall.group.patients[0])
    lead, spotter = hall.connect(hall.group.lead), hall.connect(hall.group.spotter)
    tom = seat_of(hall, "Tom")
    spotter.disconnect()
    assert [ask(lead, "hand_over", {"seat": seat})["status"] for seat in (patient.id, tom)] == [409, 409]
    assert leads(hall) == "Priya"


def test_the_spotter_takes_over_only_while_the_lead_is_away(hall: Hall) -> None:
    lead, spotter = hall.connect(hall.group.lead), hall.connect(hall.group.spotter)
    assert ask(spotter, "take_lead")["status"] == 409
    lead.disconnect()
    assert ask(spotter, "take_lead")["ok"]
    assert leads(hall) == "Tom"
    hall.connect(hall.group.lead)
    assert leads(hall) == "Tom"


def test_a_facilitators_page_that_stops_answering_is_missed_and_found_again(hall: Hall) -> None:
    hall.connect(hall.group.lead)
    priya = seat_of(hall, "Priya")
    connection = live(hall.app).connections.of_seat(priya)
    assert connection is not None
    engine = hall.app.extensions["backtolife.engine"]
    connection.heard_at -= heartbeat.MISSED_AFTER_SECONDS + 1
    with hall.app.app_context():
        heartbeat.beat(live(hall.app), engine, "", clock.now())
        assert not hall.state["seats"][priya]["online"]
        connection.hear()
        heartbeat.beat(live(hall.app), engine, "", clock.now())
    assert hall.state["seats"][priya]["online"]


def test_a_silent_lead_is_missed_within_five_seconds() -> None:
    assert heartbeat.MISSED_AFTER_SECONDS + heartbeat.EVERY_SECONDS <= 5
