"""An address that does not exist: the page that says so leads back to where somebody is at home."""

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
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
