"""Who has no place yet reads on each page where they stand, and staff read whether a no was a no."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.places.queue.standing import NO_PLACE, OFFERED, WAITS, WILL_CALL
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

NEW = {"full_name": "Linda Marsh", "shown_name": "Linda", "email": "linda@example.org", "phone": "01632 960111"}
PAGES = ("/videos", "/questions", "/progress")


@dataclass
class Desk:
    """A group that starts in two weeks, its facilitator, and Linda on two devices, who was offered a place."""

    app: Flask
    cohort: Cohort
    staff: FlaskClient
    phone: FlaskClient
    tablet: FlaskClient
    place: str

    def say(self, browser: FlaskClient, said: str) -> str:
        data = {"said": said, "dates": str(self.cohort.version)}
        return browser.post(f"/offer/{self.place}", data=data, follow_redirects=True).text


@pytest.fixture
def desk(app: Flask) -> Desk:
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        make.person(service, Role.CLINICAL_LEAD)
        cohort = make.cohort(service, "Tuesdays", first_day=(clock.now() + timedelta(days=14)).date())
        schedule(db, cohort=cohort)
        priya = make.facilitator(cohort, name="Priya")
        db.flush()
        db.expunge(priya)
    staff = browser_of(app, priya)
    staff.post(f"/groups/{cohort.id}/add", data={**NEW, "how": "offer"})
    with session_scope(engine) as db:
        linda = db.exec(select(Person).where(Person.email == NEW["email"])).one()
        place = db.exec(select(Enrolment.id).where(Enrolment.person_id == linda.id)).one()
        cohort = db.get_one(Cohort, cohort.id)
        db.expunge_all()
    return Desk(app, cohort, staff, browser_of(app, linda), browser_of(app, linda), place)


def test_whoever_is_offered_a_place_is_sent_to_their_offer_from_each_page(desk: Desk) -> None:
    for page in PAGES:
        text = desk.phone.get(page).text
        assert OFFERED in text, page
        assert 'href="/offer"' in text, page
        assert NO_PLACE not in text, page


def test_whoever_waits_reads_so_on_each_page(desk: Desk) -> None:
    desk.say(desk.phone, "not_now")
    for page in (*PAGES, "/offer"):
        text = desk.phone.get(page).text
        assert WAITS in text, page
        assert NO_PLACE not in text, page


def test_a_yes_on_another_device_after_a_no_is_read_on_the_home_too(desk: Desk) -> None:
    desk.say(desk.phone, "no")
    assert NO_PLACE in desk.phone.get("/").text
    said = desk.say(desk.tablet, "yes")
    assert "You said no on" in said
    assert "We have kept that you would like to come, and will call you." in said
    for page in ("/", *PAGES, "/offer"):
        assert WILL_CALL in desk.tablet.get(page).text, page
        assert NO_PLACE not in desk.tablet.get(page).text, page


def test_a_yes_after_not_now_is_read_beside_the_waiting_list(desk: Desk) -> None:
    desk.say(desk.phone, "not_now")
    assert "You said not now on" in desk.say(desk.tablet, "yes")
    home = desk.phone.get("/").text
    assert WILL_CALL in home
    assert "You are on our waiting list, since" in home


@pytest.mark.parametrize(("said", "words"), [("no", "Said no"), ("not_now", "Said not now")])
def test_staff_read_on_each_page_which_it_was(desk: Desk, said: str, words: str) -> None:
    desk.say(desk.phone, said)
    pages = ("/patients", f"/groups/{desk.cohort.id}", f"/places/{desk.place}")
    for page in pages:
        text = desk.staff.get(page).text
        assert words in text, page
        assert "Said no, or gave no answer" not in text, page
    assert f"{words[0].lower()}{words[1:]}." in desk.staff.get(f"/patients/{desk.place}").text
