"""The page on which people are discharged, as a facilitator uses it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.goals.services import set_goal
from tests.programme.discharge.group_at_its_end import ended
from tests.support.factories import FIRST_DAY, Factory

FIRST = datetime.combine(FIRST_DAY, time(10), UTC)


@dataclass
class Page:
    """The page of a group that ended yesterday."""

    app: Flask
    browser: FlaskClient
    at: str
    places: dict[str, str]

    def state(self, name: str) -> EnrolmentState:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.get_one(Enrolment, self.places[name]).state


@pytest.fixture(params=[Role.FACILITATOR, Role.CLINICAL_LEAD])
def page(app: Flask, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Page]:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        group = ended(db, make)
        service = db.get_one(Service, group.cohort.service_id)
        lead = db.get_one(Person, group.lead.id)
        person = lead if request.param is Role.FACILITATOR else make.person(service, request.param)
        token = signin.begin(db, person=person, now=group.now)
        now, at = group.now, f"/groups/{group.cohort.id}"
        places = {name: place.id for name, place in group.places.items()}
    monkeypatch.setattr(clock, "now", lambda: now)
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    assert now.date() > FIRST_DAY + timedelta(days=70)
    yield Page(app, browser, at, places)


def test_everybody_who_took_part_is_listed_and_discharged_in_one_press(page: Page) -> None:
    assert f"{page.at}/discharge" in page.browser.get(page.at).text
    assert f"{page.at}/discharge" in page.browser.get("/").text
    shown = page.browser.get(f"{page.at}/discharge").text
    assert shown.count(" checked") == 2
    assert "9 of 9 sessions, completed" in shown
    assert "5 of 9 sessions" in shown
    chosen = {"people": [page.places["Ann"], page.places["Ben"]]}
    done = page.browser.post(f"{page.at}/discharge", data=chosen, follow_redirects=True).text
    assert "2 people are discharged." in done
    assert page.state("Ann") is EnrolmentState.COMPLETED
    assert f"{page.at}/discharge" not in page.browser.get("/").text


def test_what_people_wanted_to_do_more_of_is_read_beside_the_goodbye(page: Page) -> None:
    with session_scope(page.app.extensions["backtolife.engine"]) as db:
        place = db.get_one(Enrolment, page.places["Ann"])
        lead = Factory(db, clock.now()).person(db.get_one(Service, place.service_id), Role.CLINICAL_LEAD)
        set_goal(db, enrolment=place, words="Walk to the shop", actor=acting_as(db, lead), now=clock.now())
    shown = page.browser.get(f"{page.at}/discharge").text
    assert re.search(r"<bdi>Ann Example</bdi>:\s+<bdi>Walk to the shop</bdi>", shown)


def test_who_was_let_in_and_came_to_nothing_is_not_discharged_and_staff_read_why(page: Page) -> None:
    with session_scope(page.app.extensions["backtolife.engine"]) as db:
        cas = db.get_one(Enrolment, page.places["Cas"])
        change_state(db, enrolment=cas, to=EnrolmentState.STARTED, actor=System("door", cas.service_id), now=FIRST)
    assert "0 of 9 sessions" in page.browser.get(f"{page.at}/discharge").text
    done = page.browser.post(f"{page.at}/discharge", data={"people": [page.places["Cas"]]}, follow_redirects=True).text
    assert "came to no session counts as not started" in done
    assert page.state("Cas") is EnrolmentState.ENROLLED


def test_nobody_ticked_is_said_beside_the_boxes(page: Page) -> None:
    answer = page.browser.post(f"{page.at}/discharge")
    assert answer.status_code == 400
    assert "Choose who is discharged." in answer.text


def test_a_discharge_is_taken_back_on_the_page_of_the_place(page: Page) -> None:
    page.browser.post(f"{page.at}/discharge", data={"people": [page.places["Ann"]]})
    place = f"/places/{page.places['Ann']}"
    assert "They have completed the programme." in page.browser.get(place).text
    assert "It is taken back." in page.browser.post(f"{place}/not-discharged", follow_redirects=True).text
    assert page.state("Ann") is EnrolmentState.STARTED
    assert "Nothing was changed" in page.browser.post(f"{place}/not-discharged", follow_redirects=True).text
