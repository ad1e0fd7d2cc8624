"""The page of a service itself, in a browser of its administrator and of its clinical lead."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.joining.running_late import not_coming, say_coming
from backtolife.sessions.room.services import for_date, schedule
from tests.support.factories import Factory

ABOUT = {
    "name": "Midtown",
    "short_name": "Mid",
    "phone": "01632 960000",
    "zone": "Europe/London",
    "country": "",
    "colour": "",
    "keep_years": "8",
    "seen": "0",
}
BERLIN = {"zone": "Europe/Berlin"}


@dataclass
class Office:
    """A service with a group that begins in three days, with Ann in it and Jo leading."""

    app: Flask
    service_id: str
    cohort_id: str
    people: dict[Role, str]

    def browser(self, role: Role) -> FlaskClient:
        browser = self.app.test_client()
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            token = signin.begin(db, person=db.get_one(Person, self.people[role]), now=clock.now())
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
        return browser

    def service(self) -> Service:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.get_one(Service, self.service_id)

    def hours(self) -> list[str]:
        """When the group meets, by the clock of its own zone."""
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            zone = ZoneInfo(db.get_one(Cohort, self.cohort_id).zone)
            return [f"{each.starts_at.astimezone(zone):%H:%M}" for each in dates_of(db, self.cohort_id)]

    def starts(self) -> list[SessionDate]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return dates_of(db, self.cohort_id)

    def mails(self) -> list[OutgoingMessage]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return list(db.exec(select(OutgoingMessage)))


@pytest.fixture
def office(app: Flask) -> Office:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service("Midtown")
        service.short_name = "Mid"
        cohort = make.cohort(service, "Mornings", first_day=(now + timedelta(days=3)).date())
        make.facilitator(cohort, name="Jo")
        make.enrolment(cohort, "Ann")
        schedule(db, cohort=cohort)
        people = {role: make.person(service, role).id for role in (Role.ADMINISTRATOR, Role.CLINICAL_LEAD)}
        return Office(app, service.id, cohort.id, people)


def test_the_name_and_the_colour_are_on_the_next_page_and_the_old_ones_in_the_list(office: Office) -> None:
    browser = office.browser(Role.ADMINISTRATOR)
    new = {"name": "Riverside Health", "short_name": "Riverside", "colour": "#005EB8"}
    page = browser.post("/service", data=ABOUT | new, follow_redirects=True).text
    assert "Saved." in page
    assert "/look/005eb8.css" in page
    assert "Riverside" in page.split("</header>")[0]
    assert "Midtown" in page.split("What was changed")[1]


def test_a_pale_colour_is_refused_beside_its_field_and_what_was_typed_stays(office: Office) -> None:
    pale = ABOUT | {"name": "Riverside", "colour": "#aaaaaa"}
    answer = office.browser(Role.ADMINISTRATOR).post("/service", data=pale)
    assert answer.status_code == 400
    assert "has a contrast of 2.32 to 1" in answer.text
    assert 'value="Riverside"' in answer.text
    assert office.service().name == "Midtown"


def test_a_clinical_lead_sees_the_rest_and_a_forged_name_changes_nothing(office: Office) -> None:
    browser = office.browser(Role.CLINICAL_LEAD)
    assert 'href="/service"' in browser.get("/").text
    page = browser.get("/service").text
    assert 'name="keep_years"' in page
    assert 'name="name"' not in page
    browser.post("/service", data=ABOUT | {"name": "Forged", "zone": "Asia/Tokyo", "keep_years": "20"})
    held = office.service()
    assert (held.name, held.zone, held.keep_years) == ("Midtown", "Europe/London", 20)


def test_who_saves_an_old_page_is_told_and_sees_the_new_one(office: Office) -> None:
    browser = office.browser(Role.ADMINISTRATOR)
    browser.post("/service", data=ABOUT | {"name": "Riverside"})
    answer = browser.post("/service", data=ABOUT | {"name": "Lakeside"})
    assert answer.status_code == 409
    assert 'value="Riverside"' in answer.text
    assert "while you had it open" in answer.text


def test_another_time_zone_is_asked_about_while_groups_meet(office: Office) -> None:
    page = office.browser(Role.ADMINISTRATOR).post("/service", data=ABOUT | BERLIN)
    assert "Are sessions kept at their hour on the clock?" in page.text
    assert "Mornings: 9 sessions to come" in page.text.replace("<bdi>", "").replace("</bdi>", "")
    assert office.service().zone == "Europe/London"


def test_groups_stay_by_the_clock_they_have(office: Office) -> None:
    before = [each.starts_at for each in office.starts()]
    office.browser(Role.ADMINISTRATOR).post("/service", data=ABOUT | BERLIN | {"groups": "stay"})
    assert office.service().zone == "Europe/Berlin"
    assert [each.starts_at for each in office.starts()] == before
    assert office.mails() == []


def test_groups_follow_the_new_clock_at_the_same_hour_and_everybody_is_told(office: Office) -> None:
    before = [each.starts_at for each in office.starts()]
    data = ABOUT | BERLIN | {"groups": "follow"}
    page = office.browser(Role.ADMINISTRATOR).post("/service", data=data, follow_redirects=True).text
    assert "2 people are told that their hour has changed." in page
    after = office.starts()
    assert [each.starts_at for each in after] == [each - timedelta(hours=1) for each in before]
    assert [each.sequence for each in after] == [1] * 9
    assert office.hours() == ["10:00"] * 9
    assert len(office.mails()) == 2


def test_who_could_not_come_at_the_old_hour_is_asked_anew(office: Office) -> None:
    engine, first = office.app.extensions["backtolife.engine"], office.starts()[0]
    with session_scope(engine) as db:
        (_, ann), held = enrolled_in(db, office.cohort_id)[0], for_date(db, first)
        say_coming(db, group_session=held, person=ann, coming=False, now=clock.now())
    with session_scope(engine) as db:
        assert not_coming(for_date(db, first)) == {ann.id}
    office.browser(Role.ADMINISTRATOR).post("/service", data=ABOUT | BERLIN | {"groups": "follow"})
    with session_scope(engine) as db:
        assert not_coming(for_date(db, first)) == frozenset()


def test_without_groups_to_come_nothing_is_asked(office: Office) -> None:
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        for date in dates_of(db, office.cohort_id):
            date.left_out_at = clock.now()
    browser = office.browser(Role.ADMINISTRATOR)
    assert "Saved." in browser.post("/service", data=ABOUT | BERLIN, follow_redirects=True).text


def test_the_page_about_privacy_says_how_long_a_record_is_kept(office: Office) -> None:
    browser = office.browser(Role.CLINICAL_LEAD)
    browser.post("/service", data=ABOUT | {"keep_years": "12"})
    assert "We keep your record for 12 years" in " ".join(browser.get("/privacy").text.split())
