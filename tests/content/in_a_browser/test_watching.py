"""Watching a video in a real Chromium, on a phone and on a desk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from backtolife.content.models import Watching
from tests.content.in_a_browser.looking import WORDS, plays_past, until, until_video, watching
from tests.support.browser import DESKTOP, PHONE, assert_accessible
from tests.support.content.house import House

pytestmark = pytest.mark.browser
FIRST_LATE_PART = 10


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
    page.get_by_label("Position in the video").fill("60")
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
    expect(page.get_by_role("link", name="Carry on with the video")).to_be_visible()
    assert_accessible(page)


def test_captions_speed_sound_and_going_back_answer_their_buttons(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **DESKTOP)
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_label("Position in the video").fill("40")
    plays_past(page, 40.5)
    captions = page.get_by_role("button", name="Captions")
    captions.click()
    expect(captions).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#caption")).to_be_hidden()
    page.get_by_role("button", name="Speed: 1").click()
    assert page.evaluate("document.getElementById('video').playbackRate") == 1.25
    page.get_by_role("button", name="Back 10s").click()
    until_video(page, "currentTime < 38")
    page.get_by_role("button", name="Sound only").click()
    expect(page.locator("#just-sound")).to_be_visible()
    until_video(page, "videoWidth === 0")
    plays_past(page, 31)
    assert page.evaluate("document.getElementById('video').playbackRate") == 1.25
    assert_accessible(page)
    page.get_by_role("button", name="Sound only").click()
    until_video(page, "videoWidth > 0")


def test_little_data_means_the_thin_picture_in_the_next_video_too(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    page.get_by_role("button", name="Play", exact=True).tap()
    plays_past(page, 1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".m4s") else None)
    page.get_by_role("button", name="Save data").tap()
    expect(page.get_by_role("button", name="Save data")).to_have_attribute("aria-pressed", "true")
    until_video(page, "videoHeight === 240")
    plays_past(page, 3)
    page.reload()
    until_video(page, "videoHeight === 240")
    assert {url.split("/")[-2] for url in asked} == {"240p"}
    assert_accessible(page)


def test_on_a_line_too_slow_for_a_picture_the_sound_goes_on_alone_until_it_is_better(
    showing: House, opened: Callable[..., Page]
) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"p/\d+\.m4s$"), hold)
    page.reload()
    page.get_by_role("button", name="Play", exact=True).tap()
    expect(page.locator("#slow-word")).to_contain_text("Your line is slow", timeout=20_000)
    plays_past(page, 2)
    assert page.evaluate("document.getElementById('video').videoWidth") == 0
    assert held
    assert_accessible(page)
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#slow-word")).to_be_empty(timeout=45_000)
    until_video(page, "videoWidth > 0")


def test_the_small_window_shows_the_picture_beside_other_pages(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **DESKTOP)
    page.get_by_role("button", name="Play", exact=True).click()
    plays_past(page, 1)
    button = page.get_by_role("button", name="Small window")
    if not page.evaluate("document.pictureInPictureEnabled"):
        expect(button).to_be_hidden()
        return
    button.click()
    until(lambda: bool(page.evaluate("document.pictureInPictureElement !== null")), "the small window")
    page.get_by_role("button", name="Small window").click()
    until(lambda: bool(page.evaluate("document.pictureInPictureElement === null")), "its end")


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
    page.get_by_label("Position in the video").fill("80")
    expect(page.locator("#trouble-word")).to_contain_text("No connection. We kept your place.")
    assert_accessible(page)
    page.context.set_offline(False)
    plays_past(page, 81)
    expect(page.locator("#trouble-word")).to_be_empty()
    until(lambda: (watching(showing) or Watching()).position_ms > 80_000, "the report after the link came back")
