"""Once a year an administrator looks through everyone who has access: reminded, kept as a whole, and shown again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.colleagues.yearly.models import AccessReview
from backtolife.people.colleagues.yearly.rules import Outcome, outcome
from backtolife.people.models import Person, Role, Service
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

REMINDER = "Look through who has access"


@dataclass
class Office:
    app: Flask
    people: dict[str, Person]

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def browser(self, name: str = "sam") -> FlaskClient:
        return browser_of(self.app, self.people[name])

    def ticks(self) -> dict[str, str]:
        """What the page offers to tick, by the name beside it."""
        page = self.browser().get("/staff/review").text
        found = re.findall(r'value="([^"]+)"[^>]*>\s*<label[^>]*><bdi>(\w+) Example</bdi>', page)
        return {name.lower(): value for value, name in found}

    def record(self, *but: str, seen: dict[str, str] | None = None) -> tuple[int, str]:
        keep = [value for name, value in (seen or self.ticks()).items() if name not in but]
        answer = self.browser().post("/staff/review", data={"keep": keep}, follow_redirects=True)
        return answer.status_code, unescape(answer.text)

    def reviews(self) -> list[AccessReview]:
        with self.db() as db:
            return list(db.exec(select(AccessReview).order_by(AccessReview.at)))


@pytest.fixture
def office(app: Flask) -> Office:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        people = {
            "sam": make.person(service, Role.ADMINISTRATOR, "Sam"),
            "priya": make.person(service, Role.FACILITATOR, "Priya"),
            "tom": make.person(service, Role.FACILITATOR, "Tom"),
            "jo": make.person(service, Role.SERVICE_LEAD, "Jo", also=(Role.FACILITATOR,)),
        }
        make.person(service, Role.PATIENT, "Mei")
    return Office(app, people)


def test_nobody_is_reminded_of_a_service_that_just_began(office: Office) -> None:
    assert REMINDER not in office.browser().get("/").text
    assert "The first review is due after a year" in office.browser().get("/staff/review").text


def test_administrators_alone_are_reminded_until_it_is_done_and_again_after_a_year(office: Office) -> None:
    began(office, 366)
    assert REMINDER in office.browser().get("/").text
    assert REMINDER not in office.browser("jo").get("/").text
    assert office.record()[0] == 200
    assert REMINDER not in office.browser().get("/").text
    for days, due in ((364, False), (365, True)):
        with office.db() as db:
            db.exec(select(AccessReview)).one().at = clock.now() - timedelta(days=days)
        assert (REMINDER in office.browser().get("/").text) is due
        assert ("It is time for the next review" in office.browser().get("/staff/review").text) is due


def test_the_list_of_staff_and_the_reminder_never_disagree(office: Office) -> None:
    """Who was looked at alone has a date of their own; the review is due with the first, and moves them all."""
    assert office.record()[0] == 200
    with office.db() as db:
        db.get_one(Person, office.people["tom"].id).access_confirmed_at = clock.now() - timedelta(days=365)
    assert "(due)" in office.browser().get("/staff").text
    assert REMINDER in office.browser().get("/").text
    office.browser().post(f"/staff/people/{office.people['tom'].id}/confirm")
    assert REMINDER not in office.browser().get("/").text
    began(office, 366)
    with office.db() as db:
        db.exec(select(AccessReview)).one().at = clock.now() - timedelta(days=365)
    assert office.record()[0] == 200
    assert "(due)" not in office.browser().get("/staff").text
    assert REMINDER not in office.browser().get("/").text


def test_the_day_and_the_year_of_a_review_are_those_of_the_same_clock(office: Office) -> None:
    assert office.record()[0] == 200
    with office.db() as db:
        db.get_one(Service, office.people["sam"].service_id).zone = "Pacific/Auckland"
        db.exec(select(AccessReview)).one().at = datetime(2025, 12, 31, 20, tzinfo=UTC)
    assert "Thursday 1 January 2026, by" in office.browser().get("/staff/review").text


def began(office: Office, days: int) -> None:
    """The service, and everybody in it, so many days ago."""
    with office.db() as db:
        at = clock.now() - timedelta(days=days)
        db.get_one(Service, office.people["sam"].service_id).created_at = at
        for each in db.exec(select(Person)):
            each.created_at = at


def test_a_review_is_kept_as_a_whole_with_what_became_of_each_since_the_one_before(office: Office) -> None:
    assert {*office.ticks()} == {"sam", "priya", "tom", "jo"}
    assert "recorded" in office.record()[1]
    browser = office.browser()
    browser.post(f"/staff/people/{office.people['tom'].id}/off")
    browser.post(f"/staff/people/{office.people['jo'].id}/roles", data={"roles": ["service_lead"]})
    with office.db() as db:
        make = Factory(db, clock.now())
        new = make.person(make.service(), Role.FACILITATOR, "Elsewhere")
        db.add(new)
    status, page = office.record()
    assert status == 200
    newest = page.split('id="review-1"')[1].split("</section>")[0]
    shown = {key: re.findall(r"<bdi>(\w+) Example", names) for key, names in re.findall(PAIRS, newest, re.S)}
    assert shown == {
        "Kept as it was": ["Priya", "Sam"], "Other roles than before": ["Jo"], "Switched off since": ["Tom"],
    }  # fmt: skip
    assert "by <bdi>Sam Example</bdi>" in newest
    first, second = office.reviews()
    assert (second.by, sorted(first.found[office.people["jo"].id])) == (
        office.people["sam"].id,
        ["facilitator", "service_lead"],
    )
    with office.db() as db:
        last = db.exec(
            select(AuditEntry).where(AuditEntry.action == "access_reviewed").order_by(col(AuditEntry.number))
        ).all()[-1]
        confirmed = {db.get_one(Person, office.people[name].id).access_confirmed_at for name in ("sam", "priya", "jo")}
    assert (last.actor_id, last.subject_id, last.actor_role) == (second.by, second.id, Role.ADMINISTRATOR)
    assert last.detail["off"] == [office.people["tom"].id]
    assert confirmed == {second.at}


def test_whoever_is_not_ticked_is_named_and_nothing_is_kept(office: Office) -> None:
    status, page = office.record("priya", "tom")
    assert status == 400
    assert "Not ticked: Priya Example, Tom Example." in page
    assert len(re.findall(r'name="keep"[^>]* checked', page)) == 2, "what was ticked stays ticked"
    assert office.reviews() == []


def test_what_was_changed_while_somebody_looked_has_to_be_looked_at_again(office: Office) -> None:
    seen = office.ticks()
    office.browser().post(f"/staff/people/{office.people['priya'].id}/roles", data={"roles": ["service_lead"]})
    status, page = office.record(seen=seen)
    assert (status, office.reviews()) == (409, [])
    assert "was changed while you looked" in page
    assert office.record()[0] == 200


def test_nobody_else_sees_or_records_it(office: Office) -> None:
    for name in ("priya", "jo"):
        assert office.browser(name).get("/staff/review").status_code == 403
        assert office.browser(name).post("/staff/review", data={"keep": []}).status_code == 403


def test_in_the_first_review_nobody_is_new() -> None:
    now = {"a": ["facilitator"], "b": []}
    assert outcome(None, now) == Outcome(("a", "b"), (), (), ())
    assert outcome({"a": ["administrator"], "c": []}, now) == Outcome((), ("a",), ("b",), ("c",))


PAIRS = r"__key\">(.*?)</dt>(.*?)</dd>"
