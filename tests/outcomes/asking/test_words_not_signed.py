"""Until somebody has signed for the words nobody is urged to answer, and those who can have it done are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.readiness import unsigned_in_use
from backtolife.outcomes.asking.signing_needed import ask_for_signing
from backtolife.outcomes.catalogue import wording
from backtolife.outcomes.forms import adoption, service_wording
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind_cohort
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, Patient, staffed

NOT_YET = "not ready yet"


@pytest.fixture
def live(settings: Settings) -> Settings:
    """Where real patients read the words."""
    return replace(settings, environment="production")


def who(db: Session, service_id: str, role: Role) -> Person:
    return db.exec(select(Person).where(Person.service_id == service_id, holding(role))).first() or pytest.fail()


def sign(make: Factory, service_id: str) -> None:
    lead = who(make.db, service_id, Role.CLINICAL_LEAD)
    assert adoption.sign(make.db, actor=make.actor(lead), now=make.now) > 0


def queued(db: Session, template: str) -> list[OutgoingMessage]:
    return [each for each in db.exec(select(OutgoingMessage)) if each.key.startswith(f"{template}:")]


def test_no_mail_urges_to_answer_before_the_words_are_signed(
    make: Factory, db: Session, patient: Patient, cohort: Cohort, live: Settings
) -> None:
    remind_cohort(db, cohort_id=cohort.id, settings=live, now=patient.now)
    assert queued(db, "questionnaire-due") == []
    sign(make, cohort.service_id)
    remind_cohort(db, cohort_id=cohort.id, settings=live, now=patient.now)
    assert [each.person_id for each in queued(db, "questionnaire-due")] == [patient.actor.id]


def test_a_mail_that_waited_is_not_sent_while_the_words_are_not_signed(
    make: Factory, db: Session, patient: Patient, cohort: Cohort, settings: Settings
) -> None:
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=patient.now)
    (message,) = queued(db, "questionnaire-due")
    assert not still_wanted(db, message, patient.now, production=True)
    sign(make, cohort.service_id)
    assert still_wanted(db, message, patient.now, production=True)


def test_the_clinical_lead_is_told_once_by_mail_where_to_sign(
    make: Factory, db: Session, patient: Patient, cohort: Cohort
) -> None:
    for hours in (0, 30):
        now = patient.now + timedelta(hours=hours)
        ask_for_signing(db, service_id=cohort.service_id, production=True, site=SITE, now=now)
    (message,) = queued(db, "words-to-sign")
    assert message.person_id == who(db, cohort.service_id, Role.CLINICAL_LEAD).id
    assert f"{SITE}/words" in message.body
    assert not any(word in message.subject.lower() for word in ("pain", "back", "mood", "clinic"))


def test_without_a_clinical_lead_the_administrators_are_told_to_invite_one(
    make: Factory, db: Session, patient: Patient, cohort: Cohort
) -> None:
    who(db, cohort.service_id, Role.CLINICAL_LEAD).active = False
    administrator = make.person(db.get_one(Service, cohort.service_id), Role.ADMINISTRATOR)
    ask_for_signing(db, service_id=cohort.service_id, production=True, site=SITE, now=patient.now)
    told = queued(db, "words-to-sign")
    assert administrator.id in {each.person_id for each in told}
    assert all(f"{SITE}/staff" in each.body for each in told)


@pytest.mark.parametrize("why", ["signed", "no groups", "not production"])
def test_nobody_is_told_to_sign_when_nothing_waits(
    make: Factory, db: Session, patient: Patient, cohort: Cohort, why: str
) -> None:
    service_id = cohort.service_id
    if why == "signed":
        sign(make, service_id)
    if why == "no groups":
        service = make.service()
        make.person(service, Role.CLINICAL_LEAD)
        service_id = service.id
    told = ask_for_signing(db, service_id=service_id, production=why != "not production", site=SITE, now=patient.now)
    assert (told, queued(db, "words-to-sign")) == (0, [])


def test_words_chosen_later_are_asked_for_again(make: Factory, db: Session, patient: Patient, cohort: Cohort) -> None:
    ask_for_signing(db, service_id=cohort.service_id, production=True, site=SITE, now=patient.now)
    sign(make, cohort.service_id)
    lead = make.actor(who(db, cohort.service_id, Role.CLINICAL_LEAD))
    row = next(each.adopted for each in adoption.words_of(db, actor=lead, now=make.now) if each.adopted)
    row.signed_by, row.signed_at = None, None
    db.flush()
    assert ask_for_signing(db, service_id=cohort.service_id, production=True, site=SITE, now=patient.now) == 1


def test_words_that_change_once_they_are_signed_are_asked_for_again(
    make: Factory, db: Session, patient: Patient, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask() -> int:
        return ask_for_signing(db, service_id=cohort.service_id, production=True, site=SITE, now=patient.now)

    assert (ask(), ask()) == (1, 0)
    sign(make, cohort.service_id)
    newer = {"hash": "1" * 64, "version": "99"}
    monkeypatch.setattr(service_wording, "wording", lambda name: replace(wording.wording(name), **newer))
    assert (ask(), ask()) == (1, 0)


def test_words_whose_answers_are_counted_by_new_rules_can_be_signed_again(
    make: Factory, db: Session, patient: Patient, cohort: Cohort
) -> None:
    sign(make, cohort.service_id)
    for row in db.exec(select(AdoptedInstrument).where(AdoptedInstrument.service_id == cohort.service_id)):
        row.instrument_hash = "0" * 64
    waiting = {"service_id": cohort.service_id, "production": True, "now": patient.now}
    assert unsigned_in_use(db, **waiting)
    sign(make, cohort.service_id)
    assert not unsigned_in_use(db, **waiting)


class Pages:
    """The application as in production, with a patient whose first questions are open."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        app.extensions["backtolife.settings"] = replace(app.extensions["backtolife.settings"], environment="production")
        with session_scope(app.extensions["backtolife.engine"]) as db:
            now = clock.now()
            make = Factory(db, now)
            cohort = staffed(make)
            self.service_id = cohort.service_id
            make.person(db.get_one(Service, cohort.service_id), Role.ADMINISTRATOR)
            for date in dates_of(db, cohort.id):
                moved = now + timedelta(days=3 + 7 * (date.number - 1))
                date.starts_at, date.ends_at = moved, moved + timedelta(minutes=90)
            place: Enrolment = make.enrolment(cohort)
            self.place, self.patient = place.id, place.person_id

    def sign_in(self, role: Role) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            person = db.get_one(Person, self.patient) if role is Role.PATIENT else who(db, self.service_id, role)
            token = signin.begin(db, person=person, now=clock.now())
        with self.client.session_transaction() as cookie:
            cookie["signed_in"] = token

    def read(self, role: Role, path: str = "/") -> str:
        self.sign_in(role)
        return self.client.get(path, headers={"Accept": "text/html"}).text

    def sign_words(self) -> None:
        self.sign_in(Role.CLINICAL_LEAD)
        assert self.client.post("/words").status_code == 302


