"""Staff passwords: what is too easy, what slows a guesser down and not the owner, and what nobody has to wait for."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Semaphore

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.people.limits.backoff import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, Backoff
from backtolife.people.limits.throttle import Throttle, TooOften, network_of
from backtolife.people.models import LinkPurpose, Person, Role
from backtolife.people.roles import give
from backtolife.people.signing_in import known_browser, password_request, password_signin, passwords, signin, step_up
from backtolife.people.signing_in.passwords import hash_password, is_easy
from tests.support.factories import Factory

PASSWORD = "lantern orchard pebble"
EASY = (
    "iloveyou1234",
    "nhs123456789",
    "qwertyuiop12",
    "Password12345",
    "P@ssw0rd1234!",
    "1qaz2wsx3edc",
    "liverpoolfc12",
    "Manchester2026",
    "Summer2026!!",
    "backtolife2026",
    "physiotherapy1",
    "hospital2026!",
    "abcabcabcabcabc",
    "welcome12345",
    "password-password",
)


@pytest.mark.parametrize("password", EASY)
def test_a_password_off_a_list_with_digits_behind_it_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="easy to guess"):
        hash_password(password)


@pytest.mark.parametrize(
    "password", ["sam.lantern@example.org", "samlantern2026", "sam.lantern!", "MidtownOrchard1", "Samantha Lantern1"]
)
def test_what_everybody_knows_of_somebody_is_no_password_of_theirs(password: str) -> None:
    own = ("sam.lantern@example.org", "Samantha Lantern", "Midtown Orchard", "NHS Midtown")
    with pytest.raises(Invalid, match="easy to guess"):
        hash_password(password, own)
    assert not is_easy("river copper window", own)


@pytest.mark.parametrize("password", [PASSWORD, "river copper window", "sunshine and rain", "x7Kq9mB2vLp4"])
def test_a_few_words_that_do_not_belong_together_are_taken(password: str) -> None:
    assert not is_easy(password)


def test_a_wait_grows_with_each_wrong_try_and_always_passes(now: datetime) -> None:
    tries, moment, waits = Backoff(), now, []
    for _ in range(5):
        tries.begin("sam", moment)
    for _ in range(12):
        asked = moment
        while True:
            try:
                tries.begin("sam", moment)
                break
            except TooOften:
                moment += timedelta(seconds=5)
        waits.append((moment - asked).total_seconds())
    assert waits[:4] == [10, 20, 40, 80]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT.total_seconds()
    tries.begin("somebody else", moment)


def test_a_clock_that_is_set_back_makes_nobody_wait(now: datetime) -> None:
    tries, links = Backoff(), Throttle(most=1, window=timedelta(minutes=15))
    tries.begin("sam", now + timedelta(hours=2))
    tries.begin("sam", now)
    assert links.allows("sam", now + timedelta(hours=2))
    assert links.allows("sam", now)


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_all_addresses_of_one_home_count_as_one_caller(address: str, stands_for: str) -> None:
    assert network_of(address) == stands_for


# Through the pages


@dataclass
class Desk:
    """A site with one facilitator who has a password."""

    app: Flask
    email: str

    def sign_in(self, password: str, address: str, client: FlaskClient | None = None) -> int:
        knocking = client or self.app.test_client()
        return knocking.post(
            "/staff/sign-in",
            data={"email": self.email, "password": password},
            environ_base={"REMOTE_ADDR": address},
        ).status_code

    def person(self) -> Person:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return db.exec(select(Person).where(Person.email == self.email)).one()


@pytest.fixture
def desk(site: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The clock stands still: a slow machine is not an attacker who waits."""
    monkeypatch.setattr(clock, "now", lambda: now)
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        person = make.person(make.service(), Role.FACILITATOR)
        person.password_hash = hash_password(PASSWORD)
        return Desk(site, person.email)


WRONG, WAIT, BUSY, IN = 400, 429, 503, 302


def test_eighty_wrong_tries_from_eighty_addresses_are_not_all_looked_at(desk: Desk) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: desk.sign_in("not it at all", f"192.0.2.{number}"), range(80)))
    assert (answers.count(WRONG), answers.count(WAIT)) == (FREE_TRIES, 80 - FREE_TRIES)


