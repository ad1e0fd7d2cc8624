"""The page on which people are discharged, looked at by axe, at the widths of real screens and of a small phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backtolife import clock
from backtolife.people.models import Person
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.programme.discharge.group_at_its_end import ended
from tests.support.browser import assert_accessible, chromium, desktop
from tests.support.factories import Factory
from tests.support.running import running_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_the_page_is_open_to_everybody_before_and_after_the_press(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            group = ended(db, Factory(db, clock.now()))
            address, lead = f"{house.url}/groups/{group.cohort.id}/discharge", db.get_one(Person, group.lead.id)
        context = desktop(browser)
        context.add_cookies(house.browser_cookies(lead))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        for pressed in (False, True):
            if pressed:
                page.get_by_role("button", name="Discharge who is ticked").click()
                expect(page.get_by_text("2 people are discharged.")).to_be_visible()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert_accessible(page)
            fits_a_small_phone(page)
            assert_margins(page)
