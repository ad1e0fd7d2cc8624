"""How often each list of staff and a patient's first page ask the database: seen here before it is slow."""

from dataclasses import dataclass
from datetime import time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import Db, session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.goals.services import set_goal
from backtolife.programme.places.offers import offer
from backtolife.programme.places.queue.waiting import wait
from backtolife.programme.places.rules import Wishes
from backtolife.sessions.records.corrections import correct
from backtolife.sessions.room.services import for_date, schedule
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient
from tests.support.reporting.attending import attend
from tests.support.statements import statements_of

SITE = "http://localhost"
ALSO = (Role.ADMINISTRATOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN)
OF_A_LIST, OF_THE_FIRST_PAGE = 15, 12
LISTS = (
    "/", "/groups", "/offers", "/waiting", "/staff", "/tasks", "/tasks/rota", "/patients", "/messages", "/words",
    "/questionnaires", "/questionnaires/milestones", "/videos/manage",
    "/tasks/assurance", "/results",
)  # fmt: skip


@dataclass
class Running:
    """A service with two groups, one of which has met twice; safety tasks, an offer, and somebody who waits."""

    app: Flask
    group: str
    tokens: dict[str, str]

    def look(self, who: str, address: str) -> list[str]:
        browser: FlaskClient = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = self.tokens[who]
        assert browser.get(address).status_code == 200
        with statements_of(self.app.extensions["backtolife.engine"]) as seen:
            assert browser.get(address).status_code == 200
        return seen

    def begin(self, more: int) -> None:
        """More groups with an offer, whose second session ended less than two hours ago; and as many that are over, of
        which nobody has decided.
        """
        now = clock.now()
        met = (now - timedelta(days=7, hours=3)).astimezone(ZoneInfo("Europe/London"))
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            make = Factory(db, now, count(1000 * more))
            service = db.get_one(Service, db.get_one(Cohort, self.group).service_id)
            for _ in range(more):
                cohort = make.cohort(service, first_day=met.date(), wall_time=time(met.hour, met.minute))
                self.meet(db, make, cohort)
                self.meet(db, make, make.cohort(service, first_day=(now - timedelta(days=81)).date()))
                invited, lead = make.person(service, Role.PATIENT), make.person(service, Role.ADMINISTRATOR)
                answer_by, actor = (now + timedelta(days=3)).date(), make.actor(lead)
                offer(db, patient=invited, cohort=cohort, answer_by=answer_by, site=SITE, actor=actor, now=now)

    def meet(self, db: Db, make: Factory, cohort: Cohort) -> None:
        """The group meets twice, and one of three people is missed."""
        make.facilitator(cohort)
        schedule(db, cohort=cohort)
        places = [make.enrolment(cohort) for _ in range(3)]
        for number in (1, 2):
            attend(db, cohort, number, places[:2], dates_of(db, cohort.id)[number - 1].starts_at)


@pytest.fixture
def running(app: Flask) -> Running:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        everything = make.person(service, Role.SERVICE_LEAD, "Ada", also=ALSO)
        lead = make.actor(everything)
        make.asks(service)
        begun, later = (make.cohort(service, first_day=(now + timedelta(days=days)).date()) for days in (-8, 6))
        facilitator = make.actor(make.facilitator(begun))
        make.facilitator(later)
        for each in (begun, later):
            schedule(db, cohort=each)
        places = [make.enrolment(begun, agreed=number > 0) for number in range(4)]
        soon = make.enrolment(later, agreed=False)
        for number in (1, 2):
            attend(db, begun, number, places[:3], dates_of(db, begun.id)[number - 1].starts_at)
        held = for_date(db, dates_of(db, begun.id)[1])
        person_id = places[0].person_id
        correct(db, group_session=held, person_id=person_id, minutes=20, reason="Phone", actor=facilitator, now=now)
        set_goal(db, enrolment=places[0], words="Walk to the shop", actor=lead, now=now)
        for place in places[1:]:
            answers = Patient(db, place, make.actor(db.get_one(Person, place.person_id)), now)
            answers.say(answers.open("phq-9"), "9", 3)
        invited, waits = make.person(service, Role.PATIENT, "Ivy"), make.person(service, Role.PATIENT, "Will")
        answer_by = (now + timedelta(days=3)).date()
        offer(db, patient=invited, cohort=later, answer_by=answer_by, site=SITE, actor=lead, now=now)
        wait(db, person=waits, wishes=Wishes(), actor=lead, now=now)
        people = {"staff": everything}
        people |= {name: db.get_one(Person, place.person_id) for name, place in (("came", places[0]), ("soon", soon))}
        tokens = {name: signin.begin(db, person=person, now=now) for name, person in people.items()}
        group = begun.id
    return Running(app, group, tokens)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_of_staff_asks_little(running: Running, address: str) -> None:
    seen = running.look("staff", address)
    assert len(seen) <= OF_A_LIST, "\n".join(seen)


def test_what_goes_out_next_asks_of_eight_groups_what_it_asks_of_two(running: Running) -> None:
    running.begin(1)
    of_two = running.look("staff", "/messages/coming")
    running.begin(6)
    of_eight = running.look("staff", "/messages/coming")
    # Six groups fill a page: then the one that met yesterday is on the next, and nobody asks who came to it.
    assert len(of_eight) <= len(of_two) <= OF_A_LIST, "\n".join(of_eight)


def test_the_page_of_a_group_asks_as_little_as_a_list(running: Running) -> None:
    seen = running.look("staff", f"/groups/{running.group}")
    assert len(seen) <= OF_A_LIST, "\n".join(seen)


@pytest.mark.parametrize("who", ["came", "soon"])
def test_the_first_page_of_a_patient_asks_little_before_the_first_session_and_in_the_middle(
    running: Running, who: str
) -> None:
    seen = running.look(who, "/")
    assert len(seen) <= OF_THE_FIRST_PAGE, "\n".join(seen)
