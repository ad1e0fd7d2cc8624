"""Writing captions in a real Chromium: as a list beside the video, with the keyboard too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session, col, select

from backtolife.content.models import CaptionVersion, VideoPackage
from tests.content.in_a_browser.looking import WORDS, picture_of, until, until_video
from tests.support.browser import assert_accessible
from tests.support.content.house import House

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1366, "height": 768}, "timezone_id": "Europe/London"}


def address(house: House) -> str:
    with Session(house.engine) as db:
        return f"/videos/manage/{db.exec(select(VideoPackage)).one().id}/captions"


def newest(house: House) -> str:
    with Session(house.engine) as db:
        row = db.exec(select(CaptionVersion).order_by(col(CaptionVersion.number).desc())).first()
    return row.words if row else ""


def goes_to(page: Page, seconds: float) -> None:
    until_video(page, "readyState > 0")
    page.evaluate(f"(() => {{ document.getElementById('video').currentTime = {seconds}; }})()")
    until_video(page, f"currentTime === {seconds}")


def rows(page: Page) -> Locator:
    return page.locator("#captions-list > li")


def words(page: Page, number: int) -> Locator:
    return page.get_by_label(f"Words of caption {number}")


def test_captions_are_timed_split_joined_and_undone_and_then_published(
    showing: House, opened: Callable[..., Page]
) -> None:
    page = opened(showing.facilitator, address(showing), **DESK)
    expect(words(page, 1)).to_have_value(WORDS)
    expect(page.get_by_label("Captions", exact=True)).to_be_hidden()
    page.get_by_label("To, caption 1").fill("0:04")
    page.get_by_label("To, caption 1").press("Tab")
    expect(page.get_by_label("To, caption 1")).to_have_value("0:04.000")
    expect(page.get_by_text("1 caption to look at again.")).to_be_visible()
    expect(rows(page).first).to_contain_text("There are no captions for 86 seconds after it")
    goes_to(page, 5)
    page.get_by_role("button", name="Add a caption here").click()
    expect(words(page, 2)).to_be_focused()
    page.keyboard.type("Breathe in & out, slowly")
    goes_to(page, 9.5)
    page.get_by_role("button", name="End here caption 2").click()
    expect(page.get_by_label("To, caption 2")).to_have_value("0:09.500")
    goes_to(page, 6)
    expect(page.locator("#caption")).to_have_text("Breathe in & out, slowly")
    words(page, 2).press("Home")
    for _ in range("Breathe in & out, slowly".index(" slowly")):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Split caption 2").click()
    expect(words(page, 2)).to_have_value("Breathe in & out,")
    expect(words(page, 3)).to_have_value("slowly")
    expect(page.get_by_label("From, caption 3")).to_have_value("0:06.000")
    page.get_by_role("button", name="Join with the next caption 2").click()
    expect(words(page, 2)).to_have_value("Breathe in & out,\nslowly")
    page.get_by_role("button", name="Remove caption 1").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(rows(page)).to_have_count(3)
    assert_accessible(page)
    picture_of(page, "captions-desk")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("Saved. Patients see it when you publish it.")).to_be_visible()
    assert "00:00:06.000 --> 00:00:09.500\nslowly" in newest(showing)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Publish for patients").click()
    expect(page.get_by_role("heading", name="Patients do not see these captions yet")).to_be_visible()
    assert_accessible(page)
    picture_of(page, "captions-asked")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Publish them as they are").click()
    expect(page.get_by_text("Published. Patients see these captions now.")).to_be_visible()
    patient = opened(showing.patient, "/videos/session-1", **DESK)
    patient.get_by_label("Find words in the video").fill("slowly")
    patient.get_by_role("button", name="0:06 slowly").click()
    until_video(patient, "currentTime === 6")
    expect(patient.locator("#caption")).to_contain_text("slowly")


def test_the_editor_works_by_keyboard_and_asks_for_a_time_it_can_read(
    showing: House, opened: Callable[..., Page]
) -> None:
    page = opened(showing.facilitator, address(showing), **DESK)
    until_video(page, "readyState > 0")
    page.get_by_label("From, caption 1").focus()
    page.keyboard.type("half past")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Write a time like 1:02.5")).to_be_visible()
    page.get_by_role("button", name="Save the draft").press("Enter")
    expect(page.get_by_label("From, caption 1")).to_be_focused()
    assert newest(showing) == ""
    page.keyboard.press("Control+a")
    page.keyboard.type("0:02.5")
    page.keyboard.press("Tab")
    expect(page.get_by_label("From, caption 1")).to_have_value("0:02.500")
    words(page, 1).press("Control+Enter")
    until_video(page, "paused === false")
    words(page, 1).press("Control+Enter")
    until_video(page, "paused")
    page.get_by_role("button", name="Play caption 1").press("Enter")
    until(lambda: page.evaluate("(() => document.getElementById('video').currentTime)()") > 2.5, "playing from there")
    page.get_by_role("button", name="Save the draft").press("Enter")
    expect(page.get_by_text("Saved. Patients see it when you publish it.")).to_be_visible()
    assert "00:00:02.500 --> 00:01:30.000" in newest(showing)


def test_the_editor_fits_a_narrow_window_and_stays_a_plain_form_without_scripts(
    showing: House, opened: Callable[..., Page]
) -> None:
    page = opened(showing.facilitator, address(showing), viewport={"width": 320, "height": 640})
    expect(words(page, 1)).to_be_visible()
    picture_of(page, "captions-narrow")
    assert page.evaluate("(() => document.documentElement.scrollWidth)()") <= 320
    assert_accessible(page)
    plain = opened(showing.facilitator, address(showing), java_script_enabled=False, **DESK)
    field = plain.get_by_label("Captions", exact=True)
    field.fill("00:01.000 --> 00:03.000\nSlowly does it\n")
    plain.get_by_role("button", name="Save the draft").click()
    expect(plain.get_by_text("Saved. Patients see it when you publish it.")).to_be_visible()
    assert newest(showing) == "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nSlowly does it\n"
