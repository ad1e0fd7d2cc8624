"""Passkeys of somebody who works for two services: joining, signing in, and showing once more that it is them."""

from typing import Any

from flask.testing import FlaskClient

from tests.support.people.authenticator import Device
from tests.support.people.two_services import PASSWORDS, TwoServices

CODE, AGAIN, OWN = "/your-services/code", "/show-it-is-you", "/your-details/second-step"


def options(browser: FlaskClient, address: str) -> dict[str, Any]:
    answer = browser.post(f"{address}/options")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def press(browser: FlaskClient, device: Device, door: str) -> str:
    """Use the passkey at this door. Returns where it leads."""
    answer = browser.post(door, data={"passkey_answer": device.sign(options(browser, door))})
    return answer.headers.get("Location", "") or answer.text


def has_passkey(two: TwoServices, name: str) -> Device:
    """They add one in a browser of their own."""
    device, browser = Device(), two.app.test_client()
    two.sign_in(name, browser)
    browser.post(f"{OWN}/prove", data={"password": PASSWORDS[name]})
    made = device.make(options(browser, f"{OWN}/passkeys"))
    answer = browser.post(f"{OWN}/passkeys", data={"name": "Laptop", "passkey_answer": made})
    assert answer.status_code == 200, answer.text
    browser.post("/sign-out")
    two.later(seconds=1)
    return device


def test_the_passkey_of_the_other_service_joins_without_a_password(two: TwoServices) -> None:
    device = has_passkey(two, "south")
    two.sign_in("north")
    assert press(two.browser, device, f"{CODE}/passkey") == "/your-details/services"
    assert not two.joined(), "before they have shown that it is them"
    two.prove()
    assert press(two.browser, device, f"{CODE}/passkey") == "/your-details/services"
    assert two.joined()
    assert [each.detail["way"] for each in two.audit("south", "accounts_linked")] == ["passkey"]


def test_a_passkey_of_one_service_signs_in_and_the_other_one_can_be_chosen(two: TwoServices) -> None:
    device = has_passkey(two, "north")
    two.has_app("south")
    two.are_joined()
    assert press(two.browser, device, "/staff/sign-in/passkey") == "/your-services"
    assert two.change("south") == (302, "/")
    assert [each.second for each in two.open_ones("south")] == ["passkey"]


def test_a_passkey_answers_for_the_account_that_asks_and_for_no_colleagues(two: TwoServices) -> None:
    own, mallorys = has_passkey(two, "south"), has_passkey(two, "mallory")
    two.are_joined()
    two.sign_in("north")
    assert two.change("south") == (302, CODE)
    assert press(two.browser, mallorys, f"{CODE}/passkey") == CODE
    assert two.works_as() == "north"
    assert press(two.browser, own, f"{CODE}/passkey") == "/"
    assert two.works_as() == "south"


def test_the_passkey_of_the_one_account_shows_once_more_in_the_other_that_it_is_them(two: TwoServices) -> None:
    device = has_passkey(two, "north")
    two.are_joined()
    press(two.browser, device, "/staff/sign-in/passkey")
    two.change("south")
    assert "Sign in there" not in two.browser.get("/your-details/services").text
    assert "Use your passkey" in two.browser.get(AGAIN).text
    assert press(two.browser, device, f"{AGAIN}/passkey") == "/"
    assert "Sign in there" in two.browser.get("/your-details/services").text


def test_a_colleagues_passkey_shows_nothing(two: TwoServices) -> None:
    device = has_passkey(two, "mallory")
    two.are_joined()
    two.sign_in("north")
    two.change("south")
    assert "somebody else" in press(two.browser, device, f"{AGAIN}/passkey")
    assert "Sign in there" not in two.browser.get("/your-details/services").text
