"""The pages on which one person who was recorded twice becomes one record, as staff use them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.merging import services as merging
from backtolife.programme.merging.models import Decision, RecordPair
from backtolife.programme.merging.pairs import A_PAGE
from tests.support.factories import Factory
from tests.support.statements import statements_of

LIST = "/patients/twice"
BORN = date(1961, 3, 31)


@dataclass
class Office:
    """A service in which Linda is recorded twice, and staff at their browsers."""

    app: Flask
    service_id: str
    kept: Person
    other: Person

    def browser(self, role: Role, service_id: str = "") -> FlaskClient:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            make = Factory(db, clock.now())
            make.numbers = iter(range(1000 + len(db.exec(select(Person)).all()), 9999))  # type: ignore[assignment]
            service = db.get_one(Service, service_id or self.service_id)
            token = signin.begin(db, person=make.person(service, role), now=clock.now())
        browser = self.app.test_client()
        with browser.session_transaction() as cookie:
            cookie["signed_in"] = token
        return browser

    @property
    def beside_each_other(self) -> str:
        return f"{LIST}/{self.kept.id}/{self.other.id}"

    def standing(self) -> list[Decision]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return [each.decision for each in db.exec(select(RecordPair)) if each.undone_at is None]

    def undo(self, browser: FlaskClient) -> str:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            pair_id = next(each.id for each in db.exec(select(RecordPair)) if each.undone_at is None)
        return browser.post(f"{LIST}/undo/{pair_id}", follow_redirects=True).text


def office_of(app: Flask) -> Office:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        runs = make.cohort(service, "Mornings", first_day=(clock.now() + timedelta(days=7)).date())
        kept, other = db.get_one(Person, make.enrolment(runs, "Linda").person_id), make.person(service, name="Linda")
        for each in (kept, other):
            each.date_of_birth = BORN
        kept.created_at -= timedelta(days=1)  # the older one stands first in the list
        return Office(app, service.id, kept, other)


@pytest.fixture
def office(app: Flask) -> Office:
    return office_of(app)


@pytest.fixture
def busy(site: Flask) -> Iterator[Office]:
    """The same on SQLite and on PostgreSQL in turn, where requests really meet."""
    yield office_of(site)


def test_two_alike_are_found_looked_at_made_one_and_made_two_again(office: Office) -> None:
    lead = office.browser(Role.CLINICAL_LEAD)
    listed = lead.get(LIST).text
    for words in (office.kept.email, office.other.email, "The same name and date of birth", office.beside_each_other):
        assert words in listed
    beside = lead.get(office.beside_each_other).text
    for words in (office.kept.email, office.other.email, "31 March 1961", "Mornings", "Keep that record"):
        assert words in beside
    done = lead.post(f"{office.beside_each_other}/merge", follow_redirects=True).text
    assert "has one record now" in done
    assert "No two records have the same number" in done
    assert "Made one record" in done
    assert "there are two records again" in office.undo(lead)
    assert "The same name and date of birth" in lead.get(LIST).text


def test_two_people_are_not_asked_about_until_that_is_undone(office: Office) -> None:
    admin = office.browser(Role.ADMINISTRATOR)
    done = admin.post(f"{office.beside_each_other}/apart", follow_redirects=True).text
    assert "They are two people" in done
    assert "No two records have the same number" in done
    assert "Ask about them again" in done
    assert "they may be one person" in office.undo(admin)
    assert "The same name and date of birth" in admin.get(LIST).text


def test_what_is_said_twice_is_undone_once(office: Office) -> None:
    lead = office.browser(Role.CLINICAL_LEAD)
    for _ in range(2):
        lead.post(f"{office.beside_each_other}/apart")
    assert office.standing() == [Decision.APART]


def test_the_record_without_the_running_place_is_not_kept_and_the_page_says_why(office: Office) -> None:
    lead = office.browser(Role.CLINICAL_LEAD)
    refused = lead.post(f"{LIST}/{office.other.id}/{office.kept.id}/merge", follow_redirects=True)
    assert (refused.status_code, "Keep that record" in refused.text) == (200, True)
    assert office.standing() == []


def test_two_others_are_compared_by_their_addresses(office: Office) -> None:
    lead = office.browser(Role.CLINICAL_LEAD)
    answer = lead.post(LIST, data={"first": office.kept.email.upper(), "second": office.other.email})
    assert answer.location == office.beside_each_other
    for second, words in ((office.kept.email, "same record"), ("nobody@example.org", "No patient"), ("x", "format")):
        refused = lead.post(LIST, data={"first": office.kept.email, "second": second})
        assert (refused.status_code, words in refused.text) == (400, True), words


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.SERVICE_LEAD, Role.DUTY_CLINICIAN, Role.PATIENT])
def test_who_may_not_merge_sees_no_page_and_changes_nothing(office: Office, role: Role) -> None:
    browser = office.browser(role)
    assert browser.get(LIST).status_code in {403, 404}
    assert browser.get(office.beside_each_other).status_code in {403, 404}
    for act in ("merge", "apart"):
        assert browser.post(f"{office.beside_each_other}/{act}").status_code in {403, 404}
    assert office.standing() == []


def test_staff_of_another_service_find_neither_records_nor_decisions(office: Office) -> None:
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        elsewhere = next(each.id for each in db.exec(select(Service)) if each.id != office.service_id)
    stranger = office.browser(Role.CLINICAL_LEAD, elsewhere)
    assert office.kept.email not in stranger.get(LIST).text
    assert stranger.get(office.beside_each_other).status_code == 404
    assert stranger.post(f"{office.beside_each_other}/merge").status_code == 404
    office.browser(Role.CLINICAL_LEAD).post(f"{office.beside_each_other}/merge")
    assert "Made one record" not in stranger.get(LIST).text
    office.undo(stranger)
    assert office.standing() == [Decision.MERGED]


def test_every_decision_can_be_undone_however_long_ago_in_as_many_statements(office: Office) -> None:
    lead, counts = office.browser(Role.CLINICAL_LEAD), []
    with session_scope(office.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.numbers = iter(range(3000, 9999))  # type: ignore[assignment]
        service = db.get_one(Service, office.service_id)
        actor = make.actor(make.person(service, Role.CLINICAL_LEAD))
        for number in range(A_PAGE + 1):
            first, second = make.person(service), make.person(service, name=f"Twin {number}")
            at = make.now - timedelta(days=number)
            merging.merge(db, kept_id=second.id, other_id=first.id, actor=actor, now=at)
    for page in ("", "?page=2", "?page=99", "?page=x"):
        with statements_of(office.app.extensions["backtolife.engine"]) as seen:
            text = lead.get(LIST + page).text
        counts.append(len(seen))
        last = page in {"?page=2", "?page=99"}
        assert (f"Twin {A_PAGE} Example" in text, "Twin 0 Example" in text) == (last, not last)
    assert max(counts) - min(counts) <= 1, counts


def test_of_two_who_merge_both_ways_at_once_one_is_kept_and_the_other_is_told(busy: Office) -> None:
    with session_scope(busy.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.numbers = iter(range(3000, 9999))  # type: ignore[assignment]
        service = db.get_one(Service, busy.service_id)
        one, other = make.person(service, name="Ann"), make.person(service, name="Ann")
    paths = [f"{LIST}/{one.id}/{other.id}/merge", f"{LIST}/{other.id}/{one.id}/merge"] * 2
    told = at_once(busy, paths)
    assert sum("has one record now" in each for each in told) == 1
    assert sum("has been merged into another one" in each for each in told) == len(paths) - 1
    assert busy.standing() == [Decision.MERGED]


def test_two_records_do_not_become_one_and_two_people_at_once(busy: Office) -> None:
    told = at_once(busy, [f"{busy.beside_each_other}/{act}" for act in ("apart", "merge", "apart", "merge")])
    assert sum("has one record now" in each for each in told) == 1
    assert busy.standing().count(Decision.MERGED) == 1
    assert busy.standing().count(Decision.APART) <= 1


def test_of_two_who_undo_at_once_one_does(busy: Office) -> None:
    busy.browser(Role.CLINICAL_LEAD).post(f"{busy.beside_each_other}/merge")
    with session_scope(busy.app.extensions["backtolife.engine"]) as db:
        (pair,) = db.exec(select(RecordPair)).all()
    told = at_once(busy, [f"{LIST}/undo/{pair.id}"] * 3)
    assert sum("there are two records again" in each for each in told) == 1
    assert sum("already" in each for each in told) == 2


def at_once(office: Office, paths: list[str]) -> list[str]:
    """What staff read who post to these addresses at one moment, each at a browser of their own."""
    browsers, start = [office.browser(Role.CLINICAL_LEAD) for _ in paths], Barrier(len(paths))

    def one(given: tuple[FlaskClient, str]) -> str:
        browser, path = given
        start.wait()
        return browser.post(path, follow_redirects=True).text

    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(one, zip(browsers, paths, strict=True)))
