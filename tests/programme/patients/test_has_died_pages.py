"""The pages on which staff would ring, book or plan say that somebody has died, and take none of it."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.programme.places.dying import record_death
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

DIED = "Colin Example</bdi> has died. Nothing is sent any more."


@dataclass
class Desk:
    """Whoever leads the group of Colin, and the pages about him."""

    browser: FlaskClient
    at: str
    group: str


@pytest.fixture
def desk(app: Flask, request: pytest.FixtureRequest) -> Desk:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service(), first_day=clock.now().date())
        place, lead = make.enrolment(cohort, "Colin"), make.facilitator(cohort)
        db.get_one(Person, place.person_id).phone = "07700 900123"
        if getattr(request, "param", True):
            record_death(db, whose=place, told_by="His daughter", actor=make.actor(lead), now=clock.now())
    return Desk(browser_of(app, lead), f"/patients/{place.id}", f"/groups/{cohort.id}")


@pytest.mark.parametrize("page", ["/calls", "/companions", "/needs", "/notes", ""])
def test_every_page_says_it(desk: Desk, page: str) -> None:
    shown = desk.browser.get(f"{desk.at}{page}").text
    assert DIED in shown
    assert "tel:07700900123" not in shown


@pytest.mark.parametrize(
    ("page", "button"), [("/calls", "Write it down"), ("/companions", "Book them for the course"), ("/needs", "Save")]
)
@pytest.mark.parametrize("desk", [True, False], indirect=True, ids=["died", "lives"])
def test_what_is_of_no_use_any_more_is_not_offered(
    desk: Desk, page: str, button: str, request: pytest.FixtureRequest
) -> None:
    lives = "lives" in request.node.name
    assert (f">{button}</button>" in desk.browser.get(f"{desk.at}{page}").text) is lives


def test_words_about_a_call_are_not_lost_and_lead_to_a_note(desk: Desk) -> None:
    answer = desk.browser.post(f"{desk.at}/calls", data={"outcome": "spoke", "words": "With his daughter"})
    assert answer.status_code == 409
    for words in (DIED, "With his daughter", f'href="{desk.at}/notes"'):
        assert words in answer.text
    assert desk.browser.post(f"{desk.at}/needs", data={"kinds": ["hearing"]}).status_code == 409


def test_the_list_of_patients_leads_to_no_call(desk: Desk) -> None:
    shown = desk.browser.get("/patients").text
    assert "Colin Example" in shown
    assert "tel:07700900123" not in shown
