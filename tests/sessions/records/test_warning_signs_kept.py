"""A warning sign that is ticked at the door is kept from that moment on, and staff find it afterwards."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Invalid
from backtolife.sessions.records import closing, warnings_kept
from backtolife.sessions.records.models import WarningSign
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state import script, seats
from backtolife.sessions.summary.services import summary_of
from tests.support.sessions.door import Door, before_the_door
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.pages import Hall, look

READY = {"camera": "off", "where": "At home", "phone": "01632 960100", "news": "My leg went numb"}


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def kept_in(door: Door) -> list[WarningSign]:
    with door.database() as db:
        return list(db.exec(select(WarningSign).order_by(WarningSign.sign)))


def patients_page(door: Door) -> str:
    with door.database() as db:
        door.group.make.db = db
        place = door.group.make.enrolment_of(door.linda, door.group.cohort)
    door.sign_in(door.group.lead)
    return door.client.get(f"/patients/{place.id}").text


def put(group: Gathering, sign: str, now: datetime, *, ticked: bool = True) -> WarningSign | None:
    held = room.load(group.db, group.group_session.id)
    return warnings_kept.tick(group.db, group_session=held, person=group.patients[0], sign=sign, ticked=ticked, now=now)


def test_a_sign_ticked_at_the_door_is_there_after_the_session_with_who_when_and_what_was_advised(
    db: Session, now: datetime
) -> None:
    group = gather(db, now)
    linda = group.sit(group.patients[0], now=now)
    group.sit(group.lead, now=now)
    group.apply(seats.admit, now, seat=linda.id, now_ms=0)
    row = put(group, "emergency", now)
    held = room.load(db, group.group_session.id)
    closing.close(db, group_session=held, actor=group.make.actor(group.lead), now=now + timedelta(hours=1))
    db.expire_all()
    assert row is not None
    kept = db.get_one(WarningSign, row.id)
    assert (kept.person_id, kept.group_session_id, kept.at) == (group.patients[0].id, held.id, now)
    assert "numb" in kept.label
    assert "999" in kept.advised
    assert db.get_one(Seat, linda.id).flags == []


def test_a_tick_sent_twice_is_one_row_and_one_line_in_the_audit_log(db: Session, now: datetime) -> None:
    group = gather(db, now)
    for minutes in (0, 1):
        put(group, "today", now + timedelta(minutes=minutes))
    rows = db.exec(select(WarningSign)).all()
    said = db.exec(select(AuditEntry).where(AuditEntry.subject_type == "warning_sign")).all()
    assert [(row.sign, row.at) for row in rows] == [("today", now)]
    assert [(each.action, each.actor_id) for each in said] == [("warning_sign_ticked", group.patients[0].id)]


def test_a_tick_that_is_taken_off_again_stays_and_says_when(db: Session, now: datetime) -> None:
    group = gather(db, now)
    later = now + timedelta(minutes=2)
    put(group, "today", now)
    put(group, "today", later, ticked=False)
    assert put(group, "not_today", later, ticked=False) is None
    (row,) = db.exec(select(WarningSign)).all()
    assert (row.at, row.unticked_at) == (now, later)
    put(group, "today", later)
    assert row.unticked_at is None


def test_a_sign_that_is_not_on_the_page_is_refused(db: Session, now: datetime) -> None:
    group = gather(db, now)
    with pytest.raises(Invalid):
        put(group, "other", now)


def test_who_ticked_a_sign_and_did_not_come_in_is_on_the_list_to_ring(db: Session, now: datetime) -> None:
    group = gather(db, now)
    group.sit(group.lead, now=now)
    put(group, "emergency", now)
    group.apply(script.start, now, sections=room.plan_of(group.db, group.group_session).sections, now_ms=0)
    actor = group.make.actor(group.lead)
    held = room.load(db, group.group_session.id)
    calls = {line.person.id: line.calls for line in summary_of(db, group_session=held, actor=actor, now=now).people}
    assert calls[group.patients[0].id][0].startswith("Ticked a warning sign before the session: New numb skin")
    assert calls[group.patients[1].id] == ["Missed the session."]


def test_a_tick_counts_although_the_rest_of_the_form_is_refused(door: Door) -> None:
    door.sign_in(door.linda)
    answer = door.client.post(f"{door.page}/get-ready", data={**READY, "phone": "", "flags": ["emergency"]})
    assert answer.status_code == 400
    assert [(row.sign, row.news) for row in kept_in(door)] == [("emergency", "My leg went numb")]


def test_a_tick_without_joining_is_kept_and_the_facilitators_learn_how_urgent_it_is(door: Door) -> None:
    door.sign_in(door.linda)
    for sign, ticked in (("not_today", "y"), ("emergency", "y")):
        sent = door.client.post(f"{door.page}/warning-signs", data={"sign": sign, "ticked": ticked})
        assert sent.status_code == 204
    with door.database() as db:
        assert db.get_one(GroupSession, door.group.group_session.id).state["warned"] == {door.linda.id: "urgent"}
        assert db.exec(select(Seat)).all() == []
    door.client.post(f"{door.page}/warning-signs", data={"sign": "emergency"})
    with door.database() as db:
        assert db.get_one(GroupSession, door.group.group_session.id).state["warned"] == {door.linda.id: "new"}


def test_staff_find_a_ticked_sign_on_the_patients_page(door: Door) -> None:
    assert "Warning signs before a session" not in patients_page(door)
    door.sign_in(door.linda)
    door.client.post(f"{door.page}/get-ready", data={**READY, "flags": ["emergency"]})
    page = patients_page(door)
    shown = ("Session 1,", "New numb skin", "Go to A&amp;E now, or call 999", "My leg went numb")
    assert [words for words in shown if words not in page] == []


def test_a_join_without_signs_keeps_nothing(door: Door) -> None:
    door.sign_in(door.linda)
    assert door.client.post(f"{door.page}/get-ready", data=READY).status_code == 302
    assert kept_in(door) == []


def ticked(page: str, value: str) -> bool:
    return re.search(rf'<input[^>]*value="{value}"[^>]*\bchecked\b', page) is not None


def test_who_comes_back_to_get_ready_finds_their_ticks_and_words_and_can_take_them_off(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post(f"{door.page}/get-ready", data={**READY, "flags": ["emergency"]})
    page = door.client.get(f"{door.page}/get-ready").text
    assert ticked(page, "emergency")
    assert "My leg went numb" in page
    door.client.post(f"{door.page}/get-ready", data={**READY, "news": ""})
    (row,) = kept_in(door)
    assert row.unticked_at is not None
    with door.database() as db:
        seat = db.exec(select(Seat)).one()
    assert (seat.flags, seat.news) == ([], "")


def test_a_remembered_device_shows_no_ticks_and_so_takes_none_off(door: Door) -> None:
    door.remember(door.linda)
    for flags in (["emergency"], []):
        door.client.post(door.link)
        page = door.client.get(f"{door.page}/get-ready").text
        assert 'value="emergency"' in page
        assert not ticked(page, "emergency")
        assert "My leg went numb" not in page
        words = READY["news"] if flags else ""
        sent = door.client.post(f"{door.page}/get-ready", data={**READY, "news": words, "flags": flags})
        assert sent.status_code == 302
    (row,) = kept_in(door)
    assert row.unticked_at is None
    with door.database() as db:
        seat = db.exec(select(Seat)).one()
        state = db.get_one(GroupSession, door.group.group_session.id).state
    assert (seat.flags, seat.news) == (["emergency"], "My leg went numb")
    assert (state["seats"][seat.id]["news"], state["warned"]) == ("urgent", {door.linda.id: "urgent"})


@pytest.mark.browser
@pytest.mark.media
def test_a_tick_is_sent_as_it_is_made_and_the_page_says_so(hall: Hall) -> None:
    linda = hall.group.patients[0]
    page = hall.page(linda, small=True)
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    page.get_by_label("New numb skin").check(force=True)
    expect(page.get_by_text("Do not wait for the group. Your team can see this.")).to_be_visible()
    look(page)
    with hall.house.database() as db:
        assert db.exec(select(WarningSign.sign).where(WarningSign.person_id == linda.id)).all() == ["emergency"]
    lead = hall.lead()
    expect(lead.get_by_text("Ticked a warning sign: call them")).to_be_attached()
