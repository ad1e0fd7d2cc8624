"""The page of a place, as staff use it, and what a patient reads who has left."""

from dataclasses import dataclass
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.people.names import isolated
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.listing import place_page, places_in
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory
from tests.support.statements import statements_of

LEAVING = {"decided_by": "patient", "reason": "work", "words": "New shifts", "later": "no"}


@dataclass
class Team:
    """A group with Colin in it, and browsers of who looks after it."""

    app: Flask
    cohort: Cohort
    place: Enrolment
    colin: Person
    facilitator: Person
    lead: Person
    code: str

    def browser(self, person: Person) -> FlaskClient:
        browser = self.app.test_client()
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            token = signin.begin(db, person=person, now=clock.now())
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
        return browser

    def state(self) -> EnrolmentState:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.get_one(Enrolment, self.place.id).state


@pytest.fixture
def team(app: Flask) -> Team:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        cohort = make.cohort(service, "Tuesdays", first_day=clock.now().date())
        place = make.enrolment(cohort, "Colin")
        code = schedule(db, cohort=cohort)[0].join_code
        colin, lead = db.get_one(Person, place.person_id), make.person(service, Role.CLINICAL_LEAD)
        return Team(app, cohort, place, colin, make.facilitator(cohort), lead, code)


def test_a_facilitator_ends_a_place_from_the_groups_page_and_gives_it_back(team: Team) -> None:
    browser, at = team.browser(team.facilitator), f"/places/{team.place.id}"
    assert at in browser.get(f"/groups/{team.cohort.id}").text
    assert f"{at}/leave" in browser.get(at).text
    assert browser.post(f"{at}/leave", data=LEAVING).headers["Location"] == at
    page = browser.get(at).text
    for words in ("Has left", "New shifts", "Work", "The patient", "nothing more is sent"):
        assert words in page
    assert team.state() is EnrolmentState.WITHDRAWN
    assert "Has left" in browser.get(f"/groups/{team.cohort.id}").text
    browser.post(f"{at}/back")
    assert team.state() is EnrolmentState.ENROLLED


@pytest.mark.parametrize("missing", ["decided_by", "reason", "later"])
def test_nothing_is_left_unsaid_and_what_was_typed_stays(team: Team, missing: str) -> None:
    told = {name: value for name, value in LEAVING.items() if name != missing}
    answer = team.browser(team.facilitator).post(f"/places/{team.place.id}/leave", data=told)
    assert answer.status_code == 400
    assert "New shifts" in answer.text
    assert team.state() is EnrolmentState.ENROLLED


def test_something_else_is_asked_about_beside_its_field(team: Team) -> None:
    told = {**LEAVING, "reason": "other", "words": ""}
    answer = team.browser(team.facilitator).post(f"/places/{team.place.id}/leave", data=told)
    assert answer.status_code == 400
    assert "what the reason was" in answer.text


def test_the_reason_for_leaving_is_corrected_and_nobody_is_written_to_again(team: Team) -> None:
    browser, at = team.browser(team.facilitator), f"/places/{team.place.id}"
    assert browser.post(f"{at}/reason", data=LEAVING).status_code == 409
    browser.post(f"{at}/leave", data=LEAVING)
    assert f"{at}/reason" in browser.get(at).text
    right = {"decided_by": "team", "reason": "other", "words": "Moved away"}
    assert browser.post(f"{at}/reason", data={**right, "words": ""}).status_code == 400
    assert "Moved away" in browser.post(f"{at}/reason", data=right, follow_redirects=True).text
    assert "Moved away" in browser.get(f"{at}/reason").text
    assert team.state() is EnrolmentState.WITHDRAWN
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        goodbyes = select(OutgoingMessage).where(col(OutgoingMessage.key).startswith("place-ended:"))
        assert len(db.exec(goodbyes).all()) == 1


@pytest.mark.parametrize("gone", [True, False], ids=["goodbye-went", "goodbye-waits"])
def test_who_was_told_goodbye_hears_that_they_have_their_place_again(team: Team, gone: bool) -> None:
    browser, at = team.browser(team.facilitator), f"/places/{team.place.id}"
    browser.post(f"{at}/leave", data=LEAVING)
    own = select(OutgoingMessage).where(OutgoingMessage.person_id == team.colin.id)
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        (goodbye,) = [each for each in db.exec(own) if each.key.startswith("place-ended:")]
        goodbye.state = MessageState.SENT if gone else MessageState.WAITING
    said = browser.post(f"{at}/back", follow_redirects=True).text
    assert ("and we tell them" in said) is gone
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        told = {each.key.split(":")[0]: each for each in db.exec(own)}
        assert ("place-ended" in told, "place-back" in told) == (gone, gone)
        if gone:
            back = told["place-back"]
            assert (back.subject, "CANCELLED" in back.calendar) == ("You have your place again", False)
            assert "BEGIN:VEVENT" in back.calendar
            assert "you have your place in our online group again" in back.text


