"""One member of staff with an account in each of two services, their browsers, and a clock that is moved by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.database.sealing import Sealing
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Service, SignedIn
from backtolife.people.second_step import app_codes
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import others_of
from backtolife.people.signing_in.linked.linking import join
from tests.support.people.cookies import browser_of

PASSWORDS = {"north": "lantern orchard pebble", "south": "velvet anchor thimble", "mallory": "marble cactus violin"}


@dataclass
class TwoServices:
    """`people`: grace of the north and grace of the south, with others of both services."""

    app: Flask
    people: dict[str, Person]
    now: datetime
    browser: FlaskClient = field(init=False)
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    @contextmanager
    def db(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    @property
    def sealing(self) -> Sealing:
        return Sealing(self.app.extensions["backtolife.settings"].data_key)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def require(self) -> None:
        """From now on the installation asks all staff for a second step."""
        before = self.app.extensions["backtolife.settings"]
        self.app.extensions["backtolife.settings"] = replace(before, second_step_required=True)

    def has_app(self, name: str) -> None:
        self.secrets[name] = app_codes.new_secret()
        with self.db() as db:
            person = db.get_one(Person, self.people[name].id)
            app_codes.keep(db, person=person, secret=self.secrets[name], step=0, sealing=self.sealing, now=self.now)

    def code(self, name: str) -> str:
        return pyotp.TOTP(self.secrets[name]).at(self.now)

    def are_joined(self) -> None:
        """They were joined before, without the pages."""
        with self.db() as db:
            join(db, [db.get_one(Person, self.people[name].id) for name in ("north", "south")], [], self.now)

    def joined(self, name: str = "north") -> bool:
        with self.db() as db:
            return bool(others_of(db, self.people[name].id))

    def password(self, name: str, browser: FlaskClient | None = None) -> str:
        """Give it on the sign-in page. Returns where they are led."""
        given = {"email": self.people[name].email, "password": PASSWORDS[name]}
        answer = (browser or self.browser).post("/staff/sign-in", data=given)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def sign_in(self, name: str, browser: FlaskClient | None = None) -> str:
        """Password, and the code of the app where there is one. Returns where they are led."""
        browser = browser or self.browser
        led_to = self.password(name, browser)
        if name in self.secrets:
            answer = browser.post("/staff/sign-in/code", data={"app_code": self.code(name)})
            assert answer.status_code == 302, answer.text
            led_to = answer.headers["Location"]
        return led_to

    def prove(self, name: str = "north") -> None:
        answer = self.browser.post("/your-details/services/prove", data={"password": PASSWORDS[name]})
        assert answer.status_code == 302, answer.text

    def join_by_password(self, name: str = "south") -> tuple[int, str]:
        """Give the other account's password on the page. Returns the status, and where they are led or the page."""
        given = {"email": self.people[name].email, "password": PASSWORDS[name]}
        answer = self.browser.post("/your-details/services/other", data=given)
        return answer.status_code, answer.headers.get("Location", "") or answer.text

    def change(self, name: str, browser: FlaskClient | None = None) -> tuple[int, str]:
        answer = (browser or self.browser).post("/your-services/change", data={"account": self.people[name].id})
        return answer.status_code, answer.headers.get("Location", "") or answer.text

    def works_as(self, browser: FlaskClient | None = None) -> str:
        """Whose sign-in this browser holds: a name of `people`; empty for nobody."""
        with (browser or self.browser).session_transaction() as cookie:
            token = cookie.get("signed_in", "")
        return self.owner_of(token)

    def owner_of(self, token: str) -> str:
        with self.db() as db:
            found = signin.find_signed_in(db, token=token, now=self.now)
        return next((name for name, each in self.people.items() if found and each.id == found[1].id), "")

    def signed_in_as(self, name: str) -> FlaskClient:
        return browser_of(self.app, self.people[name])

    def open_ones(self, name: str) -> list[SignedIn]:
        """Their sign-ins that have not ended, oldest first."""
        with self.db() as db:
            wanted = select(SignedIn).where(
                SignedIn.person_id == self.people[name].id, col(SignedIn.ended_at).is_(None)
            )
            return list(db.exec(wanted.order_by(col(SignedIn.started_at))))

    def audit(self, name: str, *actions: str) -> list[AuditEntry]:
        """What the log of this person's service says of these actions, oldest first."""
        with self.db() as db:
            wanted = select(AuditEntry).where(
                AuditEntry.service_id == self.people[name].service_id, col(AuditEntry.action).in_(actions)
            )
            return list(db.exec(wanted.order_by(col(AuditEntry.number))))

    def subjects(self, name: str) -> list[str]:
        """Of what waits to be sent to them."""
        with self.db() as db:
            wanted = select(OutgoingMessage.subject).where(OutgoingMessage.person_id == self.people[name].id)
            return list(db.exec(wanted))

    def service(self, name: str) -> Service:
        with self.db() as db:
            return db.get_one(Service, self.people[name].service_id)
