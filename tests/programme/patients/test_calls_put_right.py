"""A call written down wrongly is put right or taken back, a wrong number is rung no more, and none is written past."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, NotFound
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients.calling import calls
from backtolife.programme.patients.calling import history as call_history
from backtolife.programme.patients.calling.shown import wrong_numbers
from backtolife.programme.patients.models import PhoneCall
from tests.support.factories import Factory


@dataclass
class Ward:
    """Priya and Tom look after Linda, each with the pages open."""

    app: Flask
    place_id: str
    priya: FlaskClient
    tom: FlaskClient

    @property
    def at(self) -> str:
        return f"/patients/{self.place_id}"

    def call_id(self) -> str:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.exec(select(PhoneCall.id).where(calls.STANDS)).one()

    def seen(self) -> str:
        """What Priya's open form says about which call was the newest."""
        return self.priya.get(f"{self.at}/calls").text.partition('name="seen"')[2].split('value="')[1].split('"')[0]


@pytest.fixture
def ward(app: Flask) -> Ward:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(make.service())
        place = make.enrolment(cohort, "Linda")
        db.get_one(Person, place.person_id).phone = "01632 960111"
        staff = [make.facilitator(cohort, name=name) for name in ("Priya", "Tom")]
        tokens = [signin.begin(db, person=each, now=clock.now()) for each in staff]
        place_id = place.id
    browsers = [app.test_client() for _ in tokens]
    for browser, token in zip(browsers, tokens, strict=True):
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
    return Ward(app, place_id, *browsers)


def test_a_call_is_corrected_and_what_stood_there_stays(ward: Ward) -> None:
    ward.priya.post(f"{ward.at}/calls", data={"outcome": "no_answer", "words": "Twice"})
    first = ward.call_id()
    assert f"{ward.at}/calls/{first}" in ward.priya.get(ward.at).text
    right = {"outcome": "left_word", "words": "With her son"}
    assert "corrected" in ward.tom.post(f"{ward.at}/calls/{first}", data=right, follow_redirects=True).text
    page = ward.priya.get(f"{ward.at}/calls/{ward.call_id()}").text
    for words in ("Rang and left word", "With her son", "Rang, no answer", "Twice", "by Tom Example"):
        assert words in page
    listed = ward.priya.get(ward.at).text
    assert ("With her son" in listed, "Twice" in listed) == (True, False)
    late = ward.priya.post(f"{ward.at}/calls/{first}", data={"outcome": "spoke", "words": "About the ramp"})
    assert (late.status_code, "while you had it open" in late.text, "About the ramp" in late.text) == (409, True, True)


def test_a_call_that_was_not_made_is_in_no_list_any_more(ward: Ward) -> None:
    ward.priya.post(f"{ward.at}/calls", data={"outcome": "spoke", "words": "Comes by bus"})
    call = ward.call_id()
    ward.priya.post(f"{ward.at}/calls/{call}/take-back")
    assert "Comes by bus" not in ward.priya.get(ward.at).text
    assert ward.priya.get(f"{ward.at}/calls/{call}").status_code == 404
    again = ward.priya.post(f"{ward.at}/calls/{call}/take-back", follow_redirects=True)
    assert (again.request.path, "It may have been taken back." in again.text) == (ward.at, True)


def test_a_wrong_number_is_not_offered_to_ring_until_it_is_corrected(ward: Ward) -> None:
    pages = (f"{ward.at}/calls", ward.at)
    assert all("tel:01632960111" in ward.tom.get(page).text for page in pages)
    gone = ward.priya.post(f"{ward.at}/calls", data={"outcome": "wrong_number"})
    assert gone.location.endswith(f"{ward.at}/details")
    for page in pages:
        text = ward.tom.get(page).text
        assert ("tel:01632960111" in text, "Correct the number" in text) == (False, True), page
    with session_scope(ward.app.extensions["backtolife.engine"]) as db:
        place = db.get_one(Enrolment, ward.place_id)
        assert (place.person_id, "01632960111") in wrong_numbers(db, place.service_id)
        db.get_one(Person, place.person_id).phone = "01632 960222"
    for page in pages:
        assert "tel:01632960222" in ward.tom.get(page).text, page


def test_who_took_a_wrong_number_back_rings_it_again(ward: Ward) -> None:
    ward.priya.post(f"{ward.at}/calls", data={"outcome": "wrong_number"})
    ward.priya.post(f"{ward.at}/calls/{ward.call_id()}", data={"outcome": "no_answer"})
    assert "tel:01632960111" in ward.tom.get(f"{ward.at}/calls").text


def test_nobody_writes_a_call_past_a_colleagues(ward: Ward) -> None:
    seen = ward.seen()
    ward.tom.post(f"{ward.at}/calls", data={"outcome": "left_word", "words": "With her son"})
    mine = {"outcome": "no_answer", "words": "Rang at noon", "seen": seen}
    page = ward.priya.post(f"{ward.at}/calls", data=mine)
    assert page.status_code == 409
    for words in ("Tom Example wrote down a call", "With her son", "Rang at noon"):
        assert words in page.text
    again = page.text.partition('name="seen"')[2].split('value="')[1].split('"')[0]
    assert ward.priya.post(f"{ward.at}/calls", data={**mine, "seen": again}).status_code == 302


def test_a_call_of_somebody_else_is_not_found_and_the_trace_names_no_word(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    linda, joseph = make.enrolment(cohort, "Linda"), make.enrolment(cohort, "Joseph")
    priya = make.actor(make.facilitator(cohort))
    row = calls.record_call(db, whose=linda, outcome="spoke", words="Her son", actor=priya, now=make.now)
    with pytest.raises(NotFound):
        call_history.take_back(db, whose=joseph, call_id=row.id, actor=priya, now=make.now)
    right = call_history.correct(
        db, whose=linda, call_id=row.id, outcome="spoke", words="Her cat", actor=priya, now=make.now
    )
    with pytest.raises(Conflict):
        call_history.take_back(db, whose=linda, call_id=row.id, actor=priya, now=make.now)
    call_history.take_back(db, whose=linda, call_id=right.id, actor=priya, now=make.now)
    traced = db.exec(select(AuditEntry).where(AuditEntry.subject_id == linda.person_id)).all()
    assert {"call_recorded", "call_corrected", "call_taken_back"} <= {each.action for each in traced}
    assert not any("Her " in str(each.model_dump()) for each in traced)
