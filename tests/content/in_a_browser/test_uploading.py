"""Uploading a video in a real Chromium, on a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.content.in_a_browser.looking import plays_past, watching
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
