"""Asking for a link or a code: same work for every address, five tries and no more, and nobody asks you out."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import LinkPurpose, Person, Role, Service, SignInLink
from backtolife.people.signing_in import signin
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory

WRONG, WAIT, ON = 400, 429, 302


@dataclass
class Door:
    """A site with one patient in a group, whose session is open, and one member of staff."""

    app: Flask
    patient: str
    staff: str
    code: str

    def database(self) -> AbstractContextManager[Session]:
        return session_scope(self.app.extensions["backtolife.engine"])

    def doors(self) -> dict[str, str]:
        """The three places at which anybody may type an address, with one that somebody has there."""
        return {"/sign-in": self.patient, f"/j/{self.code}/who": self.patient, "/staff/reset": self.staff}

    def mails(self) -> list[OutgoingMessage]:
        with self.database() as db:
            return list(db.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.queued_at))))

    def newest_code(self) -> str:
        found = re.search(r"(?:code|sign-in page)[^\n]*?: (\d{6})", self.mails()[-1].body)
        assert found
        return found[1]


@pytest.fixture
def door(site: Flask, now: datetime) -> Door:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        patient = db.get_one(Person, make.enrolment(cohort).person_id)
        staff = make.person(make.service(), Role.FACILITATOR)
        return Door(site, patient.email, staff.email, schedule(db, cohort=cohort)[0].join_code)


@contextmanager
def writes(app: Flask) -> Iterator[list[str]]:
    """What is written, and whether it is kept, statement by statement."""
    seen: list[str] = []
    engine = app.extensions["backtolife.engine"]

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in ("INSERT", "UPDATE"):
            seen.append(" ".join(statement.split()[:3]))

    def note_end(_: object) -> None:
        seen.append("COMMIT")

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_end)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "commit", note_end)


def test_every_door_does_the_same_work_for_an_address_that_nobody_has(door: Door) -> None:
    for path, known in door.doors().items():
        done, answers = [], []
        for email in (known, "nobody@example.org"):
            with writes(door.app) as seen:
                answer = door.app.test_client().post(path, data={"email": email})
            done.append(seen)
            answers.append((answer.status_code, answer.headers["Location"]))
        assert done[0] == done[1], path
        assert "INSERT INTO sign_in_link" in done[0], path
        assert "INSERT INTO outgoing_message" in done[0], path
        assert done[0][-1] == "COMMIT", path
        assert answers[0] == answers[1], path
    assert len(door.mails()) == 3, "and yet only those who are known were written to"
    with door.database() as db:
        assert len(db.exec(select(SignInLink)).all()) == 3


def test_an_unknown_address_gets_the_same_answer_while_the_first_person_belongs_to_a_rehearsal(door: Door) -> None:
    with door.database() as db:
        for service in db.exec(select(Service)):
            service.rehearsal = True
    for path, known in door.doors().items():
        answers = [door.app.test_client().post(path, data={"email": email}) for email in (known, "nobody@example.org")]
        assert [answer.status_code for answer in answers] == [ON, ON], path


def test_a_wrong_code_costs_a_write_for_every_address(door: Door) -> None:
    for ask, spend in (("/sign-in", "/sign-in/code"), (f"/j/{door.code}/who", f"/j/{door.code}/code")):
        done = []
        for email in (door.patient, "nobody@example.org"):
            client = door.app.test_client()
            client.post(ask, data={"email": email})
            with writes(door.app) as seen:
                assert client.post(spend, data={"email": email, "code": "000000"}).status_code == WRONG
            assert len(seen) > 1, "a commit of nothing takes no time"
            done.append(seen[-1])
        assert done == ["COMMIT", "COMMIT"], spend


def test_sixty_codes_sent_at_once_are_five_tries(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[bool] = []
    count_try = signin.count_try

    def counting(*given: Any) -> bool:
        looked_at.append(count_try(*given))
        return looked_at[-1]

    monkeypatch.setattr(signin, "count_try", counting)
    client = door.app.test_client()
    client.post("/sign-in", data={"email": door.patient})
    right, browser = door.newest_code(), asked_with(client)
    begin = Barrier(12)

    def spend(code: str) -> None:
        with door.database() as db, suppress(Invalid):
            signin.spend_code(
                db, email=door.patient, code=code, browser=browser, purpose=LinkPurpose.SIGN_IN, now=clock.now()
            )

    def guess(start: int) -> None:
        begin.wait()
        for number in range(5):
            spend(f"{(int(right) + 1 + start * 5 + number) % 10**6:06}")

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(guess, range(12)))
    spend(right)
    assert (len(looked_at), sum(looked_at)) == (61, signin.CODE_TRIES)
    with door.database() as db:
        link = db.exec(select(SignInLink)).one()
        assert (link.tries, link.spent_at) == (signin.CODE_TRIES, None), "and the right one came too late"


def asked_with(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["asking"])


def test_one_link_pressed_on_two_devices_at_once_opens_one(door: Door) -> None:
    with door.database() as db:
        person = db.exec(select(Person).where(Person.email == door.patient)).one()
        token = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=clock.now()).token
    begin = Barrier(6)

    def press(_: int) -> int:
        client = door.app.test_client()
        begin.wait()
        return client.post(f"/link/{token}").status_code

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(press, range(6)))
    assert answers == [ON, 404, 404, 404, 404, 404]


def test_a_code_works_only_in_the_browser_that_asked_for_it(door: Door) -> None:
    asking, other = door.app.test_client(), door.app.test_client()
    asking.post("/sign-in", data={"email": door.patient})
    code = door.newest_code()
    other.post("/sign-in", data={"email": "nobody@example.org"})
    assert other.post("/sign-in/code", data={"email": door.patient, "code": code}).status_code == WRONG
    assert asking.post("/sign-in/code", data={"email": door.patient, "code": code}).status_code == ON


def test_somebody_else_who_asks_with_your_address_ends_nothing_that_you_hold(door: Door) -> None:
    own = door.app.test_client()
    own.post("/sign-in", data={"email": door.patient})
    mine, code = door.mails()[-1], door.newest_code()
    for number in range(5):
        stranger = door.app.test_client()
        stranger.post("/sign-in", data={"email": door.patient}, environ_base={"REMOTE_ADDR": f"203.0.113.{number}"})
    link = re.search(r"http://localhost(/link/\S+)", mine.body)
    assert link
    assert own.get(link[1]).status_code == 200
    assert own.post("/sign-in/code", data={"email": door.patient, "code": code}).status_code == ON


def test_five_requests_by_somebody_else_lock_nobody_out_of_the_live_group(door: Door) -> None:
    who, strange = f"/j/{door.code}/who", {"REMOTE_ADDR": "203.0.113.1"}
    for path in ("/sign-in", who):
        answers = [
            door.app.test_client().post(path, data={"email": door.patient}, environ_base=strange).status_code
            for _ in range(7)
        ]
        assert answers == [ON] * 5 + [WAIT] * 2
    own = door.app.test_client()
    assert own.post(who, data={"email": door.patient}).status_code == ON
    spent = own.post(f"/j/{door.code}/code", data={"code": door.newest_code()})
    assert spent.status_code == ON


def test_strangers_of_three_networks_leave_your_own_asking_alone(door: Door) -> None:
    who = f"/j/{door.code}/who"
    for network in ("203.0.113", "198.51.100", "192.0.2"):
        for number in range(8):
            strange = {"REMOTE_ADDR": f"{network}.{number}"}
            door.app.test_client().post(who, data={"email": door.patient}, environ_base=strange)
    own = door.app.test_client()
    assert own.post(who, data={"email": door.patient}).status_code == ON


def test_a_browser_you_used_before_can_ask_while_the_whole_world_asks_for_you(door: Door) -> None:
    own = door.app.test_client()
    own.post("/sign-in", data={"email": door.patient})
    own.post("/sign-in/code", data={"email": door.patient, "code": door.newest_code()})
    own.post("/sign-out")
    answers = [
        door.app.test_client()
        .post("/sign-in", data={"email": door.patient}, environ_base={"REMOTE_ADDR": f"203.0.113.{number}"})
        .status_code
        for number in range(14)
    ]
    assert answers.count(WAIT) >= 2, "a mailbox is not filled without end"
    assert own.post("/sign-in", data={"email": door.patient}).status_code == ON


def test_a_link_that_was_used_ends_the_others_on_their_way(door: Door) -> None:
    first, second = door.app.test_client(), door.app.test_client()
    for client in (first, second):
        client.post("/sign-in", data={"email": door.patient})
    code = door.newest_code()
    assert second.post("/sign-in/code", data={"email": door.patient, "code": code}).status_code == ON
    with door.database() as db:
        assert all(link.spent_at for link in db.exec(select(SignInLink)))
