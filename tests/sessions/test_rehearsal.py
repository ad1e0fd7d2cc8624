"""Rehearsing alone: who may, what stays apart, what is left, and what happens when the simulated people are gone."""

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_socketio import SocketIOTestClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Engine, func
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.db import metadata, session_scope
from backtolife.delivery import OutgoingMessage
from backtolife.errors import Conflict
from backtolife.people import services as people
from backtolife.people import signin
from backtolife.people.models import Person, Role, Service
from backtolife.programme.acting import actor_for
from backtolife.reminders.services import remind
from backtolife.sessions import escalation, rehearsal_stage, rehearsals, room, watch
from backtolife.sessions.live import live
from backtolife.sessions.models import GroupSession, HelpAlert, Seat
from backtolife.sessions.rehearsal_models import Rehearsal
from backtolife.sessions.rehearsal_stage import PATIENTS
from backtolife.sessions.troupe import Troupe
from tests.factories import Factory
from tests.sessions.hall import Hall, ask, open_hall
from tests.sessions.socket_page import until

WRITES_DOWN = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
DIES = "import sys; sys.stdin.readline(); sys.exit(3)"
SPARED = {"rehearsal", "audit_entry", "signed_in"}
"""What a rehearsal adds to on purpose: itself, two marks in the log; and that somebody signed in to do it."""


@dataclass
class Studio:
    """A service with a facilitator at a browser, and a troupe that only writes its orders down."""

    hall: Hall
    browser: FlaskClient
    told: Path

    @property
    def app(self) -> Flask:
        return self.hall.app

    @property
    def troupe(self) -> Troupe:
        found: Troupe = self.app.extensions["backtolife.troupe"]
        return found

    def act_with(self, program: str) -> None:
        self.troupe.command = (sys.executable, "-c", program, str(self.told))

    def begin(self, browser: FlaskClient | None = None) -> str:
        """Start a rehearsal of session 2; the id of its room."""
        answer = (browser or self.browser).post("/rehearse", data={"number": "2"}, buffered=True)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return str(answer.location).split("/")[-2]

    def sign_in(self, person: Person) -> FlaskClient:
        with self.database() as db:
            token = signin.begin(db, person=person, now=clock.now())
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
            cookie["csrf_token"] = "0" * 40
        return browser

    def enter(self, group_session_id: str, browser: FlaskClient | None = None) -> SocketIOTestClient:
        with self.app.test_request_context():
            session["csrf_token"] = "0" * 40
            csrf = generate_csrf()
        auth = {"session": group_session_id, "tab": "one", "csrf": csrf}
        return live(self.app).sockets.test_client(self.app, flask_test_client=browser or self.browser, auth=auth)

    def database(self) -> "session_scope":  # type: ignore[valid-type]
        return session_scope(self.app.extensions["backtolife.engine"])

    def counted(self) -> dict[str, int]:
        with self.database() as db:
            return {
                table.name: db.exec(select(func.count()).select_from(table)).one()
                for table in metadata.sorted_tables
                if table.name not in SPARED
            }

    def patient(self, group_session_id: str) -> Seat:
        """A simulated patient who has come and was let in."""
        with self.database() as db:
            held = room.load(db, group_session_id)
            wanted = select(Person).where(Person.service_id == held.service_id, Person.role == Role.PATIENT)
            person = db.exec(wanted.order_by(Person.full_name)).first()
            assert person is not None
            self.hall.group.db, self.hall.group.make.db, self.hall.group.group_session = db, db, held
            seat = self.hall.group.sit(person, now=clock.now())
            room.apply(db, held, "arrive", clock.now(), seat=seat.id)
            room.apply(db, held, "admit", clock.now(), seat=seat.id, now_ms=0)
            return seat


@pytest.fixture
def studio(app: Flask, tmp_path: Path) -> Iterator[Studio]:
    with open_hall(app) as hall:
        opened = Studio(hall, app.test_client(), tmp_path / "told")
        opened.act_with(WRITES_DOWN)
        opened.browser = opened.sign_in(hall.group.lead)
        yield opened
        for group_session_id in list(opened.troupe.running):
            opened.troupe.dismiss(group_session_id)
        until(lambda: not waiting(), "the end of every process and of what follows it")


def waiting() -> list[str]:
    """The threads that wait for a process to end."""
    return [thread.name for thread in threading.enumerate() if thread.name == "rehearsal"]


