"""Watching and uploading in a real Chromium, on a phone and on a desk."""

import io
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlmodel import Session, select
from werkzeug.serving import make_server

from backtolife import app as application
from backtolife import clock
from backtolife.config import Settings
from backtolife.content import incoming, services
from backtolife.content.models import VideoNote, Watching
from backtolife.db import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Person
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.browser import chromium as running_chromium
from tests.content.conftest import make_video
from tests.content.house import House, open_house

pytestmark = pytest.mark.browser
SECONDS = 90
FIRST_LATE_PART = 10
WORDS = "Hurt does not always mean harm"
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
    staff = Actor(house.facilitator.id, house.service_id, house.facilitator.role)
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


def watching(house: House) -> Watching | None:
    with Session(house.engine) as db:
        return db.exec(select(Watching)).first()


def until(true: Callable[[], bool], what: str) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.1)
    pytest.fail(f"{what} did not happen within 20 seconds")


def until_video(page: Page, claim: str) -> None:
    """Wait until `claim` about the video element holds. The page itself may not evaluate strings, we may."""
    until(lambda: bool(page.evaluate(f"((video) => video.{claim})(document.getElementById('video'))")), claim)


def plays_past(page: Page, seconds: float) -> None:
    until_video(page, f"currentTime > {seconds}")


def test_a_patient_watches_on_a_phone_and_comes_back_to_the_same_place(
    showing: House, opened: Callable[..., Page]
) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    page.get_by_role("button", name="Play", exact=True).tap()
    plays_past(page, 2)
    expect(page.locator("#caption")).to_have_text(WORDS)
    assert page.evaluate("document.getElementById('video').webkitAudioDecodedByteCount") > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert_accessible(page)
    page.get_by_label("Place in the video").fill("60")
    plays_past(page, 63)
    page.get_by_role("button", name="Pause", exact=True).tap()
    until(lambda: (watching(showing) or Watching()).position_ms > 62_000, "the report")
    row = watching(showing)
    assert row is not None
    assert len(row.ranges) == 2
    assert row.ranges[0][0] < 1_000
    assert 59_000 <= row.ranges[1][0] <= 61_000
    assert sum(end - start for start, end in row.ranges) < 60_000
    page.reload()
    plays_past(page, 62)
    expect(page.locator("#time-now")).to_have_text("1:03")
    page.goto(page.url.replace("/session-1", ""))
    expect(page.get_by_role("link", name="Go on with the video")).to_be_visible()
    assert_accessible(page)


def test_captions_speed_sound_and_going_back_answer_their_buttons(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **DESKTOP)
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_label("Place in the video").fill("40")
    plays_past(page, 40.5)
    captions = page.get_by_role("button", name="Captions")
    captions.click()
    expect(captions).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#caption")).to_be_hidden()
    page.get_by_role("button", name="Speed: 1").click()
    assert page.evaluate("document.getElementById('video').playbackRate") == 1.25
    page.get_by_role("button", name="Back 10s").click()
    until_video(page, "currentTime < 38")
    page.get_by_role("button", name="Just sound").click()
    expect(page.locator("#just-sound")).to_be_visible()
    until_video(page, "videoWidth === 0")
    plays_past(page, 31)
    assert page.evaluate("document.getElementById('video').playbackRate") == 1.25
    assert_accessible(page)
    page.get_by_role("button", name="Just sound").click()
    until_video(page, "videoWidth > 0")


def hold_back_the_end(page: Page) -> list[Route]:
    """Let no part after the first minute arrive, or the whole small film is buffered before the link is cut."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        late = int(route.request.url.rpartition("/")[2].removesuffix(".m4s")) >= FIRST_LATE_PART
        held.append(route) if late else route.continue_()

    page.route(re.compile(r"/\d+\.m4s$"), hold)
    return held


def test_a_lost_connection_is_said_plainly_and_the_video_goes_on(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    held = hold_back_the_end(page)
    page.get_by_role("button", name="Play", exact=True).tap()
    plays_past(page, 1)
    page.context.set_offline(True)
    for route in held:
        route.abort("internetdisconnected")
    page.unroute_all()
    page.get_by_label("Place in the video").fill("80")
    expect(page.locator("#trouble-word")).to_contain_text("No connection. We kept your place.")
    assert_accessible(page)
    page.context.set_offline(False)
    plays_past(page, 81)
    expect(page.locator("#trouble-word")).to_be_empty()
    until(lambda: (watching(showing) or Watching()).position_ms > 80_000, "the report after the link came back")


def test_words_that_were_just_typed_survive_the_closing_of_the_tab(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    page.get_by_label("Your notes").fill("Kneeling to plant my bulbs.")
    page.get_by_text("Me and my team").tap()
    page.close(run_before_unload=True)

    def kept() -> bool:
        with Session(showing.engine) as db:
            note = db.exec(select(VideoNote)).first()
        return note is not None and (note.words, note.with_team) == ("Kneeling to plant my bulbs.", True)

    until(kept, "the note's keeping")


def test_a_facilitator_uploads_a_video_and_sees_it_become_playable(
    house: House, film: Path, opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened(house.facilitator, "/videos/manage", **DESKTOP)
    assert_accessible(page)
    liar = tmp_path / "shopping.mp4"
    liar.write_bytes(io.BytesIO(b"Milk, eggs, flour. " * 99).getvalue())
    page.get_by_label("Title").fill("How pain works")
    page.get_by_label("Video", exact=True).set_input_files(liar)
    page.get_by_role("button", name="Upload the video").click()
    expect(page.get_by_role("alert")).to_contain_text("This file is not a video we can read")
    assert_accessible(page)
    page.get_by_label("Video", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload the video").click()
    expect(page.get_by_text("We have your video.")).to_be_visible()
    expect(page.get_by_text("In the queue")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "0")
    house.work()
    expect(page.get_by_text("Can be watched. Better pictures follow")).to_be_visible(timeout=10_000)
    house.work()
    expect(page.get_by_text("Ready", exact=True)).to_be_visible(timeout=10_000)
    expect(page.get_by_role("progressbar")).to_be_hidden()
    page.get_by_role("link", name="Watch session 1’s video").click()
    page.get_by_role("button", name="Play", exact=True).click()
    plays_past(page, 1)
    assert watching(house) is None
