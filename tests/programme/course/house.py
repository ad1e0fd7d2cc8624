"""A service whose facilitator does the course."""

import re
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from backtolife import clock
from backtolife.audit.entries import AuditEntry
from backtolife.content.models import PackageState, VideoPackage
from backtolife.content.services import adopt_scripts
from backtolife.database.session import new_id, session_scope
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.sessions.rehearsals.models import Rehearsal
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of

BOX = re.compile(r'name="done" type="checkbox" value="([0-9a-f]{64})"( checked)?')


@dataclass
class House:
    """A service with nine videos, a facilitator who has done nothing yet, a lead, an administrator and a patient."""

    app: Flask
    service: Service
    tom: Person
    grace: Person
    facilitator: FlaskClient
    lead: FlaskClient
    admin: FlaskClient
    patient: FlaskClient

    def page(self) -> str:
        return " ".join(self.facilitator.get("/course").text.split())

    def boxes(self, step: str) -> list[tuple[str, bool]]:
        """The digest of each part of a step, and whether it is ticked."""
        part = self.page().split(f'id="{step}"')[1].split("</form>")[0]
        return [(digest, bool(checked)) for digest, checked in BOX.findall(part)]

    def tick(self, step: str, *digests: str) -> str:
        return self.facilitator.post(f"/course/{step}", data={"done": list(digests)}, follow_redirects=True).text

    def tick_all(self) -> None:
        for step in ("read", "watch"):
            self.tick(step, *(digest for digest, _ in self.boxes(step)))

    def rehearse(self, minutes: int = 25) -> None:
        began = clock.now() - timedelta(days=1)
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            db.add(
                Rehearsal(
                    service_id=self.service.id,
                    person_id=self.tom.id,
                    stage_id=new_id(),
                    group_session_id=new_id(),
                    number=3,
                    started_at=began,
                    ends_at=began + timedelta(hours=2),
                    ended_at=began + timedelta(minutes=minutes),
                )
            )

    def sign(self, name: str = "Tom Example") -> int:
        found = re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', self.page())
        digest = found.group(1) if found else ""
        return self.facilitator.post("/course/sign", data={"name": name, "digest": digest}).status_code

    def do_it_all(self) -> None:
        self.tick_all()
        self.rehearse()
        assert self.sign() == 302

    def noted(self) -> list[str]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            found = db.exec(select(AuditEntry).order_by(col(AuditEntry.number)))
            return [each.action for each in found if each.action.startswith("course")]


def house_of(app: Flask) -> House:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        for video in adopt_scripts(db, service=service, actor=System("test", service.id), now=clock.now()):
            for package in db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)):
                package.state = PackageState.READY
        tom = make.person(service, Role.FACILITATOR, "Tom")
        lead = make.person(service, Role.CLINICAL_LEAD, "Grace")
        admin = make.person(service, Role.ADMINISTRATOR, "Sam", also=[Role.SERVICE_LEAD])
        patient = make.person(service, name="Linda")
    browsers = [browser_of(app, each) for each in (tom, lead, admin, patient)]
    return House(app, service, tom, lead, *browsers)
