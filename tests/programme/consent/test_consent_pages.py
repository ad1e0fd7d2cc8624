"""The pages of consent: a patient answers and takes back, staff write down, words come into force."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.consent.texts import texts_of
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

K = ConsentKind


@dataclass
class Practice:
    """A group that has not begun, with Linda who has answered nothing and Joseph who has agreed to everything."""

    app: Flask
    service: Service
    cohort: Cohort
    place: Enrolment
    linda: Person
    joseph: Person
    facilitator: Person
    lead: Person
    admin: Person

    def browser(self, person: Person) -> FlaskClient:
        return browser_of(self.app, person)

    def texts(self) -> dict[ConsentKind, ConsentText]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return {kind: asked.newest for kind, asked in texts_of(db, self.service.id).items()}

    def said(self, person: Person) -> dict[ConsentKind, bool]:
        """What stands of somebody's answers."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            wanted = select(ConsentAnswer).where(ConsentAnswer.person_id == person.id)
            return {each.kind: each.agreed for each in db.exec(wanted) if each.replaced_at is None}

    def answers(self, **said: str) -> dict[str, str]:
        """A filled-in page: yes to everything, but for what is named by its kind; "" leaves one out."""
        given = {kind: said.get(kind.value, "yes") for kind in ConsentKind}
        texts = self.texts()
        return {"all": "yes"} | {f"said_{texts[kind].id}": value for kind, value in given.items() if value}


@pytest.fixture
def practice(app: Flask) -> Practice:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        make.asks(service)
        cohort = make.cohort(service, "Tuesdays", first_day=clock.now().date())
        place = make.enrolment(cohort, "Linda", agreed=False)
        linda = db.get_one(Person, place.person_id)
        joseph = db.get_one(Person, make.enrolment(cohort, "Joseph").person_id)
        lead, admin = make.person(service, Role.CLINICAL_LEAD), make.person(service, Role.ADMINISTRATOR)
        return Practice(app, service, cohort, place, linda, joseph, make.facilitator(cohort), lead, admin)


def test_a_patient_reads_everything_and_each_answer_is_their_own(practice: Practice) -> None:
    browser = practice.browser(practice.linda)
    assert 'href="/agreement"' in browser.get("/").text
    page = browser.get("/agreement").text
    for words in ("What is said here stays here", "How we use what you tell us", "May we call your GP"):
        assert words in page
    answer = browser.post("/agreement", data=practice.answers(contact_gp="no"), follow_redirects=True)
    assert "Thank you" in answer.text
    assert practice.said(practice.linda) == {K.GROUP: True, K.DATA: True, K.LATER: True, K.GP: False}
    assert "Read and answer" not in browser.get("/").text


def test_an_answer_that_is_missing_takes_none_of_the_others_away(practice: Practice) -> None:
    browser = practice.browser(practice.linda)
    answer = browser.post("/agreement", data=practice.answers(contact_gp=""))
    assert (answer.status_code, "Choose yes or no" in answer.text) == (400, True)
    assert practice.said(practice.linda).keys() == {K.GROUP, K.DATA, K.LATER}
    assert len(re.findall(r'type="radio"', answer.text)) == 2, "only what is left is asked"


def test_a_yes_is_taken_back_with_one_press_and_the_page_says_whom_to_call(practice: Practice) -> None:
    browser = practice.browser(practice.joseph)
    page = browser.get("/agreement").text
    assert page.count("I take my yes back") == 4
    name = f"said_{practice.texts()[K.GROUP].id}"
    answer = browser.post("/agreement", data={name: "no"}, follow_redirects=True)
    assert "You said no, and that is all right" in answer.text
    assert "01632 960000" in answer.text
    assert practice.said(practice.joseph)[K.GROUP] is False
    again = browser.post("/agreement", data={name: "yes"}, follow_redirects=True)
    assert "that is all right" not in again.text
    assert practice.said(practice.joseph)[K.GROUP] is True


def test_older_words_posted_after_newer_ones_are_kept_and_the_new_ones_asked(practice: Practice) -> None:
    browser = practice.browser(practice.linda)
    filled = practice.answers()
    with session_scope(practice.app.extensions["backtolife.engine"]) as db:
        Factory(db, clock.now()).asks(practice.service, K.GROUP)
    answer = browser.post("/agreement", data=filled, follow_redirects=True)
    assert "We changed these words" in answer.text
    assert "Please read the new words" in answer.text
    assert practice.said(practice.linda) == dict.fromkeys(K, True), "nothing that was answered is lost"
    assert len(re.findall(r'type="radio"', answer.text)) == 2, "only the new words are asked"
    new = {f"said_{practice.texts()[K.GROUP].id}": "yes", "all": "yes"}
    assert "Thank you" in browser.post("/agreement", data=new, follow_redirects=True).text


