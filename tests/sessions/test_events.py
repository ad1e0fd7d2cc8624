"""Every event of the room, by everyone who may and may not send it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, session
from flask_socketio import SocketIOTestClient
from flask_wtf.csrf import generate_csrf
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.db import session_scope
from backtolife.people import signin
from backtolife.people.access import PERMISSIONS
from backtolife.people.models import Person, Role, Service, SignedIn
from backtolife.programme.models import Enrolment
from backtolife.programme.rules import EnrolmentState
from backtolife.sessions import watch
from backtolife.sessions.engine import MediaAway, MediaEngine
from backtolife.sessions.events import EVENTS, PER_SECOND
from backtolife.sessions.gate import FULL, WAITING_TO_SIT
from backtolife.sessions.live import live
from backtolife.sessions.models import ChatMessage, GroupSession, HelpAlert, Seat
from backtolife.sessions.rules import SeatRole
from tests.sessions.gathering import Gathering, gather

SENT: dict[str, dict[str, Any]] = {
    "camera_choice": {"choice": "off"},
    "exercising": {"way": "sitting", "feels": "easy"},
    "chat": {"text": "Hello", "audience": "group", "client_id": "c1"},
    "help_reason": {"reason": "pain"},
    "next": {"seen": 0},
    "back": {"seen": 0},
    "go_to": {"seen": 0, "index": 2},
    "stretch": {"seen": 0, "minutes": 5},
    "admit": {"seat": "s"},
    "hold": {"seat": "s"},
    "remove": {"seat": "s"},
    "mute": {"seat": "s"},
    "lower_hand": {"seat": "s"},
    "look_up": {"seat": "s"},
    "help_take": {"alert": "a"},
    "help_close": {"alert": "a"},
}
"""A payload that fits, for every event that needs one."""
FACILITATORS_ONLY = sorted(name for name, event in EVENTS.items() if event.permission == "session.lead")


@dataclass
class Hall:
    """The whole application with one session, and pages of several people connected to it."""

    app: Flask
    group: Gathering
    pages: dict[str, SocketIOTestClient] = field(default_factory=dict)

    def connect(
        self, person: Person, *, tab: str = "one", room: str = "", csrf: str | None = None
    ) -> SocketIOTestClient:
        browser = self.app.test_client()
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            token = signin.begin(db, person=person, now=clock.now())
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
            cookie["csrf_token"] = "0" * 40
        with self.app.test_request_context():
            session["csrf_token"] = "0" * 40
            fitting = generate_csrf()
        auth = {"session": room or self.group.group_session.id, "tab": tab, "csrf": fitting if csrf is None else csrf}
        sockets = live(self.app).sockets
        return sockets.test_client(self.app, flask_test_client=browser, auth=auth)

    def sit(self, person: Person, *, admitted: bool = False) -> Seat:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            self.group.db = self.group.make.db = db
            seat = self.group.sit(person, now=clock.now())
            if admitted and seat.role is SeatRole.PATIENT:
                self.group.apply("admit", clock.now(), seat=seat.id, now_ms=0)
            return seat

    def ask_fresh(self, seat: Seat, page: SocketIOTestClient, name: str, payload: Any = None) -> dict[str, Any]:
        """Ask with the whole allowance, so that what is refused is refused for what it is."""
        place = live(self.app).places.of_seat(seat.id)
        assert place is not None
        place.buckets.clear()
        return ask(page, name, payload)

    def start(self) -> None:
        assert ask(self.connect(self.group.lead), "start")["ok"]

    @property
    def state(self) -> dict[str, Any]:
        with Session(self.app.extensions["backtolife.engine"]) as db:
            return db.get_one(GroupSession, self.group.group_session.id).state

    def database(self) -> Session:
        return Session(self.app.extensions["backtolife.engine"])


def ask(page: SocketIOTestClient, name: str, payload: Any = None) -> dict[str, Any]:
    given = SENT.get(name, {}) if payload is None else payload
    answer = page.emit(name, given, callback=True)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    """There is no media engine here: the room goes on, and says that it cannot be reached."""
    app.testing = True
    with session_scope(app.extensions["backtolife.engine"]) as db:
        group = gather(db, clock.now())
    yield Hall(app, group)
    assert isinstance(live(app).engine, MediaEngine)


def test_every_event_names_a_permission_that_somebody_has() -> None:
    assert all(PERMISSIONS[event.permission] for event in EVENTS.values())


def test_every_event_that_needs_a_payload_is_tried_here() -> None:
    needed = {name for name, event in EVENTS.items() if any(kind.needed for kind in event.schema.values())}
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
        hall.group.apply("remove", clock.now(), seat=seat.id)
    assert {name: hall.ask_fresh(seat, page, name)["status"] for name in EVENTS} == dict.fromkeys(EVENTS, 403)
    assert not hall.connect(hall.group.patients[0]).is_connected()


def test_a_seat_of_another_room_is_out_of_reach(hall: Hall) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        other = gather(db, clock.now())
        foreign = other.sit(other.patients[0], now=clock.now())
    page, names = hall.connect(hall.group.lead), ("admit", "hold", "remove", "mute", "lower_hand", "look_up")
    assert [ask(page, name, {"seat": foreign.id})["status"] for name in names] == [404] * len(names)


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
        closed = watch.look_around(live(hall.app), hall.app.extensions["backtolife.engine"], clock.now())
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
    assert ask(lead, "end")["ok"]
    assert not linda.is_connected()
    assert not hall.connect(hall.group.patients[0]).is_connected()
    with hall.database() as db:
        assert {seat.phone for seat in db.exec(select(Seat))} == {""}
