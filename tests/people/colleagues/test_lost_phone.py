"""A colleague lost their phone: who resets it, who hears of it, and what is left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.sealing import Sealing
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.colleagues.lost_phone import NO_REASON, OWN
from backtolife.people.models import Person, Role
from backtolife.people.second_step import app_codes, recovery_codes
from backtolife.people.second_step.services import ways_of
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

REASON = "Phone lost; we spoke in person"


@dataclass
class Office:
    app: Flask
    people: dict[str, Person]

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def browser(self, name: str) -> FlaskClient:
        return browser_of(self.app, self.people[name])

    def reset(self, by: str, of: str, reason: str = REASON) -> tuple[int, str]:
        address = f"/staff/people/{self.people[of].id}/second-step"
        answer = self.browser(by).post(address, data={"reason": reason}, follow_redirects=True)
        return answer.status_code, answer.text

    def kept(self, name: str) -> bool:
        with self.db() as db:
            return ways_of(db, self.people[name].id).any_kept

    def told(self) -> dict[str, list[str]]:
        """The bodies of what waits to be sent, by whom it goes to."""
        with self.db() as db:
            found = list(db.exec(select(OutgoingMessage)))
        names = {person.id: name for name, person in self.people.items()}
        return {name: [each.body for each in found if names.get(str(each.person_id)) == name] for name in self.people}


@pytest.fixture
def office(site: Flask) -> Office:
    sealing, now = Sealing(site.extensions["backtolife.settings"].data_key), clock.now()
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        make.noise()
        service = make.service()
        people = {
            "sam": make.person(service, Role.ADMINISTRATOR, "Sam"),
            "pat": make.person(service, Role.ADMINISTRATOR, "Pat"),
            "grace": make.person(service, Role.CLINICAL_LEAD, "Grace"),
            "tom": make.person(service, Role.FACILITATOR, "Tom"),
        }
        for name in ("sam", "grace"):
            app_codes.keep(db, person=people[name], secret=app_codes.new_secret(), step=0, sealing=sealing, now=now)
            recovery_codes.new_codes(db, person=people[name], sealing=sealing, now=now)
    return Office(site, people)


def test_an_administrator_resets_it_with_a_reason_and_another_one_is_told(office: Office) -> None:
    grace = office.browser("grace")
    assert grace.get("/").status_code == 200
    status, page = office.reset("sam", "grace")
    assert (status, "We told 1 other person" in page) == (200, True)
    assert not office.kept("grace")
    assert office.kept("sam")
    assert grace.get("/").status_code == 403, "signed out everywhere"
    told = office.told()
    assert {name: len(bodies) for name, bodies in told.items()} == {"sam": 0, "pat": 1, "grace": 1, "tom": 0}
    assert REASON in told["pat"][0]
    assert "Grace Example" in told["pat"][0]
    assert "Sam Example" in told["pat"][0]
    with office.db() as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "second_step_reset")).one()
        assert (entry.actor_id, entry.subject_id) == (office.people["sam"].id, office.people["grace"].id)
        assert entry.detail == {"reason": REASON, "told": [office.people["pat"].id]}


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_without_a_reason_nothing_is_reset(office: Office, reason: str) -> None:
    status, page = office.reset("sam", "grace", reason)
    assert (status, NO_REASON in page or "at most 200" in page) == (400, True)
    assert office.kept("grace")
    assert not any(office.told().values())


def test_nobody_resets_their_own(office: Office) -> None:
    status, page = office.reset("sam", "sam")
    assert (status, OWN in page) == (409, True)
    assert office.kept("sam")


@pytest.mark.parametrize("by", ["grace", "tom"])
def test_nobody_but_an_administrator_resets_it(office: Office, by: str) -> None:
    assert office.reset(by, "sam")[0] == 403
    assert office.kept("sam")


def test_where_there_is_no_other_administrator_the_clinical_lead_is_told(office: Office) -> None:
    with office.db() as db:
        db.get_one(Person, office.people["sam"].id).active = False
        tom = db.get_one(Person, office.people["tom"].id)
        settings = office.app.extensions["backtolife.settings"]
        app_codes.keep(
            db,
            person=tom,
            secret=app_codes.new_secret(),
            step=0,
            sealing=Sealing(settings.data_key),
            now=clock.now(),
        )
    assert office.reset("pat", "tom")[0] == 200
    assert {name: len(bodies) for name, bodies in office.told().items()} == {"sam": 0, "pat": 0, "grace": 1, "tom": 1}


def test_there_is_nothing_to_reset_where_there_is_nothing(office: Office) -> None:
    assert office.reset("sam", "tom")[0] == 409
    assert not any(office.told().values())