def test_a_facilitator_leads_a_rehearsal_and_stays_themselves_everywhere_else(studio: Studio) -> None:
    room_id = studio.begin()
    page = studio.browser.get(f"/sessions/{room_id}/room").get_data(as_text=True)
    assert "Everyone here but you is simulated" in page
    assert "Medical emergency" in page
    assert "Practise a hand-over" in page
    opened = studio.enter(room_id)
    state = ask(opened, "state")["state"]
    assert state["me"]["name"] == "Priya"
    assert state["lead"] == state["me"]["seat"]
    assert ask(opened, "start")["ok"]
    assert "Rehearsal" not in studio.browser.get("/groups").get_data(as_text=True)
    real = studio.browser.get(f"/sessions/{studio.hall.group.group_session.id}/room").get_data(as_text=True)
    assert "Everyone here but you is simulated" not in real
    assert "Practise" not in real


def test_the_simulated_people_are_told_how_to_come(studio: Studio) -> None:
    room_id = studio.begin()
    studio.browser.post("/rehearse/end", buffered=True)
    until(studio.told.exists, "writing the orders down")
    until(lambda: bool(studio.told.read_text()), "writing the orders down")
    orders = json.loads(studio.told.read_text().splitlines()[0])
    assert orders["group_session_id"] == room_id
    assert sorted(part["name"] for part in orders["parts"]) == sorted((*PATIENTS, "Robin"))
    assert [part["name"] for part in orders["parts"] if part["staff"]] == ["Robin"]


def test_nobody_has_two_rehearsals_at_once(studio: Studio) -> None:
    studio.begin()
    again = studio.browser.post("/rehearse", data={"number": "3"}, headers={"Accept": "text/html"})
    assert again.status_code == 409
    assert "You have a rehearsal open already" in again.get_data(as_text=True)
    assert "Go back to it" in studio.browser.get("/rehearse").get_data(as_text=True)
    each_their_own = studio.begin(studio.sign_in(studio.hall.group.spotter))
    assert each_their_own


def test_no_more_go_on_at_once_than_the_machine_bears(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rehearsals, "MOST", 1)
    studio.begin()
    with studio.database() as db, pytest.raises(Conflict, match="there is room for no more"):
        spotter = db.get_one(Person, studio.hall.group.spotter.id)
        actor = actor_for(db, person=spotter, joins_only=False)
        rehearsals.begin(db, person=spotter, number=1, actor=actor, now=clock.now())


@pytest.mark.parametrize("number", ["", "0", "10", "one", "-1"])
def test_only_a_session_of_the_programme_can_be_rehearsed(studio: Studio, number: str) -> None:
    assert studio.browser.post("/rehearse", data={"number": number}).status_code == 400


def test_a_patient_rehearses_nothing(studio: Studio) -> None:
    patient = studio.sign_in(studio.hall.group.patients[0])
    assert patient.post("/rehearse", data={"number": "2"}).status_code == 403
    assert patient.get("/rehearse").status_code == 403


def test_nobody_else_gets_into_a_rehearsal(studio: Studio) -> None:
    room_id = studio.begin()
    for other in (studio.hall.group.spotter, studio.hall.group.patients[0]):
        browser = studio.sign_in(other)
        assert browser.get(f"/sessions/{room_id}/room").status_code == 404
        assert browser.post(f"/sessions/{room_id}/practise", json={"practice": "alert"}).status_code in (403, 404)
        assert browser.post(f"/sessions/{room_id}/media-token").status_code == 404
        assert not studio.enter(room_id, browser).is_connected()


def test_the_one_who_stands_in_reaches_nothing_real(studio: Studio) -> None:
    room_id = studio.begin()
    with studio.browser.session_transaction() as cookie:
        token = cookie["standing_in"]["token"]
    thief = studio.app.test_client()
    with thief.session_transaction() as cookie:
        cookie["signed_in"] = token
    assert thief.get(f"/sessions/{room_id}/room").status_code == 200
    real = studio.hall.group
    for path in (f"/sessions/{real.group_session.id}/room", f"/groups/{real.cohort.id}"):
        assert thief.get(path).status_code == 404
    assert real.cohort.name not in thief.get("/groups").get_data(as_text=True)


