"""The guides and their signing, looked at by axe, at the widths of real screens, of a small phone and at 200 %."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backtolife import clock
from backtolife.people.models import Role
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.support.browser import assert_accessible, chromium, desktop
from tests.support.factories import Factory
from tests.support.running import running_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_guides_are_open_to_everybody_and_signed_in_three_presses(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            lead = make.person(make.service(), Role.CLINICAL_LEAD)
        context = desktop(browser)
        context.add_cookies(house.browser_cookies(lead))  # type: ignore[arg-type]
        page = context.new_page()

        def look() -> None:
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert_accessible(page)
            fits_a_small_phone(page)
            assert_margins(page)

        page.goto(f"{house.url}/guides/translations")
        look()
        page.get_by_role("link", name="When to get urgent help, اردو").click()
        look()
        page.get_by_role("button", name="Sign these words").click()
        expect(page.get_by_text("Please check this")).to_be_visible()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Sign these words").click()
        expect(page.get_by_text("Patients can read them now.")).to_be_visible()
        page.goto(f"{house.url}/guides")
        look()
        page.get_by_role("searchbox").fill("work")
        page.get_by_role("button", name="Find").click()
        look()
        page.goto(f"{house.url}/guides/guide-urgent-help")
        page.get_by_role("link", name="اردو").click()
        look()
        heading = page.get_by_role("heading", level=1)
        assert heading.evaluate("each => getComputedStyle(each).direction") == "rtl"
        page.emulate_media(media="print")
        expect(page.get_by_role("navigation", name="Languages of this guide")).to_be_hidden()


@pytest.mark.parametrize(
    "path", ["/programme", "/programme/sessions/3", "/programme/welcome", "/programme/staff-guide"]
)
def test_what_the_programme_says_of_itself_is_open_to_everybody(tmp_path: Path, path: str) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            lead = make.person(make.service(), Role.CLINICAL_LEAD)
        context = desktop(browser)
        context.add_cookies(house.browser_cookies(lead))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{house.url}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_accessible(page)
        fits_a_small_phone(page)
        assert_margins(page)
