"""A browser's cookie, signed as the site signs it, and browsers that have one."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.signing_in import signin


def cookie_of(app: Flask, holds: dict[str, Any]) -> str:
    """`name=value`, for a Cookie header."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(holds)}"


def browser_of(app: Flask, person: Person) -> FlaskClient:
    """A browser in which this person is signed in."""
    browser = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        token = signin.begin(db, person=person, now=clock.now())
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    return browser
