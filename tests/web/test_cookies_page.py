"""The page on cookies names every cookie that we leave with a browser, and no other."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import LinkPurpose, Role
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.passwords import hash_password
from tests.support.factories import Factory

PASSWORD = "lantern orchard pebble"


def left_with_a_browser(app: Flask) -> Iterator[str]:
    """The name of each cookie: a patient signs in and has the device remembered, and a member of staff signs in."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        patient, staff = make.person(service), make.person(service, Role.FACILITATOR)
        staff.password_hash = hash_password(PASSWORD)
        link = signin.issue_link(db, person=patient, purpose=LinkPurpose.SIGN_IN, now=clock.now()).token
        address = staff.email
    for steps in (
        (("/sign-in", {}), (f"/link/{link}", {"remember": "y"}), ("/", {}), ("/sign-out", {})),
        (("/staff/sign-in", {"email": address, "password": PASSWORD}), ("/", {}), ("/sign-out", {})),
    ):
        client = app.test_client()
        for path, data in steps:
            answer = client.post(path, data=data) if data or path == "/sign-out" else client.get(path)
            assert answer.status_code in (200, 302), (path, answer.status_code)
            for header in answer.headers.getlist("Set-Cookie"):
                yield from SimpleCookie(header)


def test_the_page_names_every_cookie_that_is_left_and_no_other(app: Flask) -> None:
    page = app.test_client().get("/cookies").text
    assert set(re.findall(r"<code>([^<]+)</code>", page)) == set(left_with_a_browser(app))
    assert "We use three." in page
