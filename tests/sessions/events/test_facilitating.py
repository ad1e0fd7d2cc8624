"""Who leads: handed over, taken while the lead is away, kept when the lead comes back; and whom they let in."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Service
from backtolife.programme.consent.texts import texts_of
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import heartbeat
from tests.support.factories import Factory
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


def says(hall: Hall, person: Person, *, agreed: bool) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        if not texts_of(db, person.service_id):
            make.asks(db.get_one(Service, person.service_id))
        make.agrees(person, agreed=agreed)


def test_who_took_a_yes_back_at_the_door_is_not_let_in_and_staff_read_why(hall: Hall) -> None:
    linda, joseph = hall.group.patients
    says(hall, linda, agreed=False)
    says(hall, joseph, agreed=True)
    seat, other = hall.sit(linda), hall.sit(joseph)
    lead = hall.connect(hall.group.lead)
    refused = ask(lead, "admit", {"seat": seat.id})
    assert (refused["status"], "Linda has not agreed" in refused["error"]) == (409, True)
    answer = ask(lead, "admit_all")
    assert (answer["admitted"], "Linda has not agreed" in answer["not_agreed"]) == (1, True)
    seats = hall.state["seats"]
    assert (seats[seat.id]["status"], seats[other.id]["status"]) == ("lobby", "admitted")
    says(hall, linda, agreed=True)
    assert ask(lead, "admit_all") == {"ok": True, "admitted": 1}


def test_who_ticked_a_warning_sign_is_not_let_in_with_all_the_others_before_somebody_read_it(hall: Hall) -> None:
    linda, joseph = hall.group.patients
    for person, sign in ((linda, "emergency"), (joseph, "not_today")):
        told = {"camera": "off", "where": "At home", "address": "3 Elm Road", "phone": "01632 960100", "flags": sign}
        page = f"/sessions/{hall.group.group_session.id}/get-ready"
        assert hall.browser(person).post(page, data=told).status_code == 302
    lead = hall.connect(hall.group.lead)
    answer = ask(lead, "admit_all")
    assert (answer["admitted"], "Linda has ticked a warning sign" in answer["unread"]) == (1, True)
    seat = seat_of(hall, "Linda")
    assert (hall.state["seats"][seat]["status"], hall.state["seats"][seat_of(hall, "Joseph")]["status"]) == (
        "lobby",
        "admitted",
    )
    assert ask(lead, "look_up", {"seat": seat})["ok"]
    assert ask(lead, "admit_all") == {"ok": True, "admitted": 1}


def test_a_silent_lead_is_missed_within_five_seconds() -> None:
    assert heartbeat.MISSED_AFTER_SECONDS + heartbeat.EVERY_SECONDS <= 5
