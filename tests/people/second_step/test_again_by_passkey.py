"""A passkey shows once more that it is you, before something grave."""

from html import unescape

from flask.testing import FlaskClient
from sqlmodel import col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Role, Service
from backtolife.people.sign_in_pages.again import NOT_YOURS
from backtolife.people.signing_in.step_up import FRESH
from tests.people.second_step.test_passkeys import DOOR, has_passkey, knock, options
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of
from tests.support.people.phone import Phone

HERE = "/show-it-is-you"


def show(browser: FlaskClient, said: str) -> tuple[int, str]:
    answer = browser.post(f"{HERE}/passkey", data={"passkey_answer": said})
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def asks(phone: Phone, browser: FlaskClient) -> bool:
    """Whether a page that gives a file with names still asks who it is."""
    page = browser.get(f"/staff/people/{phone.person.id}/looks")
    assert page.status_code == 200
    return 'name="password"' in page.text


def looked(phone: Phone) -> None:
    """Something stands on the page of looks, so that there is a file to take."""
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        cohort = make.cohort(db.get_one(Service, phone.person.service_id))
        group = cohort.id
    phone.browser.get(f"/groups/{group}", buffered=True)


def test_a_passkey_shows_it_for_ten_minutes_and_leads_back(phone: Phone) -> None:
    device = has_passkey(phone)
    knock(phone.browser, device.sign(options(phone.browser, DOOR)))
    looked(phone)
    assert asks(phone, phone.browser)
    assert "Use your passkey" in phone.browser.get(f"{HERE}?next=/results").text
    said = device.sign(options(phone.browser, f"{HERE}/passkey"))
    assert show(phone.browser, said) == (302, "/results")
    assert not asks(phone, phone.browser)
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        row = db.exec(
            select(AuditEntry).where(AuditEntry.action == "signed_in_again").order_by(col(AuditEntry.number))
        ).all()[-1]
    assert row.detail == {"way": "passkey"}
    phone.now += FRESH
    assert asks(phone, phone.browser)


def test_what_was_signed_counts_once_and_for_this_sign_in_alone(phone: Phone) -> None:
    device = has_passkey(phone)
    knock(phone.browser, device.sign(options(phone.browser, DOOR)))
    said = device.sign(options(phone.browser, f"{HERE}/passkey"))
    elsewhere = browser_of(phone.app, phone.person)
    options(elsewhere, f"{HERE}/passkey")
    assert show(elsewhere, said)[0] == 400
    to_sign_in = device.sign(options(phone.browser, DOOR))
    assert show(phone.browser, to_sign_in)[0] == 400, "signing in is another question"


def test_somebody_elses_passkey_does_not_count(phone: Phone) -> None:
    device = has_passkey(phone)
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        other = make.person(db.get_one(Service, phone.person.service_id), Role.FACILITATOR, "Other")
    browser = browser_of(phone.app, other)
    status, page = show(browser, device.sign(options(browser, f"{HERE}/passkey")))
    assert (status, unescape(page).count(NOT_YOURS) == 1) == (400, True)


def test_it_leads_nowhere_but_to_pages_of_ours(phone: Phone) -> None:
    device = has_passkey(phone)
    knock(phone.browser, device.sign(options(phone.browser, DOOR)))
    phone.browser.get(f"{HERE}?next=//elsewhere.example/")
    assert show(phone.browser, device.sign(options(phone.browser, f"{HERE}/passkey"))) == (302, "/")
