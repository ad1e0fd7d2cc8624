"""Notes beside a video in a real Chromium: no word is lost, none is shared unasked, none stays on the device."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from backtolife.content.models import VideoNote
from tests.content.in_a_browser.looking import picture_of, until
from tests.support.browser import DESKTOP, PHONE, assert_accessible
from tests.support.content.house import House

pytestmark = pytest.mark.browser


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


def newest_note(house: House) -> tuple[str, bool]:
    with Session(house.engine) as db:
        note = db.exec(select(VideoNote)).one()
        return note.words, note.with_team


def test_a_newer_note_is_not_written_over_and_nothing_is_shared_before_one_is_chosen(
    showing: House, opened: Callable[..., Page]
) -> None:
    laptop, phone = (opened(showing.patient, "/videos/session-1", **device) for device in (DESKTOP, PHONE))
    laptop.context.set_offline(True)
    laptop.get_by_label("Your notes").fill("From the laptop, without a link")
    laptop.get_by_text("Me and my team").click()
    expect(laptop.get_by_text("Your words stay on this device")).to_be_visible()
    phone.get_by_label("Your notes").fill("Newer, from the phone")
    expect(phone.locator("#notes-saved")).to_contain_text("Saved at")
    laptop.context.set_offline(False)
    laptop.reload()
    expect(laptop.get_by_text("You have two notes.")).to_be_visible()
    assert_accessible(laptop)
    picture_of(laptop, "two-notes")
    assert newest_note(showing) == ("Newer, from the phone", False)
    laptop.get_by_role("button", name="Keep both").click()
    expect(laptop.locator("#notes-saved")).to_contain_text("Saved at")
    assert newest_note(showing)[0] == "Newer, from the phone\n\nFrom the laptop, without a link"
    phone.get_by_label("Your notes").fill("Later, from the phone")
    expect(phone.get_by_text("You have two notes.")).to_be_visible()
    phone.get_by_role("button", name="Keep the newer note").click()
    expect(phone.get_by_label("Your notes")).to_have_value("Newer, from the phone\n\nFrom the laptop, without a link")


def test_unsent_words_are_asked_about_before_logging_out_and_gone_after_it(
    showing: House, opened: Callable[..., Page]
) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    page.route("**/notes", lambda route: route.abort())
    page.get_by_label("Your notes").fill("Only on this phone")
    expect(page.get_by_text("Your words stay on this device")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Some of your words have not reached us")).to_be_visible()
    assert_accessible(page)
    picture_of(page, "log-out")
    page.get_by_role("button", name="Stay logged in").click()
    expect(page.get_by_label("Your notes")).to_have_value("Only on this phone")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Delete them and log out").click()
    page.wait_for_url("**/sign-in")
    assert "Only on this phone" not in page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")


def test_words_that_can_be_sent_are_sent_before_logging_out(showing: House, opened: Callable[..., Page]) -> None:
    page = opened(showing.patient, "/videos/session-1", **PHONE)
    page.get_by_label("Your notes").fill("Typed and gone")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/sign-in")
    assert newest_note(showing)[0] == "Typed and gone"
    assert "Typed and gone" not in page.evaluate("() => JSON.stringify([localStorage, sessionStorage])")
