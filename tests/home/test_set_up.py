"""The list of what a new service needs before its first session: from real data, done point by point, then put away."""

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.home import set_up
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


@dataclass
class Start:
    """A service on its first day: an administrator and a clinical lead."""

    app: Flask
    service_id: str
    people: dict[Role, str]
    numbers: "count[int]" = field(default_factory=lambda: count(100))

    def browser(self, role: Role) -> FlaskClient:
        browser = self.app.test_client()
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            token = signin.begin(db, person=db.get_one(Person, self.people[role]), now=clock.now())
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
        return browser

    def done(self) -> set[str]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            points = set_up.points(db, self.service_id, production=True, texts=True, now=clock.now())
            return {each.id for each in points if each.done}

    def add(self, *roles: Role, invited: bool = False) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            make = Factory(db, clock.now())
            make.numbers = self.numbers
            service = db.get_one(Service, self.service_id)
            for role in roles:
                (make.invited if invited else make.person)(service, role)


@pytest.fixture
def start(app: Flask) -> Start:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        people = {
            role: make.person(service, role).id for role in (Role.ADMINISTRATOR, Role.CLINICAL_LEAD, Role.SERVICE_LEAD)
        }
        return Start(app, service.id, people)


def test_the_list_is_on_the_first_page_of_who_sets_up_with_links_to_where_things_are_done(start: Start) -> None:
    page = start.browser(Role.ADMINISTRATOR).get("/").text
    assert "Before the first session: 1 of 7 done" in page
    assert 'href="/staff"' in page
    clinical = start.browser(Role.CLINICAL_LEAD).get("/").text.split('id="set-up"')[1].split("</section>")[0]
    assert 'href="/staff"' not in clinical
    assert "Two facilitators" in clinical
    assert 'id="set-up"' not in start.browser(Role.SERVICE_LEAD).get("/").text


def test_staff_count_once_they_can_sign_in(start: Start) -> None:
    start.add(Role.FACILITATOR, Role.FACILITATOR, Role.DUTY_CLINICIAN, invited=True)
    assert start.done() == set()
    start.add(Role.FACILITATOR, Role.DUTY_CLINICIAN)
    assert start.done() == {"duty"}
    start.add(Role.FACILITATOR)
    assert start.done() == {"duty", "facilitators"}


def test_a_test_mail_goes_to_oneself_and_counts_once_its_link_is_pressed(start: Start) -> None:
    browser = start.browser(Role.ADMINISTRATOR)
    assert "is on its way to" in browser.post("/set-up/mail", follow_redirects=True).text
    with session_scope(start.app.extensions["backtolife.engine"]) as db:
        mail = db.exec(select(OutgoingMessage)).one()
        assert mail.address == db.get_one(Person, start.people[Role.ADMINISTRATOR]).email
    found = re.search(r"/set-up/mail/[\w-]{30,}", mail.body)
    assert found is not None
    anywhere = start.app.test_client()
    assert "Yes, it arrived" in anywhere.get(found[0]).text
    assert "mail" not in start.done(), "a program that follows links must not count"
    assert "Our mail arrives" in anywhere.post(found[0]).text
    assert "mail" in start.done()
    assert "Our mail arrives" in anywhere.post(found[0]).text


def test_a_test_text_goes_to_ones_own_mobile_and_counts_once_its_link_is_pressed(start: Start) -> None:
    browser = start.browser(Role.ADMINISTRATOR)
    assert "Your own mobile number" in browser.get("/").text
    assert "Enter a phone number" in browser.post("/set-up/text", data={"number": "soon"}, follow_redirects=True).text
    assert "+447700900123" in browser.post("/set-up/text", data={"number": "07700 900123"}, follow_redirects=True).text
    with session_scope(start.app.extensions["backtolife.engine"]) as db:
        message = db.exec(select(OutgoingMessage)).one()
        assert (message.channel, message.address, message.at_once) == (Channel.SMS, "+447700900123", True)
    found = re.search(r"/set-up/mail/[\w-]{30,}", message.text)
    assert found is not None
    assert "Our texts arrive" in start.app.test_client().post(found[0]).text
    assert start.done() >= {"text"}
    assert "mail" not in start.done()


def test_nobody_is_asked_for_a_test_text_where_nobody_takes_our_texts(start: Start) -> None:
    start.app.extensions["backtolife.settings"] = replace(
        start.app.extensions["backtolife.settings"], smtp_host="mail.example"
    )
    browser = start.browser(Role.ADMINISTRATOR)
    assert "A test text" not in browser.get("/").text
    assert (
        "Nobody takes our text"
        in browser.post("/set-up/text", data={"number": "07700 900123"}, follow_redirects=True).text
    )


def test_a_link_that_nobody_was_sent_says_so_and_a_second_mail_waits_a_minute(start: Start) -> None:
    browser = start.browser(Role.CLINICAL_LEAD)
    assert browser.get("/set-up/mail/" + "x" * 40).status_code == 404
    assert browser.post("/set-up/mail/" + "x" * 40).status_code == 404
    browser.post("/set-up/mail")
    assert "Wait a minute" in browser.post("/set-up/mail", follow_redirects=True).text


def test_a_rehearsal_that_has_ended_counts(start: Start) -> None:
    with session_scope(start.app.extensions["backtolife.engine"]) as db:
        row = Rehearsal(
            service_id=start.service_id,
            person_id=start.people[Role.CLINICAL_LEAD],
            stage_id="s",
            group_session_id="g",
            number=1,
            started_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=1),
        )
        db.add(row)
        db.flush()
        assert not set_up.rehearsed(db, start.service_id)
        row.ended_at = clock.now()
    assert start.done() == {"rehearsal"}


def test_the_list_goes_when_it_is_put_away_and_not_before_all_is_done(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = start.browser(Role.ADMINISTRATOR)
    assert browser.post("/set-up").status_code == 409
    assert "Before the first session" in browser.get("/").text
    point = set_up.Point("mail", "A test mail", "It has arrived.", done=True)
    monkeypatch.setattr(set_up, "points", lambda *_, **__: [point])
    assert "Put this list away" in browser.get("/").text
    assert "is ready for its first session" in browser.post("/set-up", follow_redirects=True).text
    assert "A test mail" not in browser.get("/").text


def test_the_list_goes_by_itself_once_a_session_was_held(start: Start) -> None:
    with session_scope(start.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.numbers = iter(range(5000, 6000))  # type: ignore[assignment]
        cohort = make.cohort(db.get_one(Service, start.service_id), first_day=clock.now().date())
        schedule(db, cohort=cohort)[0].started_at = clock.now()
    assert 'id="set-up"' not in start.browser(Role.ADMINISTRATOR).get("/").text
