"""The list of safety tasks: the open ones page by page, with how many there are on all."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.safety import tasks
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient


@pytest.fixture
def clinician(site: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Who sees three open tasks, on pages of two."""
    monkeypatch.setattr(tasks, "A_PAGE", 2)
    now = clock.now()
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        make.asks(service)
        lead = make.person(service, Role.CLINICAL_LEAD)
        cohort = make.cohort(service, first_day=now.date())
        make.facilitator(cohort)
        for name in ("Ann", "Bea", "Cid"):
            place = make.enrolment(cohort, name)
            answers = Patient(db, place, make.actor(db.get_one(Person, place.person_id)), now)
            answers.say(answers.open("phq-9"), "9", 3)
        token = signin.begin(db, person=lead, now=now)
    browser = site.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    return browser


def names(page: str) -> list[str]:
    headings = re.findall(r'<h2 class="btl-h3 btl-task__title".*?</h2>', page)
    return [name for name in ("Ann", "Bea", "Cid") if any(name in each for each in headings)]


def test_the_open_tasks_stand_on_pages_and_the_heading_counts_them_all(clinician: FlaskClient) -> None:
    first = clinician.get("/tasks").text
    second = clinician.post("/tasks", data={"sort": "due", "page": "2"}).text
    assert "Safety tasks: 3 open" in first
    assert "Safety tasks: 3 open" in second
    assert len(names(first)) == 2
    assert len(names(second)) == 1
    assert sorted(names(first) + names(second)) == ["Ann", "Bea", "Cid"]


def test_a_page_that_is_not_there_is_the_last_one(clinician: FlaskClient) -> None:
    last = clinician.post("/tasks", data={"sort": "name", "page": "9"}).text
    assert names(last) == ["Cid"]


def test_who_is_looked_for_is_found_wherever_they_stand(clinician: FlaskClient) -> None:
    assert names(clinician.post("/tasks", data={"words": "cid", "sort": "name"}).text) == ["Cid"]
