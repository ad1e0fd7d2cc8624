"""A member of staff who signs in at their organisation, in one browser or several."""

import html
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife.database.sealing import Sealing
from backtolife.database.session import session_scope
from backtolife.people.models import Person
from backtolife.people.organisation import staying
from backtolife.people.organisation.here import BACK, PLACE
from backtolife.people.organisation.models import OrganisationAccount, OrganisationSignIn
from backtolife.people.organisation.provider import Provider
from backtolife.people.organisation.settings import OrganisationSettings
from backtolife.people.roles import roles_of
from tests.support.people.provider import CLIENT, SECRET, MadeUpProvider

GO = "/staff/sign-in/organisation"


class Stays(urllib.request.HTTPRedirectHandler):
    """Says where it is led, and does not go there."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class AtOrganisation:
    app: Flask
    provider: MadeUpProvider
    person: Person
    now: datetime
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()
        self.provider.clock = self.seconds

    def seconds(self) -> float:
        """The provider's clock, which is ours."""
        return self.now.timestamp()

    @property
    def ours(self) -> Provider:
        found = self.app.extensions[PLACE]
        assert isinstance(found, Provider)
        return found

    def use(self, **settings: Any) -> None:
        """The site is set to this provider, with these settings."""
        chosen = {"issuer": self.provider.url, "client_id": CLIENT, "name": "Leeds Hospital", "client_secret": SECRET}
        site = self.app.extensions["backtolife.settings"].public_url
        self.app.extensions[PLACE] = Provider(OrganisationSettings(**{**chosen, **settings}), site + BACK)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def go(self, browser: FlaskClient | None = None, door: str = GO) -> str:
        """Press the button; where the provider sends the browser back to, as a path."""
        answer = (browser or self.browser).get(door)
        assert answer.status_code == 302, answer.text
        asked = urllib.request.Request(answer.headers["Location"])
        try:
            urllib.request.build_opener(Stays).open(asked)
        except urllib.error.HTTPError as led:
            assert led.code == 302
            parts = urlsplit(led.headers["Location"])
            return f"{parts.path}?{parts.query}"
        raise AssertionError("The provider led nowhere.")

    def sign_in(self, browser: FlaskClient | None = None) -> tuple[int, str]:
        """All the way; the code, and where it led or what the page says."""
        return self.come_back(self.go(browser), browser)

    def come_back(self, path: str, browser: FlaskClient | None = None) -> tuple[int, str]:
        answer = (browser or self.browser).get(path)
        return answer.status_code, answer.headers.get("Location", "") or html.unescape(answer.text)

    def is_in(self, browser: FlaskClient | None = None) -> bool:
        return (browser or self.browser).get("/your-details").status_code == 200

    def ask_again(self) -> None:
        """One turn of the scheduler."""
        sealing = Sealing(self.app.extensions["backtolife.settings"].data_key)
        staying.ask_again(self.app.extensions["backtolife.engine"], self.ours, sealing, self.now)

    def accounts(self) -> list[OrganisationAccount]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return list(db.exec(select(OrganisationAccount)))

    def sign_ins(self) -> list[OrganisationSignIn]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return list(db.exec(select(OrganisationSignIn).order_by(OrganisationSignIn.checked_at)))  # type: ignore[arg-type]

    def roles(self) -> set[str]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            return {role.value for role in roles_of(db, db.get_one(Person, self.person.id))}

    def change(self, **fields: Any) -> None:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            person = db.get_one(Person, self.person.id)
            for name, value in fields.items():
                setattr(person, name, value)
