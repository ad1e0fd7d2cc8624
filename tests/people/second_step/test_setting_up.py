"""Setting up an app under one's details; where it is required, nothing else opens before."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import SignedIn
from backtolife.people.second_step.models import Authenticator
from backtolife.people.second_step.services import WRONG_CODE
from tests.support.people.phone import PASSWORD, Phone

PAGE = "/your-details/second-step"


def sign_in(phone: Phone) -> None:
    assert phone.give_password() == "/"


def save(phone: Phone, code: str) -> tuple[int, str]:
    answer = phone.browser.post(f"{PAGE}/app", data={"app_code": code})
    return answer.status_code, answer.text


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code></li>", page)


def test_nothing_changes_before_the_password_was_given_again(phone: Phone) -> None:
    sign_in(phone)
    assert phone.browser.get(f"{PAGE}/app").headers["Location"] == PAGE
    for door in ("app", "recovery-codes", "app/remove"):
        assert phone.browser.post(f"{PAGE}/{door}", data={"app_code": "123456"}).headers["Location"] == PAGE
    wrong = phone.browser.post(f"{PAGE}/prove", data={"password": "not it"})
    assert (wrong.status_code, "not your password" in wrong.text) == (400, True)
    assert phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD}).status_code == 302
    assert phone.browser.get(f"{PAGE}/app").status_code == 200


def test_the_app_is_set_up_with_ten_codes_that_are_shown_once(phone: Phone, outgoing: Callable[[], list[str]]) -> None:
    sign_in(phone)
    elsewhere = phone.app.test_client()
    phone.give_password(elsewhere)
    phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD})
    phone.reads_key()
    status, page = save(phone, phone.shows(ago=timedelta(minutes=10)))
    assert (status, WRONG_CODE in page) == (400, True)
    status, page = save(phone, phone.shows())
    codes = codes_on(page)
    assert (status, len(set(codes))) == (200, 10)
    assert not any(code in phone.browser.get(PAGE).text for code in codes)
    assert "10 left" in phone.browser.get(PAGE).text
    assert outgoing() == ["How you sign in was changed"]
    assert not phone.is_in(elsewhere), "who came in by the password alone is out"
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "second_step_set_up")).one()
        assert (entry.actor_id, entry.detail) == (phone.person.id, {"way": "app"})
    assert phone.give_password(elsewhere) == "/staff/sign-in/code"
    assert phone.give_code(phone.shows(), elsewhere)[0] == 400, "the code that set it up is used"
    assert phone.give_recovery(codes[7], elsewhere)[0] == 302


def test_two_tabs_of_one_browser_show_the_same_key(phone: Phone) -> None:
    sign_in(phone)
    phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD})
    phone.reads_key()
    first = phone.secret
    phone.reads_key()
    assert phone.secret == first
    assert save(phone, phone.shows())[0] == 200
    phone.later(seconds=30)
    status, page = save(phone, phone.shows())
    assert (status, WRONG_CODE in page) == (400, True), "the second tab stands over a new key by now"
    phone.reads_key()
    assert phone.secret != first


def test_the_picture_needs_nothing_from_elsewhere_and_no_inline_style(phone: Phone) -> None:
    sign_in(phone)
    phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD})
    page = phone.browser.get(f"{PAGE}/app").text
    figure = page[page.index('<figure class="btl-qr">') : page.index("</figure>")]
    picture = figure[figure.index("<svg") : figure.index("</svg>")]
    assert "<path" in picture
    assert "style" not in picture
    assert "http" not in picture


def test_new_codes_end_the_ones_before(phone: Phone) -> None:
    before = phone.has_app()
    phone.give_password()
    phone.give_code(phone.shows())
    phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD})
    after = codes_on(phone.browser.post(f"{PAGE}/recovery-codes").text)
    assert len(after) == 10
    other = phone.app.test_client()
    phone.give_password(other)
    assert phone.give_recovery(before[0], other)[0] == 400
    assert phone.give_recovery(after[0], other)[0] == 302


def test_the_app_comes_off_where_nobody_requires_it_and_stays_where_somebody_does(phone: Phone) -> None:
    phone.has_app()
    phone.give_password()
    phone.give_code(phone.shows())
    phone.browser.post(f"{PAGE}/prove", data={"password": PASSWORD})
    before = phone.app.extensions["backtolife.settings"]
    phone.require()
    assert "Take the app off" not in phone.browser.get(PAGE).text
    assert phone.browser.post(f"{PAGE}/app/remove").status_code == 409
    phone.app.extensions["backtolife.settings"] = before
    assert phone.browser.post(f"{PAGE}/app/remove").status_code == 302
    assert phone.give_password(phone.app.test_client()) == "/"


def test_where_it_is_required_nothing_else_opens_before_it_is_set_up(phone: Phone) -> None:
    phone.require()
    phone.browser.get("/staff/sign-in?next=/tasks")
    assert phone.give_password() == PAGE
    for address in ("/", "/your-details", "/tasks", "/patients"):
        answer = phone.browser.get(address, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE), address
    assert phone.browser.get("/drafts?address=/", headers={"Accept": "application/json"}).status_code == 403
    refused = phone.browser.post("/your-details", data={"shown_name": "Grace", "phone": ""})
    assert (refused.status_code, "second step first" in refused.text) == (403, True)
    page = phone.browser.get(PAGE).text
    assert "Your service asks for a second step" in page
    assert "Safety tasks" not in page, "no menu of pages that do not open"
    elsewhere = phone.app.test_client()
    assert phone.give_password(elsewhere) == PAGE
    phone.reads_key()
    status, page = save(phone, phone.shows())
    assert (status, len(codes_on(page))) == (200, 10)
    assert 'href="/tasks"' in page
    assert phone.browser.get("/tasks").status_code == 200
    assert elsewhere.get(PAGE).status_code == 403, "nobody else sets up another one with the password alone"
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        assert [each.sets_up_only for each in db.exec(select(SignedIn)) if each.ended_at is None] == [False]
        assert len(db.exec(select(Authenticator)).all()) == 1


def test_a_patient_is_asked_for_no_second_step(phone: Phone) -> None:
    from backtolife.people.models import Person, Role, Service
    from tests.support.factories import Factory
    from tests.support.people.cookies import browser_of

    phone.require()
    with session_scope(phone.app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, db.get_one(Person, phone.person.id).service_id)
        patient = Factory(db, phone.now).person(service, Role.PATIENT, "Mei")
        patient.email = "mei@example.org"
    browser = browser_of(phone.app, patient)
    assert browser.get("/your-details").status_code == 200
    assert browser.get(PAGE).status_code == 403
