"""A private calendar: made and shown once, fetched without signing in, replaced, stopped, and empty for who left."""

import re
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from backtolife.programme.calendars.models import CalendarFeed
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


@pytest.fixture
def clients(app: Flask) -> dict[str, FlaskClient]:
    """Ann, a patient, and Jo, who leads her group, signed in; beside them another group of the service."""
    now, tokens = clock.now(), {}
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=now.date())
        make.cohort(service, "Others", first_day=now.date())
        schedule(db, cohort=cohort)
        people = {
            "Ann": db.get_one(Person, make.enrolment(cohort, "Ann").person_id),
            "Jo": make.facilitator(cohort, name="Jo"),
        }
        tokens = {name: signin.begin(db, person=person, now=now) for name, person in people.items()}
    found = {name: app.test_client() for name in people}
    for name, client in found.items():
        with client.session_transaction() as cookie:
            cookie["signed_in"] = tokens[name]
    return found


def made(client: FlaskClient) -> str:
    """The path of a fresh address, as its page shows it."""
    page = client.post("/calendar").text
    [address] = set(re.findall(r'value="http://[^/"]+(/calendar/[\w-]+\.ics)"', page))
    assert "webcal://" in page
    return address


@pytest.mark.parametrize(
    ("who", "title"), [("Ann", "Online group, session 1"), ("Jo", "Online group, session 1: Mornings")]
)
def test_the_file_holds_the_dates_of_its_owner_for_whoever_has_the_address(
    app: Flask, clients: dict[str, FlaskClient], who: str, title: str
) -> None:
    answer = app.test_client().get(made(clients[who]))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    events = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert len(events) == 9
    assert events[0]["SUMMARY"] == title
    assert "/j/" in events[0]["DESCRIPTION"]
    assert "Ann" not in answer.text


def test_the_address_is_shown_once_and_only_its_hash_is_kept(app: Flask, clients: dict[str, FlaskClient]) -> None:
    path = made(clients["Ann"])
    again = clients["Ann"].get("/calendar").text
    assert "You have a private address" in again
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in again
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert secret not in repr([row.model_dump() for row in db.exec(select(CalendarFeed))])


def test_a_new_address_ends_the_old_one_and_stopping_ends_both(app: Flask, clients: dict[str, FlaskClient]) -> None:
    stranger, ann = app.test_client(), clients["Ann"]
    first = made(ann)
    second = made(ann)
    assert [stranger.get(each).status_code for each in (first, second)] == [404, 200]
    page = ann.post("/calendar/stop", follow_redirects=True).text
    assert "Nobody can use the address any more" in page
    assert stranger.get(second).status_code == 404
    assert "There was no address to stop" in ann.post("/calendar/stop", follow_redirects=True).text


def test_what_is_left_out_reads_cancelled(app: Flask, clients: dict[str, FlaskClient]) -> None:
    path = made(clients["Ann"])
    with session_scope(app.extensions["backtolife.engine"]) as db:
        for date in db.exec(select(SessionDate).where(SessionDate.number == 4)):
            date.left_out_at = clock.now()
    events = Calendar.from_ical(app.test_client().get(path).get_data()).walk("VEVENT")
    assert [int(str(each["SUMMARY"])[-1]) for each in events if each["STATUS"] == "CANCELLED"] == [4]


def test_who_left_the_group_has_no_dates_and_who_is_switched_off_no_calendar(
    app: Flask, clients: dict[str, FlaskClient]
) -> None:
    ann, jo = made(clients["Ann"]), made(clients["Jo"])
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now(), numbers=count(900))
        place = db.exec(select(Enrolment)).one()
        make.withdrawn(place)
        db.exec(select(Person).where(Person.shown_name == "Jo")).one().active = False
    assert Calendar.from_ical(app.test_client().get(ann).get_data()).walk("VEVENT") == []
    assert app.test_client().get(jo).status_code == 404
