"""A group that lost one of its two people, or has one on leave, is named to those who can see to it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.clock import in_zone
from backtolife.database.session import session_scope
from backtolife.outcomes.safety.rota_models import StaffLeave
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort, SessionDate, StaffPlace
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


class Team:
    """Jo leads the mornings and Sam spots; Ada is the administrator, Max is free."""

    def __init__(self, app: Flask) -> None:
        self.app, now = app, clock.now()
        with session_scope(app.extensions["backtolife.engine"]) as db:
            make = Factory(db, now)
            service = make.service()
            cohort = make.cohort(service, "Mornings", first_day=(now + timedelta(days=30)).date())
            schedule(db, cohort=cohort)
            jo, sam = make.facilitator(cohort, name="Jo"), make.facilitator(cohort, StaffPlace.SPOTTER, "Sam")
            ada, max_ = make.person(service, Role.ADMINISTRATOR), make.person(service, Role.FACILITATOR, "Max")
            patient = make.enrolment(cohort)
            self.group, self.jo, self.sam, self.max = f"/groups/{cohort.id}", jo.id, sam.id, max_.id
            self.patient = patient.person_id
        self.browser = browser_of(app, ada)

    def home(self) -> str:
        return " ".join(self.browser.get("/").text.split())

    def page(self) -> str:
        return " ".join(self.browser.get(self.group).text.split())

    def switch_off(self, who: str) -> None:
        assert self.browser.post(f"/staff/people/{who}/off", data={"to": "", "later": "yes"}).status_code == 302
        self.browser.get(f"/staff/people/{who}")  # says once that it is off

    def at_home_of_the_patient(self) -> str:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            patient = db.get_one(Person, self.patient)
        return browser_of(self.app, patient).get("/").text


@pytest.fixture
def team(app: Flask, client: FlaskClient) -> Team:
    del client
    return Team(app)


def test_a_group_whose_spotter_is_switched_off_is_named_until_somebody_spots(team: Team) -> None:
    assert "Nobody spots in" not in team.home()
    team.switch_off(team.sam)
    home = team.home()
    assert "Nobody spots in <bdi>Mornings</bdi>" in home
    assert "One person is alone" not in home  # said once
    team.browser.post(f"{team.group}/staff", data={"place": "spotter", "person": team.max})
    assert "Nobody spots in" not in team.home()


def test_a_group_handed_to_whoever_is_in_it_already_stands_there_with_the_one_who_is_alone(team: Team) -> None:
    assert "One person is alone" not in team.home()
    done = team.browser.post(f"/staff/people/{team.sam}/hand-over", data={"to": team.jo})
    assert done.status_code == 302
    home = team.home()
    assert "One person is alone in the next session" in home
    assert "<bdi>Mornings</bdi>, session 1: Jo Example" in home


def test_a_lead_on_leave_on_the_next_date_is_not_there(team: Team) -> None:
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        cohort = db.exec(select(Cohort)).one()
        date = db.exec(select(SessionDate).where(SessionDate.number == 1)).one()
        day = in_zone(date.starts_at, cohort.zone).date()
        service = db.exec(select(Service)).one()
        db.add(StaffLeave(service_id=service.id, person_id=team.jo, first_day=day, last_day=day))
    assert "session 1: Sam Example" in team.home()


def test_nobody_is_named_as_staff_whose_account_is_off(team: Team) -> None:
    assert "Jo Example and Sam Example" in team.page()
    team.switch_off(team.jo)
    page = team.page()
    assert "With Sam Example, and nobody beside them." in page
    assert "Jo Example" not in page
    patient = team.at_home_of_the_patient()
    assert ("with Sam." in patient or "with Sam</" in patient, "with Jo" in patient) == (True, False)
    team.switch_off(team.sam)
    assert "Nobody leads it." in team.page()


def test_what_was_left_for_later_goes_to_one_colleague_at_once(team: Team) -> None:
    team.switch_off(team.sam)
    form = team.browser.get("/groups/hand-over").text
    assert "Sam Example (account off)" in form
    assert form.count(f'value="{team.sam}"') == 1  # gives, and takes nothing
    page = team.browser.post(
        "/groups/hand-over", data={"giver": team.sam, "taker": team.max}, follow_redirects=True
    ).text
    assert "1 group and 0 single dates go from Sam Example" in page
    assert "Sam Example" not in team.browser.get("/groups/hand-over").text