def test_a_place_is_not_given_back_in_a_full_group_and_the_page_says_so(team: Team) -> None:
    browser, at = team.browser(team.facilitator), f"/places/{team.place.id}"
    browser.post(f"{at}/leave", data=LEAVING)
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        db.get_one(Cohort, team.cohort.id).capacity = 1
        Factory(db, clock.now(), count(1000)).enrolment(team.cohort)
    assert "This group is full" in browser.post(f"{at}/back", follow_redirects=True).text
    assert team.state() is EnrolmentState.WITHDRAWN


def test_a_patient_who_left_reads_what_happened_behind_every_old_link(team: Team) -> None:
    patient = team.browser(team.colin)
    assert patient.get("/").status_code == 200
    team.browser(team.facilitator).post(f"/places/{team.place.id}/leave", data=LEAVING)
    for link in ("/", "/questions", "/videos", "/progress", f"/j/{team.code}", f"/groups/{team.cohort.id}/board"):
        page = patient.get(link)
        assert "You left your group, Tuesdays," in page.text, link
        assert "call us on 01632 960000" in page.text, link
        assert "could not find" not in page.text, link


def test_a_death_is_recorded_told_on_both_pages_and_taken_back_by_a_clinical_lead(team: Team) -> None:
    browser, at, patient = team.browser(team.facilitator), f"/places/{team.place.id}", team.browser(team.colin)
    assert "Tick the box" in browser.post(f"{at}/died", data={"words": "His daughter"}).text
    browser.post(f"{at}/died", data={"words": "His daughter", "sure": "y"})
    assert team.state() is EnrolmentState.DIED
    assert "Colin Example</bdi> has died" in browser.get("/").text
    assert "Colin Example</bdi> has died" in browser.get(f"/groups/{team.cohort.id}").text
    assert "a clinical lead can take it back" in browser.get(at).text
    assert browser.post(f"{at}/not-died").status_code == 403
    assert patient.get("/", headers={"Accept": "text/html"}).status_code == 302, "nobody is signed in as them"
    lead = team.browser(team.lead)
    assert "His daughter" in lead.get(at).text
    lead.post(f"{at}/not-died")
    assert team.state() is EnrolmentState.ENROLLED
    assert "has died" not in lead.get("/").text


def test_the_page_of_a_place_and_the_groups_list_take_few_statements(team: Team) -> None:
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now(), count(1000))
        for _ in range(6):
            make.withdrawn(make.enrolment(team.cohort))
        assert db.get_one(Service, team.cohort.service_id)
    browser = team.browser(team.lead)
    with session_scope(team.app.extensions["backtolife.engine"]) as db:
        actor = Factory(db, clock.now()).actor(team.lead)
        with statements_of(db.connection()) as seen:
            assert len(places_in(db, team.cohort.id)) == 7
            place_page(db, enrolment_id=team.place.id, actor=actor, now=clock.now())
        assert len(seen) <= 15, seen
    assert browser.get(f"/groups/{team.cohort.id}").text.count("Has left") == 6


def test_who_records_a_death_or_a_leaving_a_second_time_reads_on_the_place_what_stands(team: Team) -> None:
    first, second, at = team.browser(team.facilitator), team.browser(team.lead), f"/places/{team.place.id}"
    first.post(f"{at}/leave", data=LEAVING)
    again = second.post(f"{at}/leave", data=LEAVING, follow_redirects=True)
    assert (again.status_code, again.request.path) == (200, at)
    assert "already withdrawn" in again.text
    first.post(f"{at}/back")
    told = {"words": "His daughter", "sure": "y"}
    first.post(f"{at}/died", data=told)
    again = second.post(f"{at}/died", data=told, follow_redirects=True)
    assert (again.status_code, again.request.path) == (200, at)
    said = f"recorded already that {isolated(team.colin.full_name)} has died, today at "
    assert said in again.text
    assert f", by {isolated(team.facilitator.full_name)}. Nothing was changed." in again.text
    second.post(f"{at}/not-died")
    back = second.post(f"{at}/not-died", follow_redirects=True)
    assert (back.status_code, back.request.path) == (200, at)
    assert "is not recorded as having died" in back.text
