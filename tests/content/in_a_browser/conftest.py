"""The application with a film in it, and a real Chromium in front of it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backtolife import app as application
from backtolife import clock
from backtolife.config import Settings
from backtolife.content import services
from backtolife.content.packaging import incoming
from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from tests.content.conftest import make_video
from tests.content.in_a_browser.looking import WORDS
from tests.support.browser import chromium as running_chromium
from tests.support.content.house import House, open_house

SECONDS = 90
CAPTIONS = f"WEBVTT\n\n00:00:00.000 --> 00:01:30.000\n{WORDS}\n".encode()


@pytest.fixture
def app(settings: Settings, sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The whole application as people meet it: forms need their token here."""
    shutil.copy(sqlite_template, tmp_path / "test.db")
    flask = application.create_app(settings)
    yield flask
    flask.extensions["backtolife.engine"].dispose()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application's address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film")
    return make_video(folder / "film.mp4", seconds=SECONDS, size="320x180", rate=5)


@pytest.fixture
def house(app: Flask) -> House:
    return open_house(app)


@pytest.fixture
def showing(house: House, film: Path) -> House:
    """Session 1's video can be watched, with captions."""
    received = incoming.receive(
        house.settings.videos_dir, save=lambda path: path.write_bytes(film.read_bytes()), captions=CAPTIONS
    )
    staff = Actor(house.facilitator.id, house.service_id, frozenset({Role.FACILITATOR}))
    with session_scope(house.engine) as db:
        services.upload(
            db, actor=staff, session_number=1, title="A film", source=received.source, transcript="", now=clock.now()
        )
    house.work()
    return house


@pytest.fixture
def opened(chromium: Browser, site: str, house: House) -> Iterator[Callable[..., Page]]:
    """Opens an address as somebody on a device; a script error anywhere fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(person: Person, address: str, **device: object) -> Page:
        context = chromium.new_context(**device)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_cookies([{"name": "backtolife", "value": house.cookie(person), "url": site}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(site + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
