"""What a page does without a link, and on a device that keeps another time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from backtolife import clock
from tests.support.browser import assert_accessible, chromium, phone
from tests.support.factories import Factory
from tests.support.running import House, running_house

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), media=False) as running:
        yield running


def test_without_a_link_a_page_says_so_plainly_and_goes_on_when_it_is_back(house: House) -> None:
    with chromium() as browser:
        context = phone(browser)
        page = context.new_page()
        page.goto(f"{house.url}/sign-in")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        context.set_offline(True)
        expect(page.get_by_text("You are offline. This page will carry on")).to_be_visible()
        page.goto(f"{house.url}/privacy")
        expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
        assert_accessible(page)
        context.set_offline(False)
        page.goto(f"{house.url}/privacy")
        expect(page.get_by_role("heading", name="Privacy: who sees what")).to_be_visible()


def test_who_goes_back_to_the_answer_of_a_form_comes_to_its_page_and_is_not_told_to_be_offline(house: House) -> None:
    with chromium() as browser:
        page = phone(browser).new_page()
        page.goto(f"{house.url}/sign-in")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        heading = page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("textbox").first.fill("nobody")
        page.locator("main form[method=post] button").first.click()
        expect(page.get_by_text("Please check this")).to_be_visible()
        page.goto(f"{house.url}/privacy")
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert page.url == f"{house.url}/sign-in"


def test_a_device_with_another_clock_is_told_whose_time_the_page_shows(house: House) -> None:
    with house.database() as db:
        make = Factory(db, clock.now())
        patient = make.person(make.service())
    cookies = house.browser_cookies(patient)
    with chromium() as browser:
        for zone, told in (("Europe/London", False), ("Europe/Lisbon", False), ("Asia/Karachi", True)):
            context = phone(browser, timezone_id=zone)
            context.add_cookies(cookies)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(house.url)
            note = page.get_by_text("Times on this page are London time. Your device keeps another time.")
            expect(note).to_be_visible() if told else expect(note).to_be_hidden()
            assert_accessible(page)
