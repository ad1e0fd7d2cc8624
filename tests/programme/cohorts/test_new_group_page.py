"""Making a group: what is unusual about its dates is said before it is made."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.safety.rota_models import BankHoliday
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, CohortStaff, StaffPlace
from backtolife.programme.cohorts.services import staff_of
from tests.support.factories import Factory

Typed = dict[str, str]


@pytest.fixture
def typed(app: Flask, client: FlaskClient) -> Typed:
    """A service lead who is signed in, what they type, and a day of the service's own on which nobody works."""
    return a_form(app, client, Role.SERVICE_LEAD)


def a_form(app: Flask, client: FlaskClient, role: Role) -> Typed:
    first = (clock.now() + timedelta(days=30)).date()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service)
        lead, spotter = make.facilitator(cohort), make.facilitator(cohort)
        db.add(BankHoliday(service_id=service.id, day=first + timedelta(days=7), name="Staff day"))
        token = signin.begin(db, person=make.person(service, role), now=clock.now())
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return {
        "name": "Spring evenings",
        "schedule": "weekly",
        "first_day": f"{first:%Y-%m-%d}",
        "weekdays": str(first.weekday()),
        "wall_time": "10:00",
        "zone": "Europe/London",
        "capacity": "8",
        "lead": lead.id,
        "spotter": spotter.id,
    }


def made(app: Flask) -> bool:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(Person)).first()
        return db.exec(select(Cohort).where(Cohort.name == "Spring evenings")).first() is not None


def test_a_session_on_a_day_nobody_works_is_said_before_the_group_is_made(
    app: Flask, client: FlaskClient, typed: Typed
) -> None:
    page = client.post("/groups/new", data=typed).text
    assert "is a day nobody works: Staff day." in page
    assert not made(app)
    said = unescape(page.split('name="anyway" value="')[1].split('"')[0])
    assert client.post("/groups/new", data={**typed, "anyway": said}).status_code == 302
    assert made(app)


@pytest.mark.parametrize(
    ("spotter", "words"), [("", "Nobody spots."), ("lead", "The same person leads and spots.")], ids=["none", "twice"]
)
def test_a_lead_alone_is_asked_about_and_made_with_one_person(
    app: Flask, client: FlaskClient, typed: Typed, spotter: str, words: str
) -> None:
    given = {**typed, "spotter": typed.get(spotter, "")}
    page = client.post("/groups/new", data=given)
    assert (page.status_code, words in page.text, made(app)) == (200, True, False)
    said = unescape(page.text.split('name="anyway" value="')[1].split('"')[0])
    client.post("/groups/new", data={**given, "anyway": said})
    with session_scope(app.extensions["backtolife.engine"]) as db:
        cohort = db.exec(select(Cohort).where(Cohort.name == "Spring evenings")).one()
        assert [(row.place, row.person_id) for row, _ in staff_of(db, cohort.id)] == [(StaffPlace.LEAD, typed["lead"])]


def test_who_is_in_another_group_at_that_time_is_refused_with_its_name(
    app: Flask, client: FlaskClient, typed: Typed
) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now(), numbers=count(900))
        service = db.get_one(Service, db.get_one(Person, typed["spotter"]).service_id)
        busy = make.cohort(service, "Busy mornings", first_day=date.fromisoformat(typed["first_day"]))
        db.add(CohortStaff(service_id=service.id, cohort_id=busy.id, person_id=typed["spotter"], place=StaffPlace.LEAD))
    page = client.post("/groups/new", data=typed)
    assert (page.status_code, "is in “Busy mornings” at that time" in page.text, made(app)) == (400, True, False)
    assert client.post("/groups/new", data={**typed, "wall_time": "14:00"}).status_code == 200


def test_a_yes_to_other_dates_does_not_count(app: Flask, client: FlaskClient, typed: Typed) -> None:
    page = client.post("/groups/new", data={**typed, "anyway": "Session 9 is a day nobody works."})
    assert (page.status_code, made(app)) == (200, False)


def test_a_group_at_night_is_asked_about(app: Flask, client: FlaskClient, typed: Typed) -> None:
    assert "would meet at 3:20am, in the night" in client.post("/groups/new", data={**typed, "wall_time": "03:20"}).text
    assert not made(app)


def test_a_taken_name_is_refused_before_anybody_is_asked_about_dates(
    app: Flask, client: FlaskClient, typed: Typed
) -> None:
    odd = typed | {"first_day": "2020-01-07", "weekdays": "1"}
    assert "Is this right?" in client.post("/groups/new", data=odd).text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        taken = db.exec(select(Cohort.name)).first()
    page = client.post("/groups/new", data=odd | {"name": taken})
    assert page.status_code == 400
    assert "There is a group with this name already" in page.text
    assert "Is this right?" not in page.text


def test_a_group_in_the_past_is_asked_about(app: Flask, client: FlaskClient, typed: Typed) -> None:
    past = (clock.now() - timedelta(days=10)).date()
    given = {**typed, "first_day": f"{past}", "weekdays": str(past.weekday())}
    page = client.post("/groups/new", data=given)
    assert (page.status_code, "Sessions 1 to 2 would be in the past" in page.text, made(app)) == (200, True, False)
    said = unescape(page.text.split('name="anyway" value="')[1].split('"')[0])
    client.post("/groups/new", data={**given, "anyway": said})
    assert made(app)


def test_who_cannot_add_patients_is_not_told_to(app: Flask, client: FlaskClient, typed: Typed) -> None:
    page = client.post("/groups/new", data=typed).text
    said = unescape(page.split('name="anyway" value="')[1].split('"')[0])
    page = client.post("/groups/new", data={**typed, "anyway": said}, follow_redirects=True).text
    assert "Now add patients" not in page
    assert "an administrator add the patients" in page


def test_the_list_of_dates_says_the_year(app: Flask, client: FlaskClient, typed: Typed) -> None:
    page = client.post("/groups/new", data=typed).text
    said = unescape(page.split('name="anyway" value="')[1].split('"')[0])
    page = client.post("/groups/new", data={**typed, "anyway": said}, follow_redirects=True).text
    assert f" {typed['first_day'][:4]}, 10am" in " ".join(page.split())


def test_nobody_leads_or_spots_until_they_are_chosen_and_who_cannot_sign_in_is_not_listed(
    app: Flask, client: FlaskClient, typed: Typed
) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, db.get_one(Person, typed["lead"]).service_id)
        Factory(db, clock.now(), numbers=count(900)).invited(service, Role.FACILITATOR, "Never Came")
    page = client.get("/groups/new").text
    assert len(re.findall(r'<option value=""[^>]*>\s*Choose somebody', page)) == 2
    assert not re.search(rf'value="({typed["lead"]}|{typed["spotter"]})"\s+selected', page)
    assert "Never Came" not in page
    refused = client.post("/groups/new", data={**typed, "lead": "", "spotter": ""})
    assert (refused.status_code, "Choose who leads" in refused.text) == (400, True)


def test_the_nine_dates_are_shown_where_they_are_asked_about(client: FlaskClient, typed: Typed) -> None:
    page = client.post("/groups/new", data=typed).text
    asked = page.split("Is this right?")[1].split("</section>")[0]
    assert asked.split("<ol>")[1].count("<li>") == 9
