"""In a real browser: setting an app up on a phone, keeping the codes, and signing in with one."""

from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from backtolife.people.models import Person
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.people.staff_door import PASSWORD, give_password
from tests.support.running import House

pytestmark = pytest.mark.browser


def test_an_app_is_set_up_and_asked_for_and_a_recovery_code_opens_too(
    house: House, browser: Browser, grace: Person, tmp_path: Path
) -> None:
    with phone(browser, accept_downloads=True) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        give_password(page, house, grace)
        page.goto(f"{house.url}/your-details")
        page.get_by_role("link", name="See how you sign in").click()
        assert_accessible(page)
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("link", name="Set up the app").click()
        assert_accessible(page)
        picture = page.locator(".btl-qr svg").bounding_box()
        assert picture is not None
        assert picture["width"] >= 200
        secret = page.locator(".btl-key code").inner_text().replace(" ", "")
        page.get_by_label("Six-digit code").fill(pyotp.TOTP(secret).now())
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        assert_accessible(page)
        codes = page.locator("#recovery-codes code").all_inner_texts()
        assert len(codes) == 10
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as a file").click()
        saved.value.save_as(tmp_path / "codes.txt")
        assert all(code in (tmp_path / "codes.txt").read_text() for code in codes)
        page.get_by_role("link", name="I have kept them").click()
        assert not complaints, complaints
    with desktop(browser) as context:
        page = context.new_page()
        give_password(page, house, grace)
        expect(page.get_by_role("heading", name="Your code")).to_be_visible()
        assert_accessible(page)
        page.get_by_label("Six-digit code").fill("000000")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("That code does not fit").first).to_be_visible()
        assert_accessible(page)
        page.get_by_text("I cannot do this now").click()
        assert_accessible(page)
        page.get_by_label("Recovery code").fill(codes[4])
        page.get_by_role("button", name="Sign in with a recovery code").click()
        expect(page.get_by_text("You have 9 recovery codes left")).to_be_visible()
        page.goto(f"{house.url}/your-details/second-step")
        assert_accessible(page)


def test_another_browser_is_signed_out_and_then_all_of_them(house: House, browser: Browser, grace: Person) -> None:
    with phone(browser) as other, desktop(browser) as context:
        for each in (other, context):
            page = each.new_page()
            give_password(page, house, grace)
            expect(page.get_by_role("banner").get_by_text("Grace")).to_be_visible()
        page.goto(f"{house.url}/your-details/signed-in")
        expect(page.get_by_role("heading", name="Chrome on Linux: this one")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Sign out there").click()
        expect(page.get_by_text("is signed out.")).to_be_visible()
        page.get_by_role("button", name="Sign out everywhere").click()
        expect(page.get_by_text("You are signed out everywhere")).to_be_visible()
