"""Whom to ring after a session: what came of earlier calls, where to write one down, and whom not to ring."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import Db, session_scope
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients.calling.calls import record_call
from backtolife.programme.places.dying import record_death
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from tests.sessions.summary.test_summary import HOUR, Ended, hold_session
from tests.support.people.cookies import browser_of
from tests.support.sessions.gathering import gather

JOSEPH, MAUREEN = 1, 2


@dataclass
class Doors:
    """An ended session: Joseph lost the connection and Maureen missed it, so both are to be rung."""

    app: Flask
    ended: Ended

    def place(self, db: Db, person: int) -> Enrolment:
        group = self.ended.group
        group.make.db = db
        return group.make.enrolment_of(group.patients[person], group.cohort)

    def page(self, browser: FlaskClient | None = None) -> str:
        browser = browser or browser_of(self.app, self.ended.group.lead)
        shown = browser.get(f"/sessions/{self.ended.group.group_session.id}/summary").text
        return " ".join(shown.split())


@pytest.fixture
def doors(app: Flask) -> Doors:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        ended = hold_session(gather(db, clock.now(), ("Linda", "Joseph", "Maureen")), clock.now() - 2 * HOUR)
        for person in ended.group.patients:
            person.phone = "07700 900123"
            ended.group.make.enrolment_of(person, ended.group.cohort).enrolled_at = ended.began - HOUR
    return Doors(app, ended)


def test_a_call_is_written_down_from_the_list_and_stands_in_it(doors: Doors) -> None:
    with session_scope(doors.app.extensions["backtolife.engine"]) as db:
        place, actor = doors.place(db, JOSEPH), doors.ended.group.make.actor(doors.ended.group.lead)
        record_call(db, whose=place, outcome="left_word", words="With his son", actor=actor, now=clock.now())
    page = doors.page()
    assert "Who needs a call: 2" in page
    assert f'href="/patients/{place.id}/calls"' in page
    assert "Rang and left word" in page and "With his son" in page


def test_a_clinical_lead_writes_calls_down_and_somebody_who_may_not_is_not_sent_there(doors: Doors) -> None:
    with session_scope(doors.app.extensions["backtolife.engine"]) as db:
        place = doors.place(db, JOSEPH)
        head = doors.ended.group.make.person(db.get_one(Service, place.service_id), Role.CLINICAL_LEAD)
    browser = browser_of(doors.app, head)
    offered = f'href="/patients/{place.id}/calls"' in doors.page(browser)
    assert offered is (browser.get(f"/patients/{place.id}/calls").status_code == 200)


def test_who_has_died_is_not_in_the_list_and_the_page_says_so(doors: Doors) -> None:
    with session_scope(doors.app.extensions["backtolife.engine"]) as db:
        place, actor = doors.place(db, JOSEPH), doors.ended.group.make.actor(doors.ended.group.lead)
        record_death(db, whose=place, told_by="His son", actor=actor, now=clock.now())
    page = doors.page()
    assert "Who needs a call: 1" in page
    assert "Joseph Example</bdi> has died. Nothing is sent any more." in page
    assert "Has died</span>" in page
    assert f'href="/patients/{place.id}/calls"' not in page


def test_who_left_is_not_in_the_list_and_the_table_says_so(doors: Doors) -> None:
    with session_scope(doors.app.extensions["backtolife.engine"]) as db:
        place, actor = doors.place(db, MAUREEN), doors.ended.group.make.actor(doors.ended.group.lead)
        leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
        withdraw(db, enrolment=place, leaving=leaving, actor=actor, now=clock.now())
    page = doors.page()
    assert "Who needs a call: 1" in page
    assert "Has left the group</span>" in page
