"""A colleague is looked for on the list of staff."""

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


def test_a_search_that_finds_no_colleague_says_so(app: Flask) -> None:

    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        admin = make.person(make.service(), Role.ADMINISTRATOR, "Ada")
    browser = browser_of(app, admin)
    assert "Nobody fits" not in browser.post("/staff/find", data={"words": "ada"}).text
    assert "Nobody fits. Try a part of the name, or the job." in browser.post("/staff/find", data={"words": "zzz"}).text
