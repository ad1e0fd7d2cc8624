"""Every page of staff: a number that was found wrong is rung nowhere, and that somebody has died is said first."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlmodel import col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import STAFF, Person, Role
from backtolife.programme.patients.models import CallOutcome, PhoneCall
from tests.access.decided.roles import ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import SIGNS_OUT, World, rules
from tests.access.world import build

NUMBER, BARE = "01632 960111", "01632960111"
MOST_FIRST = [Role.CLINICAL_LEAD, Role.FACILITATOR, *sorted(STAFF - {Role.CLINICAL_LEAD, Role.FACILITATOR})]
"""As whom a page is read: the first of these who may."""
ABOUT_ONE = frozenset({"enrolment_id", "person_id", "task_id", "message_id", "alert_id", "note_id", "call_id"})


@pytest.fixture
def world(app: Flask) -> World:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        here = build(db, "A", now)
        return World(app, here, here)


def patients(world: World) -> tuple[str, str]:
    """The patient whom the ids of the house are about, and the one who called for help."""
    return f"{world.here.canary} patient Example", f"{world.here.canary} caller Example"


def pages_of_staff(world: World, about: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """The endpoint and what it says of every page that staff may read, or of those whose address names one of these."""
    for rule, method in rules(world.app):
        if method != "GET" or rule.endpoint in SIGNS_OUT or (about and not about & rule.arguments):
            continue
        for role in sorted(STAFF & set(ROLES.get(ROUTES[rule.endpoint], ())), key=MOST_FIRST.index)[:1]:
            status, body = world.knock(rule, method, world.here.tokens[role], world.here)
            if status == 200 and "</html>" in body:
                yield rule.endpoint, body


def test_a_number_that_was_found_wrong_is_offered_to_ring_on_no_page(world: World) -> None:
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        staff = db.exec(select(PhoneCall.by)).first()
        assert staff is not None
        for person in db.exec(select(Person).where(col(Person.full_name).startswith(world.here.canary))):
            if person.is_patient:
                person.phone = NUMBER
                db.add(
                    PhoneCall(
                        service_id=person.service_id,
                        person_id=person.id,
                        outcome=CallOutcome.WRONG_NUMBER,
                        by=staff,
                        at=clock.now(),
                        number=NUMBER,
                    )
                )
    rung, silent, told = set[str](), set[str](), set[str]()
    for endpoint, body in pages_of_staff(world):
        words = body.replace(f'value="{NUMBER}"', "")
        if f"tel:{BARE}" in words:
            rung.add(endpoint)
        if NUMBER in words:
            (told if f"The number {NUMBER} is wrong" in words else silent).add(endpoint)
    assert (rung, silent) == (set(), set())
    assert len(told) > 7, told


def test_every_page_about_one_person_says_that_they_have_died(world: World) -> None:
    with session_scope(world.app.extensions["backtolife.engine"]) as db:
        for person in db.exec(select(Person).where(col(Person.full_name).in_(patients(world)))):
            person.died_at = clock.now()
    silent, told = set[str](), set[str]()
    for endpoint, body in pages_of_staff(world, ABOUT_ONE):
        if any(name in body for name in patients(world)):
            (told if "has died" in body else silent).add(endpoint)
    assert sorted(silent) == []
    assert len(told) > 12, told
