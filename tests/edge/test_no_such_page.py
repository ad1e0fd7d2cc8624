"""An address that does not exist: the page that says so leads back to where somebody is at home."""

import re

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Clashes
from backtolife.people.models import Role
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


def test_a_wrong_address_leads_somebody_signed_in_back_home(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        lead = make.person(make.service(), Role.CLINICAL_LEAD)
    page = browser_of(app, lead).get("/no-such-page")
    assert (page.status_code, "Go to your home page" in " ".join(page.text.split())) == (404, True)
    assert "Go to sign in" in " ".join(app.test_client().get("/no-such-page").text.split())


def test_each_reason_why_something_cannot_be_stands_on_a_line_of_its_own(app: Flask) -> None:
    def refuse() -> str:
        raise Clashes(["Linda is in Group A then.", "Tom is away that day."])

    app.add_url_rule("/test/refused", "test_refused", refuse)
    answer = app.test_client().get("/test/refused")
    lines = re.findall(r"<li>([^<]*)</li>", answer.text)
    assert (answer.status_code, lines) == (409, ["Linda is in Group A then.", "Tom is away that day."])
