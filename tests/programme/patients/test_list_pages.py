"""Every list of staff is searched and sorted: by POST, in the database, and in few statements."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.places.offers import offer
from backtolife.programme.places.queue.waiting import wait
from backtolife.programme.places.rules import Wishes
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient
from tests.support.statements import statements_of

LISTS = {"/patients": "name", "/groups": "next", "/offers": "name", "/waiting": "name", "/tasks": "name"}
NAMES = ("Zara Lang", "Émile Brun", "Adam Lang")
MOST_STATEMENTS = 15


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    """A clinical lead whose every list has Zara, Émile and Adam, or groups of their names, in it."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        grace = make.person(service, Role.CLINICAL_LEAD, "Grace", also=[Role.ADMINISTRATOR])
        actor, soon = make.actor(grace), (clock.now() + timedelta(days=20)).date()
        for number, name in enumerate(NAMES):
            group = make.cohort(service, name, first_day=soon + timedelta(days=number))
            place = make.enrolment(make.cohort(service, first_day=clock.now().date()), name)
            person = db.get_one(Person, place.person_id)
            patient = Patient(db, place, make.actor(person), make.now)
            patient.say(patient.open("phq-9"), "9", 3)
            waits, asked = (make.person(service, Role.PATIENT, name) for _ in range(2))
            for each in (person, waits, asked):
                each.full_name = name
            since = make.now - timedelta(days=number)
            wait(db, person=waits, wishes=Wishes(), actor=actor, now=make.now, since=since)
            until = clock.now().date() + timedelta(days=3)
            offer(db, patient=asked, cohort=group, answer_by=until, site="http://localhost", actor=actor, now=make.now)
        token = signin.begin(db, person=grace, now=clock.now())
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return client


def found(page: str) -> list[str]:
    """Which of the names are on the page, in the order of their first mention."""
    body = page[page.index("</form>") :] if 'role="search"' in page else page
    return sorted((name for name in NAMES if name in body), key=body.index)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_who_fits_what_was_typed(lead: FlaskClient, path: str) -> None:
    assert set(found(lead.get(path).text)) == set(NAMES)
    assert set(found(lead.post(path, data={"words": "lang"}).text)) == {"Zara Lang", "Adam Lang"}
    assert found(lead.post(path, data={"words": "émile"}).text) == ["Émile Brun"]
    assert found(lead.post(path, data={"words": "nobody of this name"}).text) == []
    assert lead.post(path, data={"words": "%", "sort": "no such order", "page": "-1"}).status_code == 200


@pytest.mark.parametrize(("path", "sort"), [(path, sort) for path, sort in LISTS.items() if path != "/groups"])
def test_a_list_is_sorted_as_asked(lead: FlaskClient, path: str, sort: str) -> None:
    page = lead.post(path, data={"words": "lang", "sort": sort})
    assert found(page.text) == ["Adam Lang", "Zara Lang"]


def test_groups_are_sorted_by_their_next_session(lead: FlaskClient) -> None:
    assert found(lead.post("/groups", data={"sort": "next"}).text) == list(NAMES)
    assert found(lead.post("/groups", data={"sort": "newest"}).text) == list(reversed(NAMES))


def test_a_turn_stays_a_turn_when_others_are_left_out(lead: FlaskClient) -> None:
    page = lead.post("/waiting", data={"words": "émile"}).text
    assert "<td>2</td>" in page


def test_colleagues_are_found_by_name_and_job(lead: FlaskClient) -> None:
    assert "Grace Example" in lead.post("/staff/find", data={"words": "grace"}).text
    assert "Grace Example" not in lead.post("/staff/find", data={"words": "nobody", "sort": "seen"}).text
    assert "Grace Example" in lead.post("/staff/find", data={"sort": "review"}).text


@pytest.mark.parametrize("path", [*LISTS, "/staff"])
def test_a_list_takes_few_statements(app: Flask, lead: FlaskClient, path: str) -> None:
    with statements_of(app.extensions["backtolife.engine"]) as seen:
        assert lead.get(path).status_code == 200
    asked = [each for each in seen if "audit_entry" not in each]
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)


def test_what_is_typed_stands_in_no_address(lead: FlaskClient) -> None:
    page = lead.post("/patients", data={"words": "Zara"}).text
    assert "Zara" not in "".join(part.split('"')[0] for part in page.split('href="')[1:])
    assert 'method="post"' in page[page.index("btl-search") :]


COLUMNS = {
    "/patients": ("name", "born", "group"),
    "/offers": ("name", "group", "until", "call"),
    "/waiting": ("turn", "name"),
    "/staff": ("name", "seen", "review"),
}


@pytest.mark.parametrize(("path", "key"), [(path, key) for path, keys in COLUMNS.items() for key in keys])
def test_the_head_of_a_column_puts_the_list_in_order_says_so_and_keeps_what_was_typed(
    lead: FlaskClient, path: str, key: str
) -> None:
    typed = {"words": "", "sort": key}
    page = lead.post("/staff/find" if path == "/staff" else path, data=typed).text
    heads = re.findall(r"<th scope=\"col\"([^>]*)>\s*<form class=\"btl-sort\".*?</form>", page, re.S)
    assert sum("aria-sort" in each for each in heads) == 1
    marked = re.search(r'aria-sort="(\w+)">\s*<form.*?name="sort" value="(\w+)"', page, re.S)
    assert marked is not None
    assert marked.groups() == ("descending" if key == "seen" else "ascending", key)
    again = lead.post("/staff/find" if path == "/staff" else path, data={"words": "a", "sort": key}).text
    assert re.search(r'class="btl-sort".*?name="words" value="a">', again, re.S)