def test_a_rehearsal_counts_nowhere_and_sends_nothing(studio: Studio, settings: Settings) -> None:
    with studio.database() as db:
        only_before = len(db.exec(select(Service).where(Service.rehearsal.is_(False))).all())  # type: ignore[attr-defined]
    room_id = studio.begin()
    seat = studio.patient(room_id)
    ask(studio.enter(room_id), "start")
    with studio.database() as db:
        alert = HelpAlert(service_id=seat.service_id, group_session_id=room_id, seat_id=seat.id, at=clock.now())
        db.add(alert)
        room.apply(db, room.load(db, room_id), "ask_help", clock.now(), alert=alert.id, seat=seat.id, now_ms=0)
        alert_id = alert.id
    later = clock.now() + timedelta(seconds=30)
    with studio.database() as db:
        change = escalation.escalate(db, group_session_id=room_id, alert_id=alert_id, site="", now=later)
        assert change is not None
        assert change.after["alerts"][alert_id]["escalated_ms"]
        stage = db.exec(select(Service).where(Service.rehearsal)).one()
        assert not db.exec(select(OutgoingMessage).where(OutgoingMessage.service_id == stage.id)).all()
        assert len(db.exec(select(Service).where(Service.rehearsal.is_(False))).all()) == only_before  # type: ignore[attr-defined]
    remind(studio.app.extensions["backtolife.engine"], settings, later + timedelta(hours=1))
    with studio.database() as db:
        assert not db.exec(select(OutgoingMessage).where(OutgoingMessage.service_id == stage.id)).all()


@pytest.mark.postgresql
def test_a_stage_is_built_and_cleared_on_postgresql_too(postgresql_engine: Engine) -> None:
    with Session(postgresql_engine) as db:
        make = Factory(db, clock.now())
        person = make.facilitator(make.cohort(make.service()))
        stage = rehearsal_stage.build(db, person=person, number=2, now=clock.now())
        room.apply(db, stage.group_session, "end", clock.now(), now_ms=0)
        stage_id = stage.group_session.service_id
        rehearsal_stage.clear(db, stage_id)
        assert db.get(Service, stage_id) is None
        rehearsal_stage.clear(db, person.service_id)
        assert db.get(Person, person.id) is not None
        db.rollback()


def test_the_only_service_is_still_the_only_one_while_somebody_rehearses(app: Flask, now: object) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        service = people.open_service(
            db, name="Only", short_name="Only", phone="01632 960000", zone="Europe/London", now=clock.now()
        )
        db.add(
            Service(name="R", short_name="R", phone="1", zone="Europe/London", rehearsal=True, created_at=clock.now())
        )
        db.flush()
        assert people.only_service(db).id == service.id


def test_ending_deletes_all_of_it_but_that_it_took_place(studio: Studio) -> None:
    before = studio.counted()
    room_id = studio.begin()
    studio.patient(room_id)
    opened = studio.enter(room_id)
    assert ask(opened, "start")["ok"]
    assert studio.counted() != before
    assert studio.browser.post("/rehearse/end", buffered=True).status_code == 302
    assert studio.counted() == before
    assert not opened.is_connected()
    until(lambda: not studio.troupe.here(room_id), "the going of the people")
    with studio.database() as db:
        row = db.exec(select(Rehearsal)).one()
        assert (row.number, row.open_for, row.group_session_id) == (2, None, room_id)
        assert row.ended_at is not None
    assert studio.browser.get(f"/sessions/{room_id}/room").status_code == 404
    assert studio.browser.get("/").status_code == 200
    studio.begin()


def test_when_the_simulated_people_end_it_the_room_is_over(studio: Studio) -> None:
    before = studio.counted()
    room_id = studio.begin()
    opened = studio.enter(room_id)
    studio.troupe.dismiss(room_id)
    until(lambda: studio.counted() == before, "the end of the rehearsal")
    until(lambda: not opened.is_connected(), "the closing of its page")


def test_when_their_process_dies_the_page_says_so_and_they_can_be_brought_back(studio: Studio) -> None:
    studio.act_with(DIES)
    room_id = studio.begin()
    until(lambda: not studio.troupe.here(room_id), "the death of the process")
    opened = studio.enter(room_id)
    studio.patient(room_id)
    refused = studio.browser.post(
        f"/sessions/{room_id}/practise", json={"practice": "alert"}, headers={"Accept": "application/json"}
    )
    assert refused.status_code == 409
    assert "Bring them back" in refused.get_json()["error"]
    assert studio.browser.post(f"/sessions/{room_id}/people", buffered=True).status_code == 200
    until(lambda: any(each["name"] == "people_gone" for each in opened.get_received()), "the word to the page")
    studio.act_with(WRITES_DOWN)
    until(lambda: not studio.troupe.here(room_id), "the death of the second process")
    assert studio.browser.post(f"/sessions/{room_id}/people", buffered=True).status_code == 200
    assert studio.troupe.here(room_id)
    answer = studio.browser.post(f"/sessions/{room_id}/practise", json={"practice": "alert"})
    assert "Alma presses I need help" in answer.get_json()["words"]
    studio.troupe.dismiss(room_id)
    until(lambda: studio.told.exists() and "alert" in studio.told.read_text(), "the press")


