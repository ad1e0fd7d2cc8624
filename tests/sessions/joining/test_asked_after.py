"""The page that says goodbye offers the three questions only where they can be answered."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.forms import adoption
from backtolife.people.models import Role, Service
from backtolife.sessions.records import closing
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.state import script
from tests.support.factories import Factory
from tests.support.sessions.door import Door, before_the_door
from tests.support.sessions.gathering import Gathering, gather

OFFERED = "How was the group for you?"


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    """A session that ended an hour ago, and one of its patients signed in."""
    door = before_the_door(app, client)
    door.move(minutes=-155)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        db.get_one(GroupSession, door.group.group_session.id).status = GroupStatus.ENDED
    door.sign_in(door.linda)
    return door


def offers(door: Door) -> bool:
    answer = door.client.get(f"{door.page}/gone/ended")
    assert answer.status_code == 200
    return OFFERED in answer.text


def test_they_are_offered_until_they_are_answered(door: Door) -> None:
    assert offers(door)
    page = door.client.post("/questions/begin/session-1").headers["Location"]
    answers = {f"q-{number}": "5" for number in (1, 2, 3)}
    sent = door.client.post(f"{page.rpartition('/')[0]}/all", data={**answers, "key": "one"})
    assert "/thanks" in sent.headers["Location"], sent.headers["Location"]
    assert not offers(door)


def test_they_are_not_offered_before_their_words_are_approved(door: Door) -> None:
    extensions = door.app.extensions
    extensions["backtolife.settings"] = replace(extensions["backtolife.settings"], environment="production")
    assert not offers(door)
    with session_scope(extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        lead = make.person(db.get_one(Service, door.linda.service_id), Role.CLINICAL_LEAD, "Grace")
        assert adoption.sign(db, actor=make.actor(lead), now=clock.now())
    assert offers(door)


def test_nobody_else_is_asked(door: Door) -> None:
    door.sign_in(door.group.lead)
    assert not offers(door)


def started(group: Gathering, now: datetime) -> GroupSession:
    group.apply(script.start, now, sections=room.plan_of(group.db, group.group_session).sections, now_ms=0)
    return room.load(group.db, group.group_session.id)


@pytest.mark.parametrize("minutes", [20, 110])
def test_they_open_when_the_session_really_ended(db: Session, now: datetime, minutes: int) -> None:
    """It is planned to end after 95 minutes. One whose end was a mistake is over when it is over."""
    group = gather(db, now)
    held, actor = started(group, now), group.make.actor(group.lead)
    planned = room.planned_end(db, held)
    assert ask_of(db, group.cohort, "session-1", windows_only=True).opens_at == planned
    ended = now + timedelta(minutes=minutes)
    closing.close(db, group_session=held, actor=actor, now=ended)
    assert ask_of(db, group.cohort, "session-1", windows_only=True).opens_at == ended
    closing.open_again(db, group_session=held, actor=actor, now=ended + timedelta(minutes=1))
    assert ask_of(db, group.cohort, "session-1", windows_only=True).opens_at == planned


def test_after_an_early_end_they_are_offered_at_once_and_can_be_begun(app: Flask, client: FlaskClient) -> None:
    door = before_the_door(app, client)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        door.group.db = door.group.make.db = db
        held = started(door.group, clock.now())
        closing.close(db, group_session=held, actor=door.group.make.actor(door.group.lead), now=clock.now())
    door.sign_in(door.linda)
    assert offers(door)
    assert "/questions/" in door.client.post("/questions/begin/session-1").headers["Location"]


def test_a_session_closed_before_its_start_opens_no_questions_early(db: Session, now: datetime) -> None:
    group = gather(db, now)
    held = room.load(db, group.group_session.id)
    closing.close(db, group_session=held, actor=group.make.actor(group.lead), now=now)
    assert ask_of(db, group.cohort, "session-1", windows_only=True).opens_at == room.planned_end(db, held)
