"""A shared computer at a clinic: who sits at it, what they send from it, and what they are given back."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from backtolife.people.drafts import late_forms
from backtolife.people.models import Person

PASSWORD = "lantern orchard pebble"
HERE = {"Origin": "http://localhost", "Accept": "text/html"}
WORDS = {"shown_name": "Ann, who leads on Tuesdays", "phone": "07700 900123", "channel": "email"}


@dataclass
class Desk:
    """A shared computer, two members of staff, and a clock that is moved by hand."""

    app: Flask
    browser: FlaskClient
    ann: Person
    bob: Person
    now: datetime

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def sign_in(self, person: Person) -> str:
        answer = self.browser.post("/staff/sign-in", data={"email": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def send(self, path: str = "/your-details", headers: dict[str, str] | None = None, **more: str) -> tuple[int, str]:
        told = {"Referer": f"http://localhost{path}", **HERE, **(headers or {})}
        answer = self.browser.post(path, data={**WORDS, **more}, headers=told)
        return answer.status_code, answer.headers.get("Location", "")

    def mark(self, person: Person) -> str:
        """What a page made for this person now says about whose words are typed on it."""
        with self.app.test_request_context():
            return late_forms.mark_of(person.id)

    def break_saving(self) -> None:
        """From now on saving one's details fails, for a reason of ours."""

        def broken(**_: object) -> str:
            raise RuntimeError("no")

        broken.permission = "account.details"  # type: ignore[attr-defined]
        self.app.view_functions["details.save"] = broken

    def kept(self, path: str = "/your-details") -> dict[str, str]:
        """What whoever is signed in now is given back of the form."""
        found = self.browser.get("/drafts", query_string={"address": path}, headers={"Accept": "application/json"})
        assert found.status_code == 200
        return dict(json.loads(found.json[0]["fields"])) if found.json else {}
