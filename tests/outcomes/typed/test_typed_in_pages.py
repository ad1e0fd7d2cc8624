"""What the pages of typing say and keep, without a browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.outcomes.confirming import Fields
from tests.support.outcomes.typing import typed_out


@pytest.fixture
def lead(app: Flask) -> FlaskClient:
    """A clinical lead, signed in."""
    client = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        token = signin.begin(db, person=make.person(make.service(), Role.CLINICAL_LEAD), now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


def begun(lead: FlaskClient, instrument: str = "pseq-10") -> str:
    return str(lead.post(f"/questionnaires/typed/start/{instrument}").headers["Location"])


def test_a_form_is_typed_seen_as_patients_do_loaded_and_taken_back(lead: FlaskClient) -> None:
    address = begun(lead)
    words = {**Fields(lead.get(address).text).values, **typed_out("pseq-10"), "then": "preview"}
    seen = lead.post(address, data=words, follow_redirects=True).text
    assert "Example question 10?" in seen
    assert "Load these words" in seen
    assert "is loaded. Choose the milestones" in lead.post(f"{address}/load", follow_redirects=True).text
    assert "Loaded." in lead.get("/questionnaires/typed").text
    assert "no longer loaded" in lead.post(f"{address}/take-back", follow_redirects=True).text


def test_what_is_missing_is_said_beside_its_field(lead: FlaskClient) -> None:
    address = begun(lead)
    page = lead.get(f"{address}/preview", follow_redirects=True).text
    assert 'id="q-1-error"' in page
    assert "Question 1: type its words" in page
    assert "Write who holds it." in page


def test_two_editors_see_both_words(lead: FlaskClient) -> None:
    address = begun(lead)
    shown = Fields(lead.get(address).text).values
    lead.post(address, data={**shown, "q-1": "Typed first"})
    second = lead.post(address, data={**shown, "q-1": "Typed second", "q-2": "Only here"})
    assert second.status_code == 409
    assert "Somebody else saved this here: “Typed first”." in second.text
    assert "Typed second" in second.text
    again = {**Fields(second.text).values, "q-1": "Typed second", "q-2": "Only here"}
    assert lead.post(address, data=again).status_code == 302
    page = lead.get(address).text
    assert "Typed second" in page
    assert "Only here" in page


def test_a_page_that_came_broken_loses_nothing(lead: FlaskClient) -> None:
    address = begun(lead)
    answer = lead.post(address, data={"title": "Kept on the page", "shown": "{"})
    assert answer.status_code == 400
    assert "Kept on the page" in answer.text
