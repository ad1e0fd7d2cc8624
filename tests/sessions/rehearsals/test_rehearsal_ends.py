"""How a rehearsal ends, what is left of it, and what happens when the simulated people are gone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.people.models import Role, Service
from backtolife.people.signing_in import signin
from backtolife.reminders.services import remind
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import reconciler
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.rehearsals.views import people_ended
from backtolife.sessions.room.models import GroupSession
from tests.support.sessions.hall import ask
from tests.support.sessions.socket_page import until
from tests.support.sessions.studio import DIES, WRITES_DOWN, Studio, open_studio


@pytest.fixture
def studio(app: Flask, tmp_path: Path) -> Iterator[Studio]:
    with open_studio(app, tmp_path / "told") as opened:
        yield opened


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


def test_one_whose_people_had_gone_when_it_was_ended_is_deleted_by_the_scheduler(
    studio: Studio, settings: Settings
) -> None:
    studio.act_with(DIES)
    room_id = studio.begin()
    until(lambda: not studio.troupe.here(room_id), "the death of the process")
    opened = studio.enter(room_id)
    assert ask(opened, "start")["ok"]
    assert ask(opened, "end")["ok"]
    engine = studio.app.extensions["backtolife.engine"]
    remind(engine, settings, clock.now() + timedelta(minutes=1))
    with studio.database() as db:
        assert db.exec(select(Rehearsal)).one().ended_at is None
    remind(engine, settings, clock.now() + timedelta(minutes=6))
    with studio.database() as db:
        assert not db.exec(select(Service).where(Service.rehearsal)).all()


def test_people_who_go_wrong_once_the_room_is_over_leave_nothing_of_it(studio: Studio) -> None:
    before = studio.counted()
    room_id = studio.begin()
    opened = studio.enter(room_id)
    assert ask(opened, "start")["ok"]
    assert ask(opened, "end")["ok"]
    with studio.app.app_context():
        people_ended(live(studio.app), room_id, 1)
    assert studio.counted() == before


def test_a_rehearsal_that_is_gone_does_not_stop_the_watch_over_real_rooms(studio: Studio) -> None:
    here = live(studio.app)
    here.owed.add("gone" * 8)
    reconciler.catch_up(here, studio.app.extensions["backtolife.engine"], clock.now())
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
    reconciler.count_as_activity(engine, here.connections.everyone(), later)
    with studio.database() as db, studio.browser.session_transaction() as cookie:
        found = signin.find_signed_in(db, token=cookie["signed_in"], now=later)
        assert found is not None
        assert found[0].seen_at == later


def test_once_the_session_is_ended_the_next_rehearsal_can_begin_at_once(studio: Studio) -> None:
    room_id = studio.begin()
    opened = studio.enter(room_id)
    assert ask(opened, "start")["ok"]
    assert ask(opened, "end")["ok"]
    page = studio.browser.get("/rehearse?over=1").get_data(as_text=True)
    assert "Your rehearsal is over." in page
    assert studio.begin() != room_id
    with studio.database() as db:
        assert len(db.exec(select(Service).where(Service.rehearsal)).all()) == 1