@pytest.fixture
def pages(app: Flask, client: FlaskClient) -> Pages:
    return Pages(app, client)


def test_home_urges_only_questions_that_can_be_asked(pages: Pages) -> None:
    home = pages.read(Role.PATIENT)
    assert "Answer the questions" not in home
    assert NOT_YET in home
    pages.sign_words()
    home = pages.read(Role.PATIENT)
    assert "Answer the questions" in home
    assert NOT_YET not in home


def test_the_page_of_questions_says_that_they_are_not_ready_and_has_no_start(pages: Pages) -> None:
    page = pages.read(Role.PATIENT, "/questions")
    assert "you have nothing to do" in page.lower()
    assert "/questions/begin/" not in page
    pages.sign_words()
    assert "/questions/begin/baseline" in pages.read(Role.PATIENT, "/questions")


def test_an_old_page_that_still_has_start_leads_to_the_honest_words_and_not_to_an_error(pages: Pages) -> None:
    pages.sign_in(Role.PATIENT)
    answer = pages.client.post("/questions/begin/baseline", follow_redirects=True)
    assert (answer.status_code, NOT_YET in answer.text) == (200, True)


def test_those_who_can_have_the_words_signed_read_it_at_home_with_the_way_there(pages: Pages) -> None:
    assert 'href="/words"' in pages.read(Role.CLINICAL_LEAD)
    assert "a clinical lead approves them" in pages.read(Role.ADMINISTRATOR)
    assert "approve" not in pages.read(Role.FACILITATOR)
    pages.sign_words()
    assert 'href="/words"' not in pages.read(Role.CLINICAL_LEAD)


def test_staff_are_not_told_that_a_patient_is_behind_with_questions_nobody_can_ask(pages: Pages) -> None:
    page = pages.read(Role.CLINICAL_LEAD, f"/patients/{pages.place}")
    assert "words to approve" in page
    pages.sign_words()
    assert "words to approve" not in pages.read(Role.CLINICAL_LEAD, f"/patients/{pages.place}")
