"""A service without videos says so to whoever can see to it, until every session has one."""

from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.content.models import PackageKind, PackageState, Video, VideoPackage
from backtolife.database.session import session_scope
from backtolife.people.models import Role, Service
from backtolife.people.signing_in import signin
from tests.support.factories import Factory

SAYS = "9 sessions have no video"


class Homes:
    """The home page as each member of staff of one new service reads it."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.engine, self.client, self.numbers = app.extensions["backtolife.engine"], client, count(1)
        with session_scope(self.engine) as db:
            self.service_id = Factory(db, clock.now()).service().id

    def read(self, role: Role) -> str:
        with session_scope(self.engine) as db:
            make = Factory(db, clock.now())
            make.numbers = self.numbers
            person = make.person(db.get_one(Service, self.service_id), role)
            token = signin.begin(db, person=person, now=clock.now())
        with self.client.session_transaction() as cookie:
            cookie["signed_in"] = token
        return self.client.get("/", headers={"Accept": "text/html"}).text

    def add(self, number: int, state: PackageState) -> None:
        with session_scope(self.engine) as db:
            video = Video(service_id=self.service_id, key=f"v{number}", session_number=number, title="A video")
            db.add(video)
            db.flush()
            given = {"kind": PackageKind.UPLOAD, "state": state, "requested_by": "test", "requested_at": clock.now()}
            db.add(VideoPackage(service_id=self.service_id, video_id=video.id, **given))


@pytest.fixture
def homes(app: Flask, client: FlaskClient) -> Homes:
    return Homes(app, client)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CLINICAL_LEAD])
def test_who_can_add_videos_reads_that_there_are_none_with_the_way_to_add_them(homes: Homes, role: Role) -> None:
    page = homes.read(role)
    assert SAYS in page
    assert "Add the videos" in page
    assert 'href="/videos/manage"' in page


def test_who_leads_reads_whom_to_ask_and_a_facilitator_is_not_troubled(homes: Homes) -> None:
    page = homes.read(Role.SERVICE_LEAD)
    assert SAYS in page
    assert "Add the videos" not in page
    assert SAYS not in homes.read(Role.FACILITATOR)


def test_only_what_can_be_watched_counts_as_a_video(homes: Homes) -> None:
    for number in range(1, 9):
        homes.add(number, PackageState.READY)
    homes.add(9, PackageState.FAILED)
    assert "Session 9 has no video" in homes.read(Role.ADMINISTRATOR)


def test_nothing_is_said_once_every_session_has_one(homes: Homes) -> None:
    for number in range(1, 10):
        homes.add(number, PackageState.PLAYABLE)
    assert "no video" not in homes.read(Role.ADMINISTRATOR)


def test_those_that_are_being_made_are_told_apart_from_those_that_nobody_asked_for(homes: Homes) -> None:
    for number in range(1, 8):
        homes.add(number, PackageState.READY)
    homes.add(8, PackageState.WAITING)
    page = homes.read(Role.ADMINISTRATOR)
    assert "2 sessions have no video yet" in page
    assert "1 is being made now." in " ".join(page.split())
    homes.add(9, PackageState.PACKAGING)
    page = homes.read(Role.ADMINISTRATOR)
    assert "All of them are being made now." in " ".join(page.split())
    assert "See how far they are" in page


def test_nobody_is_sent_to_ask_for_videos_that_are_all_being_made(homes: Homes) -> None:
    for number in range(1, 9):
        homes.add(number, PackageState.READY)
    assert "Ask an administrator" in homes.read(Role.SERVICE_LEAD)
    homes.add(9, PackageState.PACKAGING)
    assert "Ask an administrator" not in homes.read(Role.SERVICE_LEAD)