@pytest.mark.parametrize("body", [{}, {"practice": "dance"}, {"practice": None}, {"practice": ["alert"]}, []])
def test_what_cannot_be_practised_is_refused_with_words(studio: Studio, body: object) -> None:
    room_id = studio.begin()
    studio.enter(room_id)
    refused = studio.browser.post(f"/sessions/{room_id}/practise", json=body, headers={"Accept": "application/json"})
    assert refused.status_code == 400
    assert "Choose what to practise" in refused.get_json()["error"]


def test_nothing_is_practised_on_real_people(studio: Studio) -> None:
    real = studio.hall.group.group_session.id
    studio.begin()
    for what in ("practise", "people"):
        answer = studio.browser.post(f"/sessions/{real}/{what}", json={"practice": "alert"})
        assert answer.status_code == 409


def test_one_that_everybody_forgot_is_ended_by_the_scheduler(studio: Studio, settings: Settings) -> None:
    before = studio.counted()
    studio.begin()
    engine = studio.app.extensions["backtolife.engine"]
    remind(engine, settings, clock.now() + timedelta(minutes=30))
    with studio.database() as db:
        assert db.exec(select(Rehearsal)).one().ended_at is None
    remind(engine, settings, clock.now() + timedelta(hours=4))
    with studio.database() as db:
        assert db.exec(select(Rehearsal)).one().ended_at is not None
        assert not db.exec(select(Service).where(Service.rehearsal)).all()
    after = studio.counted()
    assert {name: after[name] for name in ("person", "group_session", "cohort", "enrolment")} == {
        name: before[name] for name in ("person", "group_session", "cohort", "enrolment")
    }


def test_a_rehearsal_that_is_gone_does_not_stop_the_watch_over_real_rooms(studio: Studio) -> None:
    here = live(studio.app)
    here.owed.add("gone" * 8)
    watch.catch_up(here, studio.app.extensions["backtolife.engine"], clock.now())
    assert "gone" * 8 not in here.owed


def test_another_browser_of_the_facilitator_goes_back_into_it(studio: Studio) -> None:
    room_id = studio.begin()
    other = studio.sign_in(studio.hall.group.lead)
    assert other.get(f"/sessions/{room_id}/room").status_code == 404
    answer = other.post("/rehearse/back")
    assert answer.location.endswith(f"/sessions/{room_id}/room")
    assert other.get(f"/sessions/{room_id}/room").status_code == 200
    with Session(studio.app.extensions["backtolife.engine"]) as db:
        assert db.get_one(GroupSession, room_id).number == 2


def test_a_clinical_lead_may_rehearse_too_and_leads_in_it(studio: Studio) -> None:
    with studio.database() as db:
        service = db.get_one(Service, studio.hall.group.lead.service_id)
        studio.hall.group.make.db = db
        grace = studio.hall.group.make.person(service, Role.CLINICAL_LEAD, "Grace")
    browser = studio.sign_in(grace)
    assert "Rehearse a session" in browser.get("/").get_data(as_text=True)
    opened = studio.enter(studio.begin(browser), browser)
    assert ask(opened, "start")["ok"]


def test_whoever_rehearses_does_not_idle_out_of_the_site_meanwhile(studio: Studio) -> None:
    room_id = studio.begin()
    studio.enter(room_id)
    later = clock.now() + timedelta(minutes=10)
    here, engine = live(studio.app), studio.app.extensions["backtolife.engine"]
    watch.count_as_activity(engine, here.places.everyone(), later)
    with studio.database() as db, studio.browser.session_transaction() as cookie:
        found = signin.find_signed_in(db, token=cookie["signed_in"], now=later)
        assert found is not None
        assert found[0].seen_at == later


def test_once_the_session_is_ended_the_next_rehearsal_can_begin_at_once(studio: Studio) -> None:
    room_id = studio.begin()
    opened = studio.enter(room_id)
    assert ask(opened, "end")["ok"]
    page = studio.browser.get("/rehearse?over=1").get_data(as_text=True)
    assert "Your rehearsal is over." in page
    assert studio.begin() != room_id
    with studio.database() as db:
        assert len(db.exec(select(Service).where(Service.rehearsal)).all()) == 1
