"""Rehearsing alone: who may, what stays apart and counts nowhere."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.errors import Conflict
from backtolife.mail import delivery
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people import services as people
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.acting import actor_for
from backtolife.reminders.services import remind
from backtolife.sessions.rehearsals import services as rehearsals
from backtolife.sessions.rehearsals import stage as rehearsal_stage
from backtolife.sessions.rehearsals.stage import PATIENTS
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import HelpAlert
from backtolife.sessions.safety import escalation
from backtolife.sessions.state import safety, script
from tests.support.factories import Factory
from tests.support.sessions.hall import ask
from tests.support.sessions.socket_page import until
from tests.support.sessions.studio import Studio, open_studio


@pytest.fixture
def studio(app: Flask, tmp_path: Path) -> Iterator[Studio]:
    with open_studio(app, tmp_path / "told") as opened:
        yield opened


def test_a_facilitator_leads_a_rehearsal_and_stays_themselves_everywhere_else(studio: Studio) -> None:
    room_id = studio.begin()
    page = studio.browser.get(f"/sessions/{room_id}/room").get_data(as_text=True)
    assert "Everyone here but you is simulated" in page
    assert "Medical emergency" in page
    assert "Practise a hand-over" in page
    folded = r"<details>\s*<summary>Notes and facilitator guide</summary>"
    assert re.search(folded, page), "folded: the waiting room is below it"
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


@pytest.mark.parametrize("sent", [["alert"], "alert", None, {}, {"practice": "dance"}, {"practice": ["alert"]}])
def test_what_cannot_be_practised_is_refused_in_words(studio: Studio, sent: object) -> None:
    answer = studio.browser.post(f"/sessions/{studio.begin()}/practise", json=sent)
    assert (answer.status_code, "Choose what to practise: an alert" in answer.text) == (400, True)


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
    with studio.database() as db, pytest.raises(Conflict, match="there is no room for more"):
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
        room.apply(db, room.load(db, room_id), safety.help, clock.now(), alert=alert.id, seat=seat.id, now_ms=0)
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


def test_nobody_outside_hears_of_a_rehearsal_whatever_is_sent_from_it(studio: Studio) -> None:
    room_id, outsider = studio.begin(), "outsider@example.org"
    invited = studio.browser.post(
        f"/sessions/{room_id}/guests", data={"name": "Marek", "role": "observer", "email": outsider}
    )
    assert (invited.status_code, "we send no message" in invited.get_data(as_text=True)) == (200, True)
    with studio.database() as db:
        assert not db.exec(select(OutgoingMessage).where(OutgoingMessage.address == outsider)).all()
        stage = db.exec(select(Service).where(Service.rehearsal)).one()
        told = delivery.queue(
            db, service_id=stage.id, key="any", address=outsider, subject="Any", body="Any", now=clock.now()
        )
        assert told is None, "also by a way that nobody has thought of"


@pytest.mark.postgresql
def test_a_stage_is_built_and_cleared_on_postgresql_too(postgresql_engine: Engine) -> None:
    with Session(postgresql_engine) as db:
        make = Factory(db, clock.now())
        person = make.facilitator(make.cohort(make.service()))
        stage = rehearsal_stage.build(db, person=person, number=2, now=clock.now())
        room.apply(db, stage.group_session, script.end, clock.now(), now_ms=0)
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
