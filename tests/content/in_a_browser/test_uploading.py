"""Uploading a video in a real Chromium, on a desk."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from backtolife.content.arriving import store
from tests.content.in_a_browser.looking import picture_of, plays_past, watching
from tests.support.browser import DESKTOP, assert_accessible
from tests.support.content.house import House

pytestmark = pytest.mark.browser


def test_a_facilitator_uploads_a_video_and_sees_it_become_playable(
    house: House, film: Path, opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened(house.facilitator, "/videos/manage", **DESKTOP)
    assert_accessible(page)
    liar = tmp_path / "shopping.mp4"
    liar.write_bytes(b"Milk, eggs, flour. " * 99)
    page.get_by_label("Title").fill("How pain works")
    page.get_by_label("Video", exact=True).set_input_files(liar)
    page.get_by_role("button", name="Upload the video").click()
    expect(page.get_by_role("alert")).to_contain_text("This file is not a video we can read")
    assert_accessible(page)
    page.get_by_label("Video", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload the video").click()
    expect(page.get_by_text("We have your video.")).to_be_visible()
    expect(page.get_by_text("On their way in")).to_be_hidden()
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


def wait(page: Page, holds: Callable[[], bool]) -> None:
    """Until it holds. In the page's own time: what stands in the way of its requests runs only while it is asked for
    something.
    """
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("It did not happen within 20 seconds")


def test_a_video_whose_line_breaks_goes_on_after_a_reload_and_can_be_stopped(
    house: House, film: Path, opened: Callable[..., Page]
) -> None:
    page = opened(house.facilitator, "/videos/manage", **DESKTOP)
    coming = partial(store.of_service, house.settings.videos_dir, house.service_id)
    sent: list[int] = []

    def stuck(route: Route) -> None:
        if route.request.method == "PATCH":
            route.abort()
        else:
            route.continue_()

    def broken(route: Route) -> None:
        """The first half of a piece gets through, then there is no line."""
        data = route.request.post_data_buffer or b""
        if sent:
            route.abort()
            return
        sent.append(len(data) // 2)
        (arrival,) = coming()
        store.add(arrival, data[: sent[0]], at=arrival.offset)
        route.abort()

    page.route(re.compile("/arriving/"), broken)
    page.get_by_label("Title").fill("How pain works")
    page.get_by_label("Video", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload the video").click()
    wait(page, lambda: bool(sent))
    page.reload()
    page.unroute(re.compile("/arriving/"))
    expect(page.get_by_text("Choose the same file below to go on.")).to_be_visible()
    assert_accessible(page)
    picture_of(page, "coming")
    starts: list[str | None] = []
    page.on(
        "request",
        lambda told: starts.append(told.headers.get("upload-offset")) if told.method == "PATCH" else None,
    )
    page.get_by_label("Title").fill("How pain works")
    page.get_by_label("Video", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload the video").click()
    expect(page.get_by_text("We have your video.")).to_be_visible()
    assert starts[0] == str(sent[0])
    assert coming() == []
    page.route(re.compile("/arriving/"), stuck)
    page.get_by_label("Title").fill("Once more")
    page.get_by_label("Video", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload the video").click()
    wait(page, lambda: len(coming()) == 1)
    page.get_by_role("button", name="Stop sending").click()
    expect(page.get_by_text("We stopped. Nothing of this video is kept.")).to_be_visible()
    assert coming() == []
    assert page.get_by_role("button", name="Upload the video").is_enabled()


def test_the_page_of_videos_fits_a_narrow_window(house: House, opened: Callable[..., Page]) -> None:
    store.begin(
        house.settings.videos_dir, service_id=house.service_id, person_id="", name="x" * 90 + ".mp4", length=9, most=9
    )
    page = opened(house.facilitator, "/videos/manage", viewport={"width": 320, "height": 640})
    picture_of(page, "narrow")
    assert page.evaluate("(() => document.documentElement.scrollWidth)()") <= 320
