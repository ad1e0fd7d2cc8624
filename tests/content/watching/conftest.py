"""A video that plays, and whoever looks at its pages."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from backtolife.content.models import VideoPackage
from tests.content.conftest import make_video
from tests.support.content.house import House, open_house


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


@pytest.fixture
def patient(house: House) -> FlaskClient:
    return house.client(house.patient)


@pytest.fixture
def facilitator(house: House) -> FlaskClient:
    return house.client(house.facilitator)


def send(client: FlaskClient, data: bytes, *, session: int = 1, title: str = "A film", **files: bytes) -> TestResponse:
    form = {"session": str(session), "title": title, "video": (io.BytesIO(data), "film.mp4")}
    form |= {name: (io.BytesIO(words), f"{name}.vtt") for name, words in files.items()}
    return client.post("/videos/manage", data=form, content_type="multipart/form-data")


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small enough that the test client keeps the upload in memory."""
    return make_video(tmp_path_factory.mktemp("small") / "small.mp4", size="320x240", rate=10)


@pytest.fixture
def playing(house: House, facilitator: FlaskClient, video: Path) -> VideoPackage:
    """Session 1 shows a video that a facilitator uploaded through the page."""
    captions = b"WEBVTT\n\n00:00:00.500 --> 00:00:03.000\nHello there\n"
    assert send(facilitator, video.read_bytes(), captions=captions).status_code == 302
    house.work()
    with Session(house.engine) as db:
        return db.exec(select(VideoPackage)).one()
