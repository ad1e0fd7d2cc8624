"""First pages of people who are between things: who only waits for a place, and who stood in for a colleague."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import SessionCover, StaffPlace
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.queue.waiting import wait
from backtolife.programme.places.rules import Wishes
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


def enter(db: Session, browser: FlaskClient, person: Person) -> None:
    token = signin.begin(db, person=person, now=clock.now())
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token


def test_who_only_waits_reads_that_they_are_on_the_list(app: Flask, client: FlaskClient) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        ann = make.person(service, Role.PATIENT, "Ann")
        admin = make.actor(make.person(service, Role.ADMINISTRATOR))
        wait(db, person=ann, wishes=Wishes(), actor=admin, now=clock.now())
        enter(db, client, ann)
    page = client.get("/").text
    assert "You are on our waiting list" in page
    assert "01632 960000" in page
    assert "You have no place" not in page


def test_who_has_neither_place_nor_turn_is_told_so(app: Flask, client: FlaskClient) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        enter(db, client, make.person(make.service(), Role.PATIENT, "Ann"))
    assert "You have no place" in client.get("/").text


def test_a_cancelled_session_is_said_to_be_ours_and_not_theirs(app: Flask, client: FlaskClient) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service(), "Mornings", first_day=(now + timedelta(days=3)).date())
        linda = make.enrolment(cohort, "Linda")
        schedule(db, cohort=cohort)
        dates_of(db, cohort.id)[1].left_out_at = now
        enter(db, client, db.get_one(Person, linda.person_id))
    page = client.get("/").text
    assert page.count("will not take place") == 2, "in the rings and in the list"
    assert "left out" not in page


@pytest.mark.parametrize("days", [1, 8])
def test_who_stood_in_finds_the_session_for_a_week_and_may_look_back_on_it_for_good(
    app: Flask, client: FlaskClient, days: int
) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=(now - timedelta(days=days)).date())
        make.facilitator(cohort, name="Jo")
        sessions = schedule(db, cohort=cohort)
        max_ = make.person(service, Role.FACILITATOR, "Max")
        first = dates_of(db, cohort.id)[0]
        cover = SessionCover(
            service_id=service.id,
            session_date_id=first.id,
            cohort_id=cohort.id,
            person_id=max_.id,
            place=StaffPlace.LEAD,
        )
        db.add(cover)
        sessions[0].started_at, sessions[0].ended_at = now - timedelta(days=days), now - timedelta(days=days, hours=-1)
        enter(db, client, max_)
        look, other = (f"/sessions/{each.id}/summary" for each in sessions[:2])
    assert (look in client.get("/").text) == (days == 1)
    assert client.get(look).status_code == 200
    assert client.get(other).status_code == 404
