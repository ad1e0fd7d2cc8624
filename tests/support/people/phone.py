"""A member of staff at the door, with their password and the app on their phone."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from backtolife.database.sealing import Sealing
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.second_step import app_codes, recovery_codes

PASSWORD = "lantern orchard pebble"


@dataclass
class Phone:
    """Their app, their browser, and a clock that is moved by hand."""

    app: Flask
    person: Person
    now: datetime
    secret: str = ""
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def require(self) -> None:
        """From now on the installation asks all staff for a second step."""
        before = self.app.extensions["backtolife.settings"]
        self.app.extensions["backtolife.settings"] = replace(before, second_step_required=True)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def shows(self, ago: timedelta = timedelta(0)) -> str:
        """What the app shows now, or showed a while ago."""
        return pyotp.TOTP(self.secret).at(self.now - ago)

    def has_app(self) -> list[str]:
        """The app is set up, without the pages. Returns recovery codes."""
        self.secret = app_codes.new_secret()
        sealing = Sealing(self.app.extensions["backtolife.settings"].data_key)
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            person = db.get_one(Person, self.person.id)
            app_codes.keep(db, person=person, secret=self.secret, step=0, sealing=sealing, now=self.now)
            return recovery_codes.new_codes(db, person=person, sealing=sealing, now=self.now)

    def give_password(self, browser: FlaskClient | None = None) -> str:
        """Returns where they are led."""
        given = {"email": self.person.email, "password": PASSWORD}
        answer = (browser or self.browser).post("/staff/sign-in", data=given)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def give_code(self, code: str, browser: FlaskClient | None = None) -> tuple[int, str]:
        answer = (browser or self.browser).post("/staff/sign-in/code", data={"app_code": code})
        return answer.status_code, answer.headers.get("Location", "") or answer.text

    def give_recovery(self, code: str, browser: FlaskClient | None = None) -> tuple[int, str]:
        answer = (browser or self.browser).post("/staff/sign-in/recovery", data={"recovery": code})
        return answer.status_code, answer.headers.get("Location", "") or answer.text

    def is_in(self, browser: FlaskClient | None = None) -> bool:
        return (browser or self.browser).get("/your-details").status_code == 200

    def reads_key(self) -> None:
        """They type the key of the page into their app."""
        page = self.browser.get("/your-details/second-step/app").text
        found = re.search(r'<p class="btl-key"><code>([A-Z2-7 ]+)</code>', page)
        assert found is not None, page
        self.secret = found[1].replace(" ", "")
