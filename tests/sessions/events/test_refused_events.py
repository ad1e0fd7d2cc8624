"""Every event of the room, from everyone who may not send it, in every shape that does not fit."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role, Service
from backtolife.people.permissions import PERMISSIONS
from backtolife.sessions.events.reading import limits_of
from backtolife.sessions.events.registry import EVENTS, PER_SECOND
from backtolife.sessions.room.models import HelpAlert
from backtolife.sessions.state import seats
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import SENT, Hall, ask, open_hall

FACILITATORS_ONLY = sorted(name for name, event in EVENTS.items() if event.permission == "session.lead")


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def test_every_event_names_a_permission_that_somebody_has() -> None:
    assert all(PERMISSIONS[event.permission] for event in EVENTS.values())


def test_every_event_that_needs_a_payload_is_tried_here() -> None:
    needed = {name for name, event in EVENTS.items() if event.payload.__required_keys__}
    assert needed <= SENT.keys()


def test_nobody_but_patients_and_facilitators_connects(hall: Hall) -> None:
    for role in set(Role) - {Role.PATIENT, Role.FACILITATOR}:
        with session_scope(hall.app.extensions["backtolife.engine"]) as db:
            hall.group.make.db = db
            person = hall.group.make.person(db.get_one(Service, hall.group.lead.service_id), role)
        assert not hall.connect(person).is_connected()


def test_nobody_connects_without_the_token_of_the_page(hall: Hall) -> None:
    hall.sit(hall.group.patients[0])
    assert not hall.connect(hall.group.patients[0], csrf="").is_connected()


def test_nobody_connects_without_a_seat(hall: Hall) -> None:
    assert not hall.connect(hall.group.patients[0]).is_connected()


def test_nobody_connects_to_another_groups_room(hall: Hall) -> None:
    hall.sit(hall.group.patients[0])
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        other = gather(db, clock.now()).group_session.id
    assert not hall.connect(hall.group.patients[0], room=other).is_connected()
    assert not hall.connect(hall.group.lead, room=other).is_connected()


def test_a_patient_may_not_lead(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0], admitted=True)
    page, before = hall.connect(hall.group.patients[0]), hall.state
    answers = {name: hall.ask_fresh(seat, page, name)["status"] for name in FACILITATORS_ONLY}
    assert answers == dict.fromkeys(FACILITATORS_ONLY, 403)
    assert hall.state["section"] == before["section"]


def test_a_facilitator_does_not_call_themself(hall: Hall) -> None:
    page = hall.connect(hall.group.lead)
    assert [ask(page, name)["status"] for name in ("help", "help_reason", "help_over")] == [403] * 3


def test_before_admission_the_room_takes_nothing_that_needs_it(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0])
    page = hall.connect(hall.group.patients[0])
    needing = [name for name, event in EVENTS.items() if event.admitted]
    assert {name: hall.ask_fresh(seat, page, name)["status"] for name in needing} == dict.fromkeys(needing, 403)


def test_after_removal_the_room_takes_nothing(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0], admitted=True)
    page = hall.connect(hall.group.patients[0])
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.db = db
        hall.group.apply(seats.remove, clock.now(), seat=seat.id)
    assert {name: hall.ask_fresh(seat, page, name)["status"] for name in EVENTS} == dict.fromkeys(EVENTS, 403)
    assert not hall.connect(hall.group.patients[0]).is_connected()


def test_a_seat_of_another_room_is_out_of_reach(hall: Hall) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        other = gather(db, clock.now())
        foreign = other.sit(other.patients[0], now=clock.now())
    lead = hall.sit(hall.group.lead)
    page, names = (
        hall.connect(hall.group.lead),
        [name for name, event in EVENTS.items() if "seat" in limits_of(event.payload)],
    )
    assert len(names) > 7
    for name in names:
        given = {**SENT[name], "seat": foreign.id}
        assert hall.ask_fresh(lead, page, name, given)["status"] == 404, name


def test_a_call_for_help_of_another_room_is_out_of_reach(hall: Hall) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        other = gather(db, clock.now())
        seat = other.sit(other.patients[0], now=clock.now())
        alert = HelpAlert(
            service_id=seat.service_id, group_session_id=seat.group_session_id, seat_id=seat.id, at=clock.now()
        )
        db.add(alert)
    page = hall.connect(hall.group.lead)
    for name in ("help_take", "help_close"):
        assert ask(page, name, {"alert": alert.id})["status"] == 404


def test_a_malformed_event_is_refused_and_says_why(hall: Hall) -> None:
    seat = hall.sit(hall.group.lead)
    page = hall.connect(hall.group.lead)
    for payload in ([], "text", 7, {"seen": "0"}, {"seen": 0, "more": 1}, {"seen": None}, {}):
        answer = hall.ask_fresh(seat, page, "next", payload)
        assert (answer["ok"], answer["status"], bool(answer["error"])) == (False, 400, True)


def test_an_unknown_event_is_refused_and_says_so(hall: Hall) -> None:
    answer = hall.connect(hall.group.lead).emit("make_me_lead", {"x": 1}, callback=True)
    assert answer == {"ok": False, "error": "There is no such event in the room.", "status": 400}


def test_events_that_come_too_fast_are_refused(hall: Hall) -> None:
    page = hall.connect(hall.group.lead)
    answers = [ask(page, "state") for _ in range(PER_SECOND * 3)]
    assert any("too fast" in answer.get("error", "") for answer in answers)


def test_every_event_refuses_what_its_payload_does_not_name(hall: Hall) -> None:
    lead, linda = hall.sit(hall.group.lead), hall.sit(hall.group.patients[0], admitted=True)
    pages = {"session.lead": (lead, hall.connect(hall.group.lead))}
    patient = (linda, hall.connect(hall.group.patients[0]))
    for name, event in EVENTS.items():
        seat, page = pages.get(event.permission, patient)
        for payload in ([], "text", {**SENT.get(name, {}), "more": 1}, {**SENT.get(name, {}), "\x00": "x" * 5000}):
            answer = hall.ask_fresh(seat, page, name, payload)
            assert (answer["ok"], answer["status"]) == (False, 400), name


def test_a_double_press_on_next_moves_the_group_one_step(hall: Hall) -> None:
    hall.start()
    lead, spotter = hall.connect(hall.group.lead), hall.connect(hall.group.spotter)
    answers = [ask(page, "next", {"seen": 0})["ok"] for page in (lead, lead, spotter)]
    assert answers == [True, False, False]
    assert hall.state["section"]["index"] == 1
