"""The page on which staff correct a patient's details."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from tests.support.factories import Factory

Page = tuple[FlaskClient, str, str]


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A facilitator before the details of Linda, whose id comes with the address."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service())
        place = make.enrolment(cohort, "Linda")
        make.enrolment(cohort, "Joseph")
        token = signin.begin(db, person=make.facilitator(cohort, name="Priya"), now=clock.now())
        with client.session_transaction() as cookie:
            cookie["signed_in"] = token
        return client, f"/patients/{place.id}/details", place.person_id


def shown(client: FlaskClient, address: str) -> dict[str, str]:
    """The fields of the form as the page shows them."""
    found = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', client.get(address).text)
    return {name: value for name, value in found if name not in {"csrf_token", "send_again"}}


def test_the_page_shows_what_is_known_and_keeps_what_is_corrected(app: Flask, page: Page) -> None:
    client, address, linda = page
    fields = shown(client, address)
    answer = client.post(address, data={**fields, "full_name": "Lynda Hall"})
    assert answer.status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get_one(Person, linda).full_name == "Lynda Hall"


def test_a_second_save_of_an_old_page_is_refused_and_keeps_what_was_typed(page: Page) -> None:
    client, address, _ = page
    fields = shown(client, address)
    assert client.post(address, data={**fields, "phone": "020 7946 0000"}).status_code == 302
    answer = client.post(address, data={**fields, "phone": "020 7946 0001"})
    assert answer.status_code == 409
    assert "Somebody changed these details" in answer.text
    assert "020 7946 0001" in answer.text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("email", "linda", "in the right format"),
        ("full_name", "", "Enter their full name"),
        ("phone", "x" * 300, "phone"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(page: Page, field: str, typed: str, words: str) -> None:
    client, address, _ = page
    answer = client.post(address, data={**shown(client, address), field: typed})
    assert answer.status_code == 400
    assert words in answer.text


def test_an_address_without_an_at_is_shown_as_it_was_typed_and_refused_once(page: Page) -> None:
    client, address, _ = page
    answer = client.post(address, data={**shown(client, address), "email": "linda.example"})
    assert 'value="linda.example"' in answer.text
    assert answer.text.count("in the right format") == 2  # above the page, and beside the field
