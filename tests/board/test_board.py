"""The group's board: who reads and writes it, what is taken off it, and that it stays in its own group."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.board import services
from backtolife.board.models import BoardPost
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


@dataclass
class Group:
    """A group with two patients and a facilitator, and another group of the same service with one patient."""

    app: Flask
    cohort_id: str
    lead: Person
    linda: Person
    joseph: Person
    elsewhere: Person

    @property
    def path(self) -> str:
        return f"/groups/{self.cohort_id}/board"

    def as_(self, person: Person) -> FlaskClient:
        return browser_of(self.app, person)

    def read(self, person: Person) -> str:
        return self.as_(person).get(self.path).get_data(as_text=True)

    def write(self, person: Person, text: str) -> str:
        """Write on the board; returns the message's id."""
        assert self.as_(person).post(self.path, data={"text": text}).status_code == 302
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.exec(select(BoardPost.id).where(BoardPost.text == text)).one()

    def press(self, person: Person, post: str, what: str, **data: str) -> int:
        return self.as_(person).post(f"{self.path}/{post}/{what}", data=data).status_code


@pytest.fixture
def group(app: Flask) -> Group:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service)
        lead = make.facilitator(cohort, name="Priya")
        people = [db.get_one(Person, make.enrolment(cohort, name).person_id) for name in ("Linda", "Joseph")]
        other = db.get_one(Person, make.enrolment(make.cohort(service), "Elsewhere").person_id)
        return Group(app, cohort.id, lead, *people, other)


def test_everyone_in_the_group_reads_what_is_written_under_the_name_the_group_knows(group: Group) -> None:
    group.write(group.linda, "I walked to the shop.")
    page = group.read(group.joseph)
    assert "I walked to the shop." in page
    assert "Linda" in page
    assert group.linda.full_name not in page


def test_another_group_reads_writes_and_reports_nothing(group: Group) -> None:
    post = group.write(group.linda, "Only for us")
    stranger = group.as_(group.elsewhere)
    assert stranger.get(group.path).status_code == 404
    assert stranger.post(group.path, data={"text": "Hello"}).status_code == 404
    assert group.press(group.elsewhere, post, "report") == 404
    own = stranger.get("/board", follow_redirects=True).get_data(as_text=True)
    assert "Only for us" not in own


def test_a_hidden_message_is_gone_for_the_group_and_its_reason_stays_with_staff(group: Group) -> None:
    post = group.write(group.linda, "Buy my tablets")
    assert group.press(group.lead, post, "hide") == 400
    assert group.press(group.lead, post, "hide", reason="Selling things") == 302
    assert "Buy my tablets" not in group.read(group.joseph)
    assert "Buy my tablets" not in group.read(group.linda)
    assert "Selling things" in group.read(group.lead)
    assert group.press(group.joseph, post, "report") == 404
    assert group.press(group.lead, post, "pin") == 409
    assert group.press(group.lead, post, "let-stand") == 302
    assert "Buy my tablets" in group.read(group.joseph)
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        actions = list(db.exec(select(AuditEntry.action).where(AuditEntry.subject_id == post)))
    assert sorted(actions) == ["board_hidden", "board_let_stand", "board_written"]


def test_a_report_reaches_staff_once_and_nobody_else_learns_of_it(group: Group) -> None:
    post = group.write(group.linda, "You are all lazy")
    for _ in range(2):
        assert group.press(group.joseph, post, "report", reason="It hurts") == 302
    assert group.read(group.lead).count("It hurts") == 1
    assert "It hurts" not in group.read(group.linda)
    assert "You asked your team to look at this" in group.read(group.joseph)
    group.press(group.lead, post, "let-stand")
    assert "It hurts" not in group.read(group.lead)


def test_patients_take_back_their_own_message_and_moderate_nothing(group: Group) -> None:
    post = group.write(group.linda, "Oh no")
    assert group.press(group.joseph, post, "take-back") == 404
    assert {group.press(group.joseph, post, what, reason="x") for what in ("hide", "pin", "unpin", "let-stand")} == {
        403
    }
    assert group.press(group.linda, post, "take-back") == 302
    assert "Oh no" not in group.read(group.joseph)


def test_a_pinned_message_stands_before_newer_ones(group: Group) -> None:
    first = group.write(group.lead, "Bring a chair")
    group.write(group.linda, "See you soon")
    page = group.read(group.joseph)
    assert page.index("See you soon") < page.index("Bring a chair")
    group.press(group.lead, first, "pin")
    page = group.read(group.joseph)
    assert page.index("Bring a chair") < page.index("See you soon")


def test_script_in_a_message_stays_words(group: Group) -> None:
    group.write(group.linda, "<script>alert(1)</script>")
    assert "<script>alert(1)" not in group.read(group.joseph)


@pytest.mark.parametrize("text", ["", "   ", "x" * (services.LONGEST + 1)])
def test_nothing_and_too_much_are_refused_with_words(group: Group, text: str) -> None:
    answer = group.as_(group.linda).post(group.path, data={"text": text})
    assert (answer.status_code, "Please check this" in answer.get_data(as_text=True)) == (400, True)


def test_nobody_floods_the_board_and_the_next_day_is_a_new_one(group: Group) -> None:
    now = clock.now()
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        for number in range(services.MOST_A_DAY):
            db.add(
                BoardPost(
                    service_id=group.linda.service_id,
                    cohort_id=group.cohort_id,
                    person_id=group.linda.id,
                    text=f"Message {number}",
                    at=now - timedelta(hours=1),
                )
            )
    assert group.as_(group.linda).post(group.path, data={"text": "More"}).status_code == 400
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        for post in db.exec(select(BoardPost)):
            post.at = now - timedelta(days=2)
    assert group.as_(group.linda).post(group.path, data={"text": "More"}).status_code == 302


def test_what_is_sent_many_times_at_once_is_one_message_and_other_words_are_another(group: Group) -> None:
    key = group.read(group.linda).split('name="key" type="hidden" value="')[1].split('"')[0]
    browsers = [group.as_(group.linda) for _ in range(8)]

    def send(browser: FlaskClient) -> int:
        return browser.post(group.path, data={"text": "Hello all", "key": key}).status_code

    with ThreadPoolExecutor(len(browsers)) as at_once:
        assert set(at_once.map(send, browsers)) == {302}
    assert browsers[0].post(group.path, data={"text": "Something else", "key": key}).status_code == 302
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        assert sorted(db.exec(select(BoardPost.text))) == ["Hello all", "Something else"]