def test_a_password_that_nobody_had_time_to_look_at_counts_as_no_wrong_try(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crowded:
        crowded.setattr(passwords, "_queue", Semaphore(0))
        assert [desk.sign_in(PASSWORD, "192.0.2.7") for _ in range(8)] == [BUSY] * 8
    assert desk.sign_in(PASSWORD, "192.0.2.7") == IN


def test_an_address_that_nobody_has_is_slowed_down_just_the_same(desk: Desk) -> None:
    nobody = Desk(desk.app, "nobody@example.org")
    assert [nobody.sign_in("not it", f"192.0.2.{number}") for number in range(7)] == [WRONG] * 5 + [WAIT] * 2


def test_the_owner_gets_in_from_their_own_browser_while_others_are_made_to_wait(desk: Desk) -> None:
    own, strange = desk.app.test_client(), desk.app.test_client()
    assert desk.sign_in(PASSWORD, "198.51.100.1", own) == IN
    own.post("/sign-out")
    for number in range(8):
        desk.sign_in("not it at all", f"192.0.2.{number}", strange)
    assert desk.sign_in(PASSWORD, "198.51.100.2", strange) == WAIT
    assert desk.sign_in(PASSWORD, "198.51.100.1", own) == IN
    own.post("/sign-out")
    tries = [desk.sign_in("not it at all", "198.51.100.1", own) for _ in range(6)]
    assert tries == [WRONG] * 5 + [WAIT], "a stolen browser guesses no faster"


def test_after_the_wait_the_right_password_works_anywhere(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(FREE_TRIES):
        desk.sign_in("not it at all", f"192.0.2.{number}")
    page = desk.app.test_client().post("/staff/sign-in", data={"email": desk.email, "password": PASSWORD})
    assert (page.status_code, "Please wait 10 seconds" in page.text) == (WAIT, True)
    later = clock.now() + FIRST_WAIT
    monkeypatch.setattr(clock, "now", lambda: later)
    assert desk.sign_in(PASSWORD, "192.0.2.99") == IN


def test_the_next_person_at_the_computer_cannot_try_addresses_against_its_cookie(desk: Desk) -> None:
    client = desk.app.test_client()
    assert desk.sign_in(PASSWORD, "192.0.2.7", client) == IN
    cookie = client.get_cookie("known-browser")
    assert cookie is not None
    with desk.app.app_context():
        told = known_browser.serializer().loads(cookie.value)
    assert len(told["accounts"]) == 1
    assert not signin.digest(desk.email).startswith(told["accounts"][0])


def test_a_cookie_made_up_elsewhere_makes_no_browser_known(desk: Desk) -> None:
    forger = desk.app.test_client()
    forger.set_cookie("known-browser", '{"browser": "x", "accounts": []}')
    assert [desk.sign_in("not it", "192.0.2.1", forger) for _ in range(6)][-1] == WAIT
    assert desk.sign_in("not it", "192.0.2.2") == WAIT, "it was counted with everybody else"


def test_thirty_tries_from_one_home_are_enough_whatever_address_they_show(desk: Desk) -> None:
    callers = [f"2001:db8:1:2::{number:x}" for number in range(1, 33)]
    doors = [Desk(desk.app, f"guess{number}@example.org") for number in range(32)]
    answers = [door.sign_in("not it", caller) for door, caller in zip(doors, callers, strict=True)]
    assert answers == [WRONG] * 30 + [WAIT] * 2
    assert desk.sign_in(PASSWORD, "2001:db8:1:3::1") == IN


def test_a_whole_hospital_signs_in_from_one_address_and_only_what_is_wrong_counts(desk: Desk) -> None:
    assert [desk.sign_in(PASSWORD, "192.0.2.7") for _ in range(40)] == [IN] * 40
    doors = [Desk(desk.app, f"guess{number}@example.org") for number in range(31)]
    assert [door.sign_in("not it", "192.0.2.7") for door in doors] == [WRONG] * 30 + [WAIT]


def test_what_others_try_in_a_hospitals_network_keeps_nobody_out_of_their_own_browser(desk: Desk) -> None:
    own = desk.app.test_client()
    assert desk.sign_in(PASSWORD, "192.0.2.7", own) == IN
    own.post("/sign-out")
    for number in range(31):
        Desk(desk.app, f"guess{number}@example.org").sign_in("not it", "192.0.2.7")
    assert desk.sign_in(PASSWORD, "192.0.2.7") == WAIT
    assert desk.sign_in(PASSWORD, "192.0.2.7", own) == IN


def test_nobodys_save_waits_while_a_password_is_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every place that looks at one or makes a hash: signing in, choosing a new one, giving it once more."""
    engine, looked = desk.app.extensions["backtolife.engine"], []

    def beside() -> None:
        """Somebody else saves, and does not wait for it: half a second would be too long."""
        with session_scope(engine) as db:
            if engine.dialect.name == "sqlite":
                db.connection().exec_driver_sql("PRAGMA busy_timeout=500")
            person = db.exec(select(Person).where(Person.email == desk.email).with_for_update()).one()
            person.job = f"saved {len(looked)}"
        looked.append(engine.pool.checkedout())

    def slow(*given: str) -> bool:
        beside()
        return passwords.password_fits(*given)

    def slow_hash(password: str, own: Sequence[str]) -> str:
        beside()
        return hash_password(password, own)

    monkeypatch.setattr(password_signin, "password_fits", slow)
    monkeypatch.setattr(step_up, "password_fits", slow)
    monkeypatch.setattr(password_request, "hash_password", slow_hash)
    client = desk.app.test_client()
    assert desk.sign_in(PASSWORD, "192.0.2.1", client) == IN
    with session_scope(engine) as db:
        person = db.exec(select(Person).where(Person.email == desk.email)).one()
        give(db, person=person, roles={Role.SERVICE_LEAD}, now=clock.now())
        token = signin.issue_link(db, person=person, purpose=LinkPurpose.PASSWORD_RESET, now=clock.now()).token
    form = {"password": PASSWORD, "file": "answers", "reason": "a test of the tests"}
    assert client.post("/results/download", data=form).status_code < 500
    assert client.post(f"/staff/reset/{token}", data={"password": "river copper window"}).status_code == IN
    assert looked == [0, 0, 0], "and it holds no connection meanwhile"
