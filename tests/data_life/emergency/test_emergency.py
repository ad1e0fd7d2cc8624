"""A clinician opens, in an emergency, a record that is not theirs: with a reason, for an hour, told on and reviewed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.data_life.emergency import opening
from backtolife.data_life.emergency.models import EmergencyLook
from backtolife.data_life.emergency.opening import ONE_OPEN, Wanted
from backtolife.data_life.emergency.reviewing import DONE, review
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory
from tests.support.people.at_once import at_once
from tests.support.people.cookies import browser_of
from tests.support.people.desk import PASSWORD

BORN = date(1960, 3, 1)
ASKS = {
    "full_name": "linda  canary",
    "born": "1960-03-01",
    "reason": "She rang, and fell silent on the line",
    "password": PASSWORD,
    "sure": "y",
}
HERE = "/emergency-access"


@dataclass
class Ward:
    """A service in which Priya leads another group than Linda's, by the names of its people."""

    app: Flask
    people: dict[str, Person]
    now: datetime

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def browser(self, name: str) -> FlaskClient:
        return browser_of(self.app, self.people[name])

    def open(self, browser: FlaskClient, **other: str) -> tuple[int, str]:
        answer = browser.post(HERE, data={**ASKS, **other}, follow_redirects=True)
        return answer.status_code, answer.text

    def looks(self) -> list[EmergencyLook]:
        with self.db() as db:
            return list(db.exec(select(EmergencyLook)))

    def actions(self) -> list[str]:
        with self.db() as db:
            rows = db.exec(select(AuditEntry).where(AuditEntry.subject_id == self.people["linda"].id))
            return [row.action for row in rows if row.action.startswith("emergency")]


@pytest.fixture
def ward(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Ward:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        make.noise()
        service = make.service()
        own, other = make.cohort(service), make.cohort(service)
        people = {
            "priya": make.facilitator(other, name="Priya"),
            "tom": make.facilitator(own, name="Tom"),
            "dan": make.person(service, Role.DUTY_CLINICIAN, "Dan"),
            "grace": make.person(service, Role.CLINICAL_LEAD, "Grace"),
            "sam": make.person(service, Role.ADMINISTRATOR, "Sam"),
            "jo": make.person(service, Role.SERVICE_LEAD, "Jo"),
            "linda": db.get_one(Person, make.enrolment(own, "Linda").person_id),
        }
        for each in ("priya", "tom", "dan", "sam", "jo", "grace"):
            people[each].password_hash = hash_password(PASSWORD)
        linda = people["linda"]
        linda.full_name, linda.date_of_birth, linda.phone = "Linda Canary", BORN, "01632 960001"
        linda.address, linda.emergency_name, linda.emergency_phone = "1 Canary Lane", "Bert", "01632 960002"
    found = Ward(app, people, now)
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found


def test_with_a_reason_a_record_opens_a_lead_is_told_at_once_and_each_look_is_on_record(ward: Ward) -> None:
    priya = ward.browser("priya")
    status, page = ward.open(priya)
    assert status == 200
    for helps in ("Linda Canary", "1 Canary Lane", "Bert", "01632 960002"):
        assert helps in page
    with ward.db() as db:
        (mail,) = db.exec(select(OutgoingMessage).where(OutgoingMessage.subject == opening.SUBJECT))
    assert (mail.person_id, mail.urgent) == (ward.people["grace"].id, True)
    assert "Canary" not in mail.subject + mail.body
    assert ward.actions() == ["emergency_opened", "emergency_record_seen"]
    home = ward.browser("grace").get("/").text
    assert "1 record was opened in an emergency" in home
    assert (
        "Their record, in an emergency"
        in ward.browser("grace").get(f"/staff/people/{ward.people['priya'].id}/looks").text
    )


def test_it_opens_this_record_and_no_other_page_of_it(ward: Ward) -> None:
    priya = ward.browser("priya")
    with ward.db() as db:
        from backtolife.programme.cohorts.models import Enrolment

        place = db.exec(select(Enrolment).where(Enrolment.person_id == ward.people["linda"].id)).one()
    ward.open(priya)
    assert priya.get(f"/patients/{place.id}").status_code == 404
    assert ward.open(priya, full_name="Somebody Else")[0] == 400, "one at a time"


def test_a_line_on_every_page_says_that_it_is_open_until_it_ends_by_itself(ward: Ward) -> None:
    priya = ward.browser("priya")
    assert "record is open in an emergency" not in priya.get("/").text
    ward.open(priya)
    assert "record is open in an emergency" in priya.get("/groups").text
    ward.now += timedelta(minutes=25)
    priya.get("/")
    ward.now += timedelta(minutes=25)
    assert "Linda Canary" in priya.get(HERE).text
    ward.now += timedelta(minutes=11)
    assert "record is open in an emergency" not in priya.get("/groups").text
    assert "Linda Canary" not in priya.get(HERE).text


def test_a_button_ends_it(ward: Ward) -> None:
    priya = ward.browser("priya")
    ward.open(priya)
    assert priya.post(f"{HERE}/end").status_code == 302
    assert "Linda Canary" not in priya.get(HERE).text
    assert ward.actions()[-1] == "emergency_ended"


@pytest.mark.parametrize("name", ["grace", "sam", "jo", "linda"])
def test_the_wrong_role_gets_nothing(ward: Ward, name: str) -> None:
    browser = ward.browser(name)
    assert browser.get(HERE).status_code == 403
    assert browser.post(HERE, data=ASKS).status_code == 403
    assert ward.looks() == []


def test_nobody_else_sees_what_somebody_opened(ward: Ward) -> None:
    ward.open(ward.browser("priya"))
    assert "Linda Canary" not in ward.browser("dan").get(HERE).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "hm"},
        {"sure": ""},
        {"password": "not this one"},
        {"born": "", "phone": ""},
        {"born": "1961-03-01"},
        {"full_name": "Linda"},
        {"full_name": "%"},
    ],
)
def test_without_what_is_asked_nothing_opens(ward: Ward, wrong: dict[str, str]) -> None:
    status, page = ward.open(ward.browser("dan"), **wrong)
    assert status == 400
    assert "Canary Lane" not in page
    assert ward.looks() == []


