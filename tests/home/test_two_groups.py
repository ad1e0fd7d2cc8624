"""Somebody in two running groups finds both on their home, and answers the questions of each."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts import enrolment
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


def in_two(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Linda, signed in, with a place in two groups: the id of each place by its group's id, the older first."""
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        soon, later = (now + timedelta(days=days) for days in (2, 4))
        first = make.cohort(service, "Mornings", first_day=soon.date())
        second = make.cohort(service, "Evenings", first_day=later.date())
        for cohort in (first, second):
            schedule(db, cohort=cohort)
        place = make.enrolment(first, "Linda")
        linda = db.get_one(Person, place.person_id)
        admin = make.actor(make.person(service, Role.ADMINISTRATOR))
        newer = enrolment.enrol(db, patient=linda, cohort=second, actor=admin, now=now + timedelta(seconds=1))
        token = signin.begin(db, person=linda, now=now)
        places = {first.id: place.id, second.id: newer.id}
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return places


def test_both_groups_are_on_the_home_page_with_their_boards(app: Flask, client: FlaskClient) -> None:
    groups = in_two(app, client)
    page = client.get("/").text
    assert page.index("Mornings") < page.index("Evenings"), "the group that meets first comes first"
    for cohort_id in groups:
        assert f"/groups/{cohort_id}/board" in page


def test_the_questions_of_each_group_are_listed_and_answered_for_that_group(app: Flask, client: FlaskClient) -> None:
    groups = in_two(app, client)
    page = client.get("/questions").text
    for cohort_id, place in groups.items():
        assert f'name="group" value="{cohort_id}"' in page
        begun = client.post("/questions/begin/baseline", data={"group": cohort_id})
        response_id = begun.location.split("/")[2]
        with session_scope(app.extensions["backtolife.engine"]) as db:
            found = db.exec(select(InstrumentResponse).where(InstrumentResponse.id == response_id)).one()
            assert found.enrolment_id == place


def test_a_group_that_is_not_theirs_is_not_opened(app: Flask, client: FlaskClient) -> None:
    in_two(app, client)
    assert client.post("/questions/begin/baseline", data={"group": "f" * 32}).status_code == 404
