"""The planner's page: own figures to begin with, what-if numbers in the address, and errors in words."""

import re
import sys
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.pathway.planning import apart
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.rules import Way
from tests.support.factories import Factory

PLAN = {
    "groups": "0",
    "places": "12",
    "waiting": "40",
    "arrivals": "0",
    "says_yes": "70",
    "drops_out": "20",
    "gives_up": "0",
}


@pytest.fixture
def lead(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """A browser of a service lead; the test may ask for so many people on the list, since 100 days."""
    client = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        for _ in range(getattr(request, "param", 0)):
            person, since = make.person(service), clock.now() - timedelta(days=100)
            db.add(Waiting(service_id=service.id, person_id=person.id, since=since, way=Way.EITHER, by="test"))
        token = signin.begin(db, person=make.person(service, Role.SERVICE_LEAD), now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found
    held = re.search(r'value="([^"]*)"', found[0])
    return held[1] if held else ""


def test_a_new_service_types_what_it_expects(lead: FlaskClient) -> None:
    page = lead.get("/planner").text
    assert "no figures of its own yet" in page
    assert "Your own figures" not in page
    assert value_of(page, "arrivals") == ""


@pytest.mark.parametrize("lead", [23], indirect=True)
def test_the_form_begins_with_own_figures_and_leaves_empty_what_is_not_known(lead: FlaskClient) -> None:
    page = lead.get("/planner").text
    assert value_of(page, "waiting") == "25"
    assert value_of(page, "arrivals") == "7.6"
    assert value_of(page, "gives_up") == "0"
    assert value_of(page, "says_yes") == ""
    assert "Too few yet" in page


def test_what_is_typed_is_played_through_and_shown_as_a_figure_and_a_table(lead: FlaskClient) -> None:
    answer = lead.get("/planner", query_string=PLAN)
    assert answer.status_code == 200
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "People on the list in 12 months 40" in text
    assert "Wait of somebody who joins today more than 12 months" in text
    assert "1,000 years were played through" in text
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="btl-svg"' in answer.text
    assert answer.text.count('<th scope="row">') >= 12
    assert value_of(answer.text, "waiting") == "40"


def test_the_wait_is_told_in_weeks_with_its_range(lead: FlaskClient) -> None:
    page = lead.get("/planner", query_string={**PLAN, "groups": "1.5", "says_yes": "100", "arrivals": "20"}).text
    assert re.search(r"1[0-9] weeks \(in 8 of 10 years \d+ weeks to \d+ weeks\)", page)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("groups", "many", "Enter a number with a point, such as 1.5"),
        ("groups", "", "Enter a number with a point, such as 1.5"),
        ("groups", "-1", "Enter 0 to 20"),
        ("groups", "1e9", "Enter a number with a point, such as 1.5"),
        ("groups", "inf", "Enter a number with a point, such as 1.5"),
        ("places", "15", "Enter 1 to 14"),
        ("places", "0", "Enter 1 to 14"),
        ("places", "2.5", "Enter a whole number, like 8"),
        ("waiting", "2001", "Enter 0 to 2000"),
        ("arrivals", "200.5", "Enter 0 to 200"),
        ("says_yes", "101", "Enter 0 to 100"),
        ("drops_out", "nan", "Enter a whole number, like 8"),
        ("gives_up", "91", "Enter 0 to 90"),
    ],
)
def test_what_cannot_be_planned_with_is_said_at_its_field_and_nothing_typed_is_lost(
    lead: FlaskClient, name: str, typed: str, said: str
) -> None:
    answer = lead.get("/planner", query_string={**PLAN, name: typed})
    assert answer.status_code == 400
    assert said in answer.text
    assert "With these numbers" not in answer.text
    for each, value in {**PLAN, name: typed}.items():
        assert value_of(answer.text, each) == value


def test_a_field_that_is_missing_from_the_address_is_asked_for(lead: FlaskClient) -> None:
    answer = lead.get("/planner?groups=1")
    assert answer.status_code == 400
    assert "Enter 1 to 14" in answer.text


def test_without_the_library_it_says_what_to_install(lead: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = (sys.executable, "-c", f"raise SystemExit({apart.NOT_INSTALLED})")
    monkeypatch.setattr(apart, "COMMAND", missing)
    answer = lead.get("/planner", query_string=PLAN)
    assert answer.status_code == 503
    assert "install the extra “planner”" in answer.text
    assert value_of(answer.text, "waiting") == "40"


def test_a_plan_that_fails_or_takes_too_long_says_so(lead: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "raise SystemExit(9)"))
    answer = lead.get("/planner", query_string=PLAN)
    assert (answer.status_code, "could not be worked out" in answer.text) == (503, True)
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "import time; time.sleep(30)"))
    monkeypatch.setattr(apart, "LONGEST_SECONDS", 0.1)
    answer = lead.get("/planner", query_string=PLAN)
    assert (answer.status_code, "took too long" in answer.text) == (503, True)


def test_while_another_plan_is_worked_out_it_asks_to_wait(lead: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.01)
    with apart._one_at_a_time:
        answer = lead.get("/planner", query_string=PLAN)
    assert (answer.status_code, "wait a minute" in answer.text) == (503, True)


def test_the_results_page_leads_to_it(lead: FlaskClient) -> None:
    assert 'href="/planner"' in lead.get("/results").text
