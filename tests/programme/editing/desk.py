"""A service that writes its own programme, as its tests begin with it."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from backtolife import clock
from backtolife.people.models import Person, Service
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.editing.models import ProgrammeDraft
from backtolife.programme.plan.template import Programme


@dataclass
class Desk:
    """A service with a group that runs, a clinical lead who writes and a service lead who writes too."""

    app: Flask
    service: Service
    running: Cohort
    facilitator: Person
    lead: FlaskClient
    other: FlaskClient

    def db(self) -> Session:
        return Session(self.app.extensions["backtolife.engine"])

    def begin(self) -> str:
        return str(self.lead.post("/programme/versions/drafts", data={"version": ""}).location)

    def draft(self) -> ProgrammeDraft:
        with self.db() as db:
            return db.exec(select(ProgrammeDraft).order_by(col(ProgrammeDraft.begun_at).desc())).first()  # type: ignore[return-value]

    def plan_of(self, name: str) -> Programme:
        with self.db() as db:
            return programme_of(db, db.exec(select(Cohort).where(Cohort.name == name)).one())

    def new_group(self, name: str, programme: str) -> int:
        day = clock.now().date() + timedelta(days=7)
        given = {"name": name, "programme": programme, "schedule": "weekly", "first_day": day.isoformat()}
        given |= {"weekdays": str(day.weekday()), "wall_time": "15:00", "zone": "Europe/London", "capacity": "12"}
        given |= {"lead": self.facilitator.id, "spotter": ""}
        asked = self.other.post("/groups/new", data=given)
        anyway = re.search(r'name="anyway" value="([^"]*)"', asked.text)
        again = self.other.post("/groups/new", data=given | {"anyway": html.unescape(anyway[1]) if anyway else ""})
        return again.status_code


def fields(page: str) -> dict[str, str]:
    """What a browser would send for the form as it stands."""
    found = dict(re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"\s+selected', options)
        found[name] = chosen[1] if chosen else ""
    return {name: value.replace("&#39;", "'").replace("&#34;", '"') for name, value in found.items()}


def change(browser: FlaskClient, address: str, **typed: str) -> tuple[int, str]:
    answer = browser.post(address, data=fields(browser.get(address).text) | typed)
    return answer.status_code, answer.text
