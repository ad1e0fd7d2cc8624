"""Staff see who caught up after a missed session, on the group's page and on the patient's own."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.content.models import PackageState, Video, VideoPackage, Watching
from backtolife.content.services import adopt_scripts
from backtolife.database.session import session_scope
from backtolife.people.access import System
from backtolife.people.models import Person
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of
from tests.support.reporting.attending import attend

CAUGHT_UP = "Caught up "


@dataclass
class Missed:
    """Linda came to session 1 and missed session 2, whose video can be watched; session 3 is in five days."""

    app: Flask
    group: str
    place: str
    video: str
    over_at: datetime
    linda: FlaskClient
    lead: FlaskClient

    def says_she_read_it(self, answer: str) -> None:
        assert self.linda.post(f"/videos/{self.video}/read", data={"read": answer}).status_code == 302

    def staff_see(self) -> list[bool]:
        """Whether the group's page and hers say that she caught up."""
        pages = (f"/groups/{self.group}", f"/patients/{self.place}")
        return [f'class="btl-th">{CAUGHT_UP}' in self.lead.get(page).text for page in pages]


@pytest.fixture
def missed(app: Flask) -> Missed:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, first_day=(now - timedelta(days=9)).date())
        schedule(db, cohort=cohort)
        place, lead = make.enrolment(cohort, "Linda"), make.facilitator(cohort)
        for at, date in enumerate(dates_of(db, cohort.id)):
            date.starts_at = now + timedelta(weeks=at) - timedelta(days=9)
            date.ends_at = date.starts_at + timedelta(minutes=90)
        attend(db, cohort, 1, [place], now - timedelta(days=9))
        adopt_scripts(db, service=service, actor=System("test", service.id), now=now)
        package = db.exec(
            select(VideoPackage).join(Video).where(Video.service_id == service.id, Video.session_number == 2)
        ).one()
        package.state, package.duration_ms, package.transcript = PackageState.READY, 100_000, "Hello there"
        key = db.get_one(Video, package.video_id).key
        over_at = dates_of(db, cohort.id)[1].ends_at
        linda = db.get_one(Person, place.person_id)
    return Missed(app, cohort.id, place.id, key, over_at, browser_of(app, linda), browser_of(app, lead))


def test_staff_see_who_read_or_watched_what_they_missed(missed: Missed) -> None:
    assert missed.staff_see() == [False, False]
    missed.says_she_read_it("yes")
    assert missed.staff_see() == [True, True]
    missed.says_she_read_it("no")
    assert missed.staff_see() == [False, False]


def test_who_had_watched_it_to_get_ready_has_not_caught_up(missed: Missed) -> None:
    missed.says_she_read_it("yes")
    with session_scope(missed.app.extensions["backtolife.engine"]) as db:
        db.exec(select(Watching)).one().finished_at = missed.over_at - timedelta(days=1)
    assert missed.staff_see() == [False, False]
