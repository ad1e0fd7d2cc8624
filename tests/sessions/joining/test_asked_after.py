"""The page that says goodbye offers the three questions only where they can be answered."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.forms import adoption
from backtolife.people.models import Role, Service
from backtolife.sessions.room.models import GroupSession, GroupStatus
from tests.support.factories import Factory
from tests.support.sessions.door import Door, before_the_door

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