def test_a_phone_number_stands_in_for_a_date_of_birth(ward: Ward) -> None:
    assert ward.open(ward.browser("dan"), born="", phone="01632960001")[0] == 200
    assert len(ward.looks()) == 1


def test_a_mobile_number_is_the_same_with_and_without_its_country(ward: Ward) -> None:
    with ward.db() as db:
        db.get_one(Person, ward.people["linda"].id).phone = "+44 7700 900123"
    assert ward.open(ward.browser("dan"), born="", phone="07700 900123")[0] == 200
    assert len(ward.looks()) == 1


def test_what_is_no_number_is_said_beside_it_and_only_where_it_is_needed(ward: Ward) -> None:
    _, page = ward.open(ward.browser("dan"), born="", phone="not known")
    assert 'id="phone-error"' in page
    assert ward.open(ward.browser("dan"), phone="not known")[0] == 200


def test_where_there_is_no_lead_nobody_is_asked_to_review(ward: Ward) -> None:
    with ward.db() as db:
        db.get_one(Person, ward.people["grace"].id).active = False
    ward.open(ward.browser("priya"))
    with ward.db() as db:
        letters = db.exec(select(OutgoingMessage).where(col(OutgoingMessage.key).startswith("emergency:"))).all()
    assert letters
    assert all("No clinical lead" in each.body and "reviews" not in each.body for each in letters)


def test_who_may_see_it_anyway_breaks_nothing(ward: Ward) -> None:
    status, page = ward.open(ward.browser("tom"))
    assert status == 400
    assert "You may see this record without this" in page
    assert ward.looks() == []


def test_names_cannot_be_tried_out(ward: Ward) -> None:
    dan = ward.browser("dan")
    said = [ward.open(dan, full_name=f"Linda {number}")[0] for number in range(8)]
    assert said == [400] * 6 + [429] * 2
    with ward.db() as db:
        refused = db.exec(select(AuditEntry).where(AuditEntry.action == "refused")).all()
    assert len([each for each in refused if each.detail["wanted"] == "emergency.open"]) >= 6


def test_afterwards_a_lead_says_whether_it_was_right_and_a_no_closes_it_at_once(ward: Ward) -> None:
    priya, grace = ward.browser("priya"), ward.browser("grace")
    ward.open(priya)
    (look,) = ward.looks()
    page = grace.get(f"{HERE}/reviews").text
    assert "She rang, and fell silent on the line" in page
    assert grace.post(f"{HERE}/{look.id}/review", data={f"{look.id}-right": "no"}).status_code == 400
    told = {f"{look.id}-right": "no", f"{look.id}-words": "Tom was on duty"}
    assert grace.post(f"{HERE}/{look.id}/review", data=told).status_code == 302
    assert "Linda Canary" not in priya.get(HERE).text
    assert grace.post(f"{HERE}/{look.id}/review", data=told).status_code == 409
    assert ward.actions()[-1] == "emergency_reviewed"
    assert "It was not right." in grace.get(f"{HERE}/reviews").text
    assert "opened in an emergency" not in grace.get("/").text
    assert priya.get(f"{HERE}/reviews").status_code == 403


def test_what_was_not_reviewed_in_time_stands_out(ward: Ward) -> None:
    ward.open(ward.browser("priya"))
    ward.now += timedelta(hours=73)
    assert "btl-card--now" in ward.browser("grace").get(f"{HERE}/reviews").text


def test_of_sixteen_at_once_one_opens_and_one_reviews(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        patient = make.person(service, Role.PATIENT, "Linda")
        patient.date_of_birth = BORN
        duty = make.actor(make.person(service, Role.DUTY_CLINICIAN))
        leads = [make.actor(make.person(service, Role.CLINICAL_LEAD)) for _ in range(16)]
        wanted = Wanted(patient.full_name, BORN, "")
    more = {"reason": "Fell silent on the line", "site": "http://localhost", "now": now}
    said = at_once(engine, *[lambda db: opening.open_record(db, actor=duty, wanted=wanted, **more)] * 16)
    assert sorted(said) == ["", *[ONE_OPEN] * 15]
    with Session(engine) as db:
        look = db.exec(select(EmergencyLook).where(EmergencyLook.by == duty.id)).one()
    said = at_once(
        engine,
        *(
            lambda db, lead=lead: review(db, actor=lead, look_id=look.id, was_right=True, words="It was", now=now)
            for lead in leads
        ),
    )
    assert sorted(said) == ["", *[DONE] * 15]