def test_words_of_another_service_are_not_answered(practice: Practice) -> None:
    with session_scope(practice.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        other = make.service()
        make.asks(other, K.GROUP)
        text = texts_of(db, other.id)[K.GROUP].newest
    browser = practice.browser(practice.linda)
    assert browser.post("/agreement", data={f"said_{text.id}": "yes"}).status_code == 400
    assert practice.said(practice.linda) == {}


def test_staff_see_who_has_not_agreed_and_write_a_yes_on_the_telephone_down(practice: Practice) -> None:
    browser = practice.browser(practice.facilitator)
    group = browser.get(f"/groups/{practice.cohort.id}").text
    assert "1 person has not agreed yet" in group
    address = f"/places/{practice.place.id}/agreement"
    assert address in group
    assert "Has not agreed yet" in browser.get(f"/patients/{practice.place.id}").text
    seen = " ".join(each.id for each in practice.texts().values())
    for kind in (K.GROUP, K.DATA):
        given = {"about": kind.value, "said": "yes", "seen": seen}
        assert browser.post(address, data=given).status_code == 302
    assert "written down by" in browser.get(address).text
    assert "not agreed" not in browser.get(f"/groups/{practice.cohort.id}").text
    assert practice.said(practice.linda) == {K.GROUP: True, K.DATA: True}


def test_staff_who_hold_older_words_are_told_to_read_the_new_ones_first(practice: Practice) -> None:
    browser = practice.browser(practice.facilitator)
    given = {"about": K.GROUP.value, "said": "yes", "seen": "older"}
    answer = browser.post(f"/places/{practice.place.id}/agreement", data=given)
    assert (answer.status_code, "New words were published" in answer.text) == (409, True)
    assert practice.said(practice.linda) == {}


def test_a_clinical_lead_or_an_administrator_publishes_and_what_was_typed_stays_where_somebody_was_quicker(
    practice: Practice,
) -> None:
    for person in (practice.lead, practice.admin):
        browser = practice.browser(person)
        assert "/agreements" in browser.get("/").text
        page = browser.get("/agreements/group_agreement").text
        assert "What is said here stays here" in page
        seen = re.search(r'name="seen"[^>]*value="(\d)"', page)
        assert seen is not None
        given = {"title": "Ours", "body": "## Be kind\n\n- Let <b>others</b> speak", "again": "no", "seen": seen[1]}
        assert browser.post("/agreements/group_agreement", data=given).status_code == 302
        late = browser.post("/agreements/group_agreement", data=given)
        assert (late.status_code, "- Let &lt;b&gt;others&lt;/b&gt; speak" in late.text) == (409, True)
    assert practice.texts()[K.GROUP].version == 3
    assert practice.browser(practice.joseph).get("/").text.count("Read and answer") == 0, "it asked nobody again"
    assert "<b>" not in practice.browser(practice.linda).get("/agreement").text
    assert practice.browser(practice.facilitator).get("/agreements").status_code == 403


def test_a_service_that_published_nothing_asks_nobody_and_says_so_to_those_who_can_publish(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        lead = make.person(service, Role.CLINICAL_LEAD)
        tomorrow = (clock.now() + timedelta(days=1)).date()
        patient = db.get_one(Person, make.enrolment(make.cohort(service, first_day=tomorrow)).person_id)
    assert "not asked to agree to anything yet" in browser_of(app, lead).get("/").text
    assert "There is nothing to answer now" in browser_of(app, patient).get("/agreement").text
    assert "Read and answer" not in browser_of(app, patient).get("/").text
    page = browser_of(app, lead).get("/agreements/use_of_data").text
    assert "What we keep" in page
    given = {"title": "Use of data", "body": "We keep little.", "again": "yes", "seen": "0"}
    assert browser_of(app, lead).post("/agreements/use_of_data", data=given).status_code == 302
    assert "Read and answer" in browser_of(app, patient).get("/").text


def test_who_has_left_says_yes_anew_where_new_words_ask_again(practice: Practice) -> None:
    engine = practice.app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        make = Factory(db, clock.now())
        place = make.enrolment_of(practice.joseph, practice.cohort)
        make.withdrawn(db.get_one(Enrolment, place.id), agreed_later=True)
        make.asks(db.get_one(Service, practice.service.id))
    with session_scope(engine) as db:
        assert not db.get_one(Enrolment, place.id).agreed_later
    browser = practice.browser(practice.joseph)
    page = browser.get("/agreement").text
    assert [f"said_{text.id}" in page for text in practice.texts().values()] == [False, False, True, False]
    assert ("Before your group" in page, "You still come to the group" in page) == (False, False)
    assert "Is it still a yes?" in browser.get("/").text
    assert (
        "Yes to earlier words: they are asked again" in practice.browser(practice.lead).get(f"/places/{place.id}").text
    )
    browser.post("/agreement", data={f"said_{practice.texts()[K.LATER].id}": "yes"})
    assert "Is it still a yes?" not in browser.get("/").text
    with session_scope(engine) as db:
        assert db.get_one(Enrolment, place.id).agreed_later


def test_who_has_left_takes_the_later_questions_back(practice: Practice) -> None:
    with session_scope(practice.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        place = make.enrolment_of(practice.joseph, practice.cohort)
        make.withdrawn(db.get_one(Enrolment, place.id), agreed_later=True)
    browser = practice.browser(practice.joseph)
    assert 'href="/agreement"' in browser.get("/").text
    name = f"said_{practice.texts()[K.LATER].id}"
    browser.post("/agreement", data={name: "no"})
    with session_scope(practice.app.extensions["backtolife.engine"]) as db:
        assert not db.get_one(Enrolment, place.id).agreed_later


def test_the_first_page_says_that_a_no_keeps_somebody_out_until_they_say_yes(practice: Practice) -> None:
    browser = practice.browser(practice.joseph)
    said = "The live group is closed to you"
    assert said not in browser.get("/").text
    name = f"said_{practice.texts()[K.GROUP].id}"
    browser.post("/agreement", data={name: "no"})
    assert said in browser.get("/").text
    browser.post("/agreement", data={name: "yes"})
    assert said not in browser.get("/").text
