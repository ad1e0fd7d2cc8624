"""What the events of the room do, and who is told."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service, SignedIn
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.patients.models import CallOutcome, PhoneCall
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import reconciler
from backtolife.sessions.realtime.connection_limit import FULL, WAITING_TO_SIT
from backtolife.sessions.room.media_client import MediaAway
from backtolife.sessions.room.models import ChatMessage, Seat
from tests.support.factories import Factory
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def test_a_double_next_moves_one_section(hall: Hall) -> None:
    hall.start()
    lead, spotter = hall.connect(hall.group.lead, tab="two"), hall.connect(hall.group.spotter)
    answers = [ask(page, "next", {"seen": 0})["ok"] for page in (lead, spotter)]
    assert (answers, hall.state["section"]["index"]) == ([True, False], 1)


def test_everyone_in_the_room_is_told_of_a_new_section_and_nobody_who_waits(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    hall.sit(hall.group.patients[1])
    inside, waiting = hall.connect(hall.group.patients[0]), hall.connect(hall.group.patients[1])
    hall.start()
    patches = [message["args"][0]["patch"] for message in inside.get_received() if message["name"] == "patch"]
    assert any(patch.get("section", {}).get("index") == 0 for patch in patches)
    assert all("section" not in message["args"][0]["patch"] for message in waiting.get_received())


def test_the_room_goes_on_without_the_media_engine_and_says_so(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    answer = ask(hall.connect(hall.group.lead), "mute_all")
    assert (answer["ok"], answer["warning"]) == (True, MediaAway().message)


def test_a_patient_who_is_let_in_for_the_first_time_has_started(hall: Hall) -> None:
    patient = hall.group.patients[0]
    seat = hall.sit(patient)
    assert ask(hall.connect(hall.group.lead), "admit", {"seat": seat.id})["ok"]
    with hall.database() as db:
        found = db.exec(select(Enrolment).where(Enrolment.person_id == patient.id)).one()
        assert found.state is EnrolmentState.STARTED


def test_who_left_and_came_back_has_started_in_their_new_place(hall: Hall) -> None:
    patient = hall.group.patients[0]
    with hall.database() as db:
        make = Factory(db, clock.now())
        make.numbers = iter(range(5000, 6000))  # type: ignore[assignment]
        old = make.withdrawn(db.exec(select(Enrolment).where(Enrolment.person_id == patient.id)).one())
        cohort, person = db.get_one(Cohort, old.cohort_id), db.get_one(Person, patient.id)
        admin = make.person(db.get_one(Service, old.service_id), Role.ADMINISTRATOR)
        new = enrol(db, patient=person, cohort=cohort, actor=make.actor(admin), now=clock.now())
        ids = [old.id, new.id]
        db.commit()
    seat = hall.sit(patient)
    assert ask(hall.connect(hall.group.lead), "admit", {"seat": seat.id})["ok"]
    with hall.database() as db:
        states = [db.get_one(Enrolment, each).state for each in ids]
        assert states == [EnrolmentState.WITHDRAWN, EnrolmentState.STARTED]


def test_letting_all_in_leaves_who_is_held(hall: Hall) -> None:
    linda, joseph = (hall.sit(person) for person in hall.group.patients)
    lead = hall.connect(hall.group.lead)
    ask(lead, "hold", {"seat": linda.id})
    assert ask(lead, "admit_all")["admitted"] == 1
    assert [hall.state["seats"][seat.id]["status"] for seat in (linda, joseph)] == ["held", "admitted"]


def test_a_message_sent_twice_is_read_once(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    lead, linda = hall.connect(hall.group.lead), hall.connect(hall.group.patients[0])
    lead.get_received()
    assert [ask(linda, "chat")["ok"] for _ in range(2)] == [True, True]
    assert [message["name"] for message in lead.get_received()].count("chat") == 1
    with hall.database() as db:
        assert len(db.exec(select(ChatMessage)).all()) == 1


def test_a_private_message_never_reaches_another_patient(hall: Hall) -> None:
    for person in hall.group.patients:
        hall.sit(person, admitted=True)
    linda, joseph = (hall.connect(person) for person in hall.group.patients)
    tom = hall.connect(hall.group.spotter)
    ask(linda, "chat", {"text": "Just for you", "audience": "facilitators", "client_id": "c2"})
    assert "chat" not in [message["name"] for message in joseph.get_received()]
    assert "chat" in [message["name"] for message in tom.get_received()]


def test_a_call_for_help_reaches_both_facilitators_and_only_them(hall: Hall) -> None:
    for person in hall.group.patients:
        hall.sit(person, admitted=True)
    linda, joseph = (hall.connect(person) for person in hall.group.patients)
    staff = [hall.connect(person) for person in (hall.group.lead, hall.group.spotter)]
    for page in (*staff, joseph):
        page.get_received()
    alert = ask(linda, "help")["alert"]
    told = [any("alerts" in one["args"][0]["patch"] for one in page.get_received()) for page in (*staff, joseph)]
    assert told == [True, True, False]
    assert ask(staff[0], "help_take", {"alert": alert})["ok"]
    assert ask(staff[1], "help_take", {"alert": alert})["status"] == 409


def test_every_look_at_where_somebody_is_stays_in_the_log(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0])
    found = ask(hall.connect(hall.group.lead), "look_up", {"seat": seat.id})
    assert (found["place"], found["emergency_name"]) == ("At home: 3 Elm Road", "Brian")
    with hall.database() as db:
        looks = db.exec(select(AuditEntry).where(AuditEntry.action == "emergency_details_seen")).all()
        assert [(look.actor_id, look.subject_id) for look in looks] == [(hall.group.lead.id, seat.id)]


def test_who_looks_up_a_number_that_was_found_wrong_is_told_so(hall: Hall) -> None:
    seat, linda = hall.sit(hall.group.patients[0]), hall.group.patients[0].id
    page = hall.connect(hall.group.lead)
    number = ask(page, "look_up", {"seat": seat.id})["phone"]
    assert ask(page, "look_up", {"seat": seat.id})["phone_is_wrong"] is False
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        call = PhoneCall(
            service_id=seat.service_id,
            person_id=linda,
            outcome=CallOutcome.WRONG_NUMBER,
            by=hall.group.lead.id,
            at=clock.now(),
            number=number,
        )
        db.add(call)
        db.get_one(Person, linda).phone = number
    assert ask(page, "look_up", {"seat": seat.id})["phone_is_wrong"] is True
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, linda).phone = "01632 960177"
    found = ask(page, "look_up", {"seat": seat.id})
    assert (found["phone"], found["phone_is_wrong"]) == ("01632 960177", False), "the one that was put right"


def test_a_second_tab_takes_the_seat_and_the_first_is_told(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    first = hall.connect(hall.group.patients[0], tab="first")
    second = hall.connect(hall.group.patients[0], tab="second")
    assert "elsewhere" in [message["name"] for message in first.queue]
    assert ask(second, "hand_up")["ok"]
    assert len([seat for seat in hall.state["seats"].values() if seat["online"]]) == 1


def test_somebody_who_signs_out_loses_the_socket(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    page = hall.connect(hall.group.patients[0])
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for place in db.exec(select(SignedIn).where(SignedIn.person_id == hall.group.patients[0].id)):
            place.ended_at = clock.now()
    assert ask(page, "hand_up")["status"] == 403
    with hall.app.app_context():
        closed = reconciler.look_around(live(hall.app), hall.app.extensions["backtolife.engine"], clock.now())
    assert closed == 1
    assert not page.is_connected()


def test_past_the_cap_a_page_is_refused(hall: Hall) -> None:
    hall.app.config["SOCKET_CAP"] = 1
    assert hall.connect(hall.group.lead).is_connected()
    assert not hall.connect(hall.group.spotter).is_connected()


def test_a_connection_that_never_sits_down_is_turned_away_past_the_gate(hall: Hall) -> None:
    hall.app.config["SOCKET_CAP"] = -WAITING_TO_SIT
    answer = hall.app.test_client().get("/socket.io/?transport=polling&EIO=4")
    assert (answer.status_code, answer.text) == (503, FULL)
    assert hall.app.test_client().get("/healthz").status_code == 200


def test_what_the_media_engine_could_not_be_told_stays_owed(hall: Hall) -> None:
    seat = hall.sit(hall.group.patients[0], admitted=True)
    assert ask(hall.connect(hall.group.lead), "remove", {"seat": seat.id})["warning"]
    assert live(hall.app).owed == {hall.group.group_session.id}


def test_after_the_end_nothing_is_taken_and_nobody_connects(hall: Hall) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    linda = hall.connect(hall.group.patients[0])
    lead = hall.connect(hall.group.lead)
    assert ask(lead, "start")["ok"]
    assert ask(lead, "end")["ok"]
    assert not linda.is_connected()
    assert not hall.connect(hall.group.patients[0]).is_connected()
    with hall.database() as db:
        assert "" not in {seat.phone for seat in db.exec(select(Seat))}, "kept while the end can be undone"
