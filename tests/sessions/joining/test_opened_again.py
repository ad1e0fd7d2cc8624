"""The end of a session: only after its start, and undone while its time is not over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.demo import seed
from backtolife.errors import Conflict
from backtolife.people.access import System
from backtolife.sessions.records import closing
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat, SectionEntered
from backtolife.sessions.state import script, seats
from backtolife.sessions.state.rules import Camera, SeatStatus
from tests.support.sessions.door import Door, before_the_door
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.hall import Hall as Sockets
from tests.support.sessions.hall import ask, open_hall
from tests.support.sessions.pages import Hall, look


@pytest.fixture
def sockets(app: Flask) -> Iterator[Sockets]:
    with open_hall(app) as opened:
        yield opened


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def run(group: Gathering, now: datetime) -> Seat:
    """Linda is in, the session runs."""
    linda = group.sit(group.patients[0], now=now)
    group.sit(group.lead, now=now)
    group.apply(seats.admit, now, seat=linda.id, now_ms=0)
    group.apply(script.start, now, sections=room.plan_of(group.db, group.group_session).sections, now_ms=0)
    return linda


def end(group: Gathering, now: datetime) -> GroupSession:
    held = room.load(group.db, group.group_session.id)
    closing.close(group.db, group_session=held, actor=group.make.actor(group.lead), now=now)
    return held


def again(group: Gathering, now: datetime) -> None:
    held = room.load(group.db, group.group_session.id)
    closing.open_again(group.db, group_session=held, actor=group.make.actor(group.lead), now=now)


def test_a_session_cannot_be_ended_before_it_started(sockets: Sockets) -> None:
    lead = sockets.connect(sockets.group.lead)
    answer = ask(lead, "end")
    assert (answer["status"], "nothing to end" in answer["error"]) == (409, True)
    assert sockets.state["status"] == "open"
    assert ask(lead, "start")["ok"]
    assert ask(lead, "end")["ok"]


def test_an_end_by_mistake_is_undone_and_the_group_goes_on_where_it_was(db: Session, now: datetime) -> None:
    group = gather(db, now)
    linda = run(group, now)
    part = room.state_of(db, group.group_session)["section"]["id"]
    held = end(group, now + timedelta(minutes=20))
    again(group, now + timedelta(minutes=25))
    assert (held.status, held.ended_at, held.state["section"]["id"]) == (GroupStatus.RUNNING, None, part)
    assert linda.status is SeatStatus.ADMITTED
    parts = db.exec(select(SectionEntered).order_by(col(SectionEntered.entered_at))).all()
    assert [(each.section_id, each.left_at is None) for each in parts] == [(part, False), (part, True)]
    said = db.exec(select(AuditEntry.action).where(AuditEntry.subject_id == held.id)).all()
    assert "session_opened_again" in said


def test_whoever_was_in_is_in_again_with_their_camera_off_and_can_still_be_found_and_rung(
    db: Session, now: datetime
) -> None:
    group = gather(db, now)
    linda, joseph = run(group, now), group.sit(group.patients[1], now=now)
    end(group, now)
    again(group, now)
    assert (linda.status, linda.place, linda.phone) == (SeatStatus.ADMITTED, "At home: 3 Elm Road", "01632 960100")
    entries = room.state_of(db, group.group_session)["seats"]
    assert (entries[linda.id]["camera"], entries[linda.id]["online"]) == ("off", False)
    assert linda.camera is Camera.EVERYONE, "what they chose is remembered for next time"
    assert joseph.status is SeatStatus.LOBBY


def test_who_had_left_by_themselves_gets_ready_again(db: Session, now: datetime) -> None:
    group = gather(db, now)
    linda = run(group, now)
    group.apply(seats.leave, now, seat=linda.id)
    end(group, now)
    again(group, now)
    assert linda.status is SeatStatus.LEFT


def test_what_people_told_us_is_deleted_once_the_end_can_be_undone_no_more(db: Session, now: datetime) -> None:
    group = gather(db, now)
    linda = run(group, now)
    held, scheduler = end(group, now + timedelta(minutes=20)), System("test", group.cohort.service_id)
    other = System("test", group.make.service().id)
    planned_end = now + timedelta(minutes=95)
    assert closing.forget_ended(db, actor=scheduler, now=planned_end - timedelta(minutes=1)) == []
    assert closing.forget_ended(db, actor=other, now=planned_end) == []
    assert linda.phone == "01632 960100"
    assert closing.forget_ended(db, actor=scheduler, now=planned_end) == [held.id]
    assert (linda.place, linda.phone, linda.emergency_phone) == ("", "", "")
    assert closing.forget_ended(db, actor=scheduler, now=planned_end) == []


def test_a_session_that_goes_on_again_forgets_nobody(db: Session, now: datetime) -> None:
    group = gather(db, now)
    linda = run(group, now)
    end(group, now)
    again(group, now)
    assert closing.forget_ended(db, actor=System("test", group.cohort.service_id), now=now + timedelta(days=1)) == []
    assert linda.phone == "01632 960100"


def test_who_was_removed_stays_removed_when_the_session_is_opened_again(db: Session, now: datetime) -> None:
    group = gather(db, now)
    linda = run(group, now)
    group.apply(seats.remove, now, seat=linda.id)
    end(group, now)
    again(group, now)
    assert linda.status is SeatStatus.REMOVED


@pytest.mark.parametrize(
    ("ended", "later", "can"),
    [(20, 94, True), (20, 95, False), (94, 103, True), (94, 104, False)],
)
def test_an_end_can_be_undone_until_the_planned_end_and_for_some_minutes_at_least(
    db: Session, now: datetime, ended: int, later: int, can: bool
) -> None:
    """The session is planned to end after 95 minutes."""
    group = gather(db, now)
    run(group, now)
    end(group, now + timedelta(minutes=ended))
    if can:
        again(group, now + timedelta(minutes=later))
    else:
        with pytest.raises(Conflict):
            again(group, now + timedelta(minutes=later))


def test_a_session_that_goes_on_cannot_be_opened_again(db: Session, now: datetime) -> None:
    group = gather(db, now)
    run(group, now)
    with pytest.raises(Conflict):
        again(group, now)


def test_a_session_closed_before_its_start_counts_nobody(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        end(door.group, clock.now())
    door.sign_in(door.group.lead)
    page = door.client.get(f"{door.page}/summary").text
    assert "closed before it started" in page
    assert "0 of 0" not in page


def test_the_pages_after_an_early_end_offer_the_way_back(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        run(door.group, clock.now())
        end(door.group, clock.now())
    door.sign_in(door.linda)
    assert "Open the session again" not in door.client.get(f"{door.page}/gone/ended").text
    assert door.client.post(f"{door.page}/open-again").status_code == 403
    door.sign_in(door.group.lead)
    for page in (f"{door.page}/gone/ended", f"{door.page}/summary"):
        assert "Open the session again" in door.client.get(page).text
    assert door.client.post(f"{door.page}/open-again").headers["Location"].endswith("/room")
    door.sign_in(door.linda)
    assert "you can come back in" in door.client.get(f"{door.page}/gone/ended").text
    assert door.client.get(f"{door.page}/room").status_code == 200
    door.sign_in(door.group.spotter)
    assert door.client.post(f"{door.page}/open-again").headers["Location"].endswith("/room")
    with door.database() as db:
        opened = select(AuditEntry).where(AuditEntry.action == "session_opened_again")
        assert len(db.exec(opened).all()) == 1, "the second facilitator who presses finds it open"


def test_a_second_start_of_the_demo_after_an_ended_session_has_something_to_join(
    db: Session, settings: Settings, now: datetime
) -> None:
    assert seed.fill(db, settings=settings, now=now)
    assert not seed.fill(db, settings=settings, now=now)
    for held in db.exec(select(GroupSession).where(GroupSession.number == 1)):
        held.status = GroupStatus.ENDED
    db.flush()
    later = now + timedelta(minutes=1)
    assert seed.fill(db, settings=settings, now=later)
    assert not seed.fill(db, settings=settings, now=later)


@pytest.mark.browser
@pytest.mark.media
def test_after_an_end_by_mistake_everybody_is_back_in_the_room(hall: Hall) -> None:
    linda = hall.group.patients[0]
    patient = hall.join(linda, "off", small=True)
    lead = hall.lead()
    expect(lead.get_by_role("button", name="End session for everyone")).to_be_hidden()
    lead.get_by_role("button", name="Let Linda in").click()
    lead.get_by_role("button", name="Start session 1").click()
    lead.get_by_role("button", name="End session for everyone").click()
    lead.get_by_role("button", name="End session for everyone").last.click()
    expect(patient.get_by_role("heading", name="Session 1 is over")).to_be_visible()
    look(lead)
    lead.get_by_role("button", name="Open the session again").click()
    expect(patient.get_by_text("The session goes on.")).to_be_visible()
    look(patient)
    expect(patient.get_by_role("button", name="I need help")).to_be_visible()
    expect(lead.locator("#wall strong", has_text="Linda")).to_be_visible()
