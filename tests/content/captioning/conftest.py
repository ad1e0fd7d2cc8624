"""A service whose first session shows a short video with captions."""

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.content import services
from backtolife.content.models import VideoPackage
from backtolife.content.packaging import incoming
from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Role
from tests.content.conftest import make_video
from tests.support.content.house import House, open_house

CAPTIONS = b"WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nHello there\n"


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("captioned") / "small.mp4", size="160x120", rate=5)


@pytest.fixture
def package(house: House, small: Path) -> VideoPackage:
    """Four seconds long."""
    videos = house.settings.videos_dir
    received = incoming.receive(videos, save=lambda path: path.write_bytes(small.read_bytes()), captions=CAPTIONS)
    staff = Actor(house.facilitator.id, house.service_id, frozenset({Role.FACILITATOR}))
    with session_scope(house.engine) as db:
        services.upload(
            db, actor=staff, session_number=1, title="A film", source=received.source,
            transcript="Hello there", now=clock.now(),
        )  # fmt: skip
    house.work()
    with Session(house.engine) as db:
        return db.exec(select(VideoPackage)).one()
