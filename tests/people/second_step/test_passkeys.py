"""Passkeys: added, used in place of password and code, and refused for every part that does not fit."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select
from structlog.testing import capture_logs

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.second_step.models import Passkey, PasskeyChallenge, RecoveryCode
from backtolife.people.second_step.passkeys import COPIED, REFUSED, STALE, UNKNOWN, site_of
from tests.support.people.authenticator import Device
from tests.support.people.phone import PASSWORD, Phone

PAGE = "/your-details/second-step"
DOOR = "/staff/sign-in/passkey"


def options(browser: FlaskClient, address: str) -> dict[str, Any]:
    answer = browser.post(f"{address}/options")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def prove(phone: Phone) -> None:
    assert phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD}).status_code == 302


def add(phone: Phone, device: Device, name: str = "Work laptop") -> tuple[int, str]:
    made = device.make(options(phone.browser, f"{PAGE}/passkeys"))
    answer = phone.browser.post(f"{PAGE}/passkeys", data={"name": name, "passkey_answer": made})
    return answer.status_code, answer.text


def knock(browser: FlaskClient, said: str) -> tuple[int, str]:
    answer = browser.post(DOOR, data={"passkey_answer": said})
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def has_passkey(phone: Phone) -> Device:
    device = Device()
    phone.give_password()
    prove(phone)
    assert add(phone, device)[0] == 200
    phone.browser.post("/sign-out")
    return device


def rows(phone: Phone) -> list[Passkey]:
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        return list(db.exec(select(Passkey)))


def test_a_passkey_is_added_with_a_name_and_lets_in_alone(phone: Phone, outgoing: Callable[[], list[str]]) -> None:
    phone.give_password()
    prove(phone)
    device = Device()
    status, page = add(phone, device)
    assert (status, len(re.findall(r"<li><code>", page))) == (200, 10)
    assert "Work laptop" in phone.browser.get(PAGE).text
    assert outgoing() == ["How you sign in was changed"]
    elsewhere = phone.app.test_client()
    elsewhere.get("/staff/sign-in?next=/tasks")
    assert knock(elsewhere, device.sign(options(elsewhere, DOOR))) == (302, "/tasks")
    assert phone.is_in(elsewhere)
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        found = db.exec(select(AuditEntry.detail).where(AuditEntry.action == "signed_in")).all()
        assert found == [{}, {"second": "passkey"}]


def test_nothing_of_passkeys_changes_before_the_password_was_given_again(phone: Phone) -> None:
    device = has_passkey(phone)
    assert knock(phone.browser, device.sign(options(phone.browser, DOOR)))[0] == 302
    assert phone.browser.post(f"{PAGE}/passkeys/options").status_code == 409
    for door in ("passkeys", f"passkeys/{rows(phone)[0].id}/remove"):
        assert phone.browser.post(f"{PAGE}/{door}").headers["Location"] == PAGE
    assert len(rows(phone)) == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "http://localhost.elsewhere.example"},
        {"origin": "http://localhost:9999"},
        {"site": "elsewhere.example"},
        {"verifies": False},
    ],
)
def test_a_key_for_another_site_or_that_verified_nobody_is_refused(phone: Phone, lie: dict[str, Any]) -> None:
    device = has_passkey(phone)
    for name, value in lie.items():
        setattr(device, name, value)
    said = device.sign(options(phone.browser, DOOR))
    with capture_logs() as lines:
        status, page = knock(phone.browser, said)
    assert (status, REFUSED in page) == (400, True)
    assert [line["what"] for line in lines if line["event"] == "security"] == ["passkey_refused"]
    assert not phone.is_in()
    phone.give_password()
    assert phone.browser.get("/staff/sign-in/code").status_code == 200


@pytest.mark.parametrize(
    "lie", [{"origin": "https://elsewhere.example"}, {"site": "other.example"}, {"verifies": False}]
)
def test_no_such_key_is_added_either(phone: Phone, lie: dict[str, Any]) -> None:
    phone.give_password()
    prove(phone)
    status, page = add(phone, Device(**lie))
    assert (status, REFUSED in page) == (400, True)
    assert not rows(phone)


def test_another_device_with_the_same_name_of_a_key_is_refused(phone: Phone) -> None:
    device = has_passkey(phone)
    other = Device(credential_id=device.credential_id, count=device.count)
    status, page = knock(phone.browser, other.sign(options(phone.browser, DOOR)))
    assert (status, REFUSED in page) == (400, True)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_count_that_is_not_past_the_one_before_is_refused_and_logged(phone: Phone, count: int) -> None:
    device = has_passkey(phone)
    assert knock(phone.browser, device.sign(options(phone.browser, DOOR), count=5))[0] == 302
    other = phone.app.test_client()
    said = device.sign(options(other, DOOR), count=count)
    with capture_logs() as lines:
        status, page = knock(other, said)
    assert (status, COPIED in page) == (400, True)
    told = [line for line in lines if line["event"] == "security"]
    assert [(line["what"], len(line["account"])) for line in told] == [("passkey_counted_back", 16)]
    assert not phone.is_in(other)
    assert rows(phone)[0].sign_count == 5


def test_a_key_that_does_not_count_goes_on_saying_nothing(phone: Phone) -> None:
    phone.give_password()
    prove(phone)
    device = Device(count=-1)
    assert add(phone, device)[0] == 200
    for _ in range(2):
        browser = phone.app.test_client()
        assert knock(browser, device.sign(options(browser, DOOR), count=0))[0] == 302


def test_a_challenge_has_one_answer_also_a_wrong_one_and_five_minutes(phone: Phone) -> None:
    device = has_passkey(phone)
    told = options(phone.browser, DOOR)
    with phone.browser.session_transaction() as cookie:
        kept = dict(cookie)
    said = device.sign(told)
    assert knock(phone.browser, said)[0] == 302
    for tried in (said, device.sign(told)):
        again = phone.app.test_client()
        with again.session_transaction() as cookie:
            cookie.update(kept)
        status, page = knock(again, tried)
        assert (status, STALE in page) == (400, True)
    other = phone.app.test_client()
    told = options(other, DOOR)
    with other.session_transaction() as cookie:
        kept = dict(cookie)
    assert knock(other, "{}")[0] == 400
    with other.session_transaction() as cookie:
        cookie.update(kept)
    assert STALE in knock(other, device.sign(told))[1], "the first answer, although wrong, has used it up"
    late = phone.app.test_client()
    told = options(late, DOOR)
    phone.later(minutes=5)
    assert STALE in knock(late, device.sign(told))[1]


def test_a_challenge_of_another_browser_or_for_another_end_is_refused(phone: Phone) -> None:
    device = has_passkey(phone)
    one, other = phone.app.test_client(), phone.app.test_client()
    told = options(one, DOOR)
    options(other, DOOR)
    assert REFUSED in knock(other, device.sign(told))[1]
    phone.give_password(one)
    assert knock(phone.app.test_client(), device.sign(told))[0] == 400


def test_challenges_that_are_over_are_swept_away(phone: Phone) -> None:
    for _ in range(3):
        options(phone.app.test_client(), DOOR)
    phone.later(minutes=6)
    options(phone.app.test_client(), DOOR)
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        assert len(db.exec(select(PasskeyChallenge)).all()) == 1


@pytest.mark.parametrize(
    "said",
    ["", "{}", "[]", "null", "x" * 100_000, "[" * 50_000, json.dumps({"id": 3}), json.dumps({"id": "no", "rawId": 1})],
)
def test_what_is_no_answer_of_a_device_is_refused_in_words(phone: Phone, said: str) -> None:
    has_passkey(phone)
    options(phone.browser, DOOR)
    status, page = knock(phone.browser, said)
    assert (status, REFUSED in page or UNKNOWN in page) == (400, True)


def test_half_an_answer_of_a_known_key_is_refused_in_words(phone: Phone) -> None:
    device = has_passkey(phone)
    whole = json.loads(device.sign(options(phone.browser, DOOR)))
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        options(phone.browser, DOOR)
        for wrong in (None, "", "AAAA", 7):
            half = {**whole, "response": {**whole["response"], part: wrong}}
            status, _ = knock(phone.browser, json.dumps(half))
            assert status == 400


def test_a_passkey_that_was_removed_opens_nothing_and_the_recovery_codes_go_with_the_last_way(phone: Phone) -> None:
    device = has_passkey(phone)
    assert knock(phone.browser, device.sign(options(phone.browser, DOOR)))[0] == 302
    prove(phone)
    gone = phone.browser.post(f"{PAGE}/passkeys/{rows(phone)[0].id}/remove", follow_redirects=True)
    assert "is removed" in gone.text
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        assert not db.exec(select(RecoveryCode)).all()
    other = phone.app.test_client()
    assert UNKNOWN in knock(other, device.sign(options(other, DOOR)))[1]


def test_the_last_way_stays_where_a_second_step_is_required(phone: Phone) -> None:
    phone.require()
    phone.give_password()
    assert add(phone, Device())[0] == 200
    assert phone.is_in(), "a passkey is a second step too"
    refused = phone.browser.post(f"{PAGE}/passkeys/{rows(phone)[0].id}/remove")
    assert (refused.status_code, "your last one" in refused.text) == (409, True)
    assert len(rows(phone)) == 1


def test_a_passkey_of_somebody_else_is_not_there(phone: Phone) -> None:
    from backtolife.people.models import Role, Service
    from tests.support.factories import Factory
    from tests.support.people.cookies import browser_of

    has_passkey(phone)
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, db.get_one(Person, phone.person.id).service_id)
        other = Factory(db, phone.now).person(service, Role.ADMINISTRATOR, "Sam")
        other.email, other.password_hash = "sam@example.org", db.get_one(Person, phone.person.id).password_hash
    browser = browser_of(phone.app, other)
    assert browser.post(f"{PAGE}/prove", data={"password": PASSWORD}).status_code == 302
    assert browser.post(f"{PAGE}/passkeys/{rows(phone)[0].id}/remove").status_code == 404
    assert len(rows(phone)) == 1


@pytest.mark.parametrize(
    ("address", "takes"),
    [("https://back.example.org", True), ("http://localhost:8000", True), ("http://127.0.0.1:8000", False)],
)
def test_no_passkey_is_offered_where_no_browser_makes_one(address: str, takes: bool) -> None:
    assert site_of(address).takes_passkeys is takes
