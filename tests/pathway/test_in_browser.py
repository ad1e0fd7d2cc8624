"""The map and the planner as people open them: looked at by axe, at the widths of real screens and of a small phone."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backtolife import clock
from backtolife.pathway.map import services
from backtolife.pathway.map.rules import Says
from backtolife.people.models import Role
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.support.browser import PHONE, assert_accessible, chromium, desktop
from tests.support.factories import Factory
from tests.support.running import running_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CLASS = Says(
    what="Exercise class for backs",
    needs=("move", "group"),
    place="Midtown Leisure Centre",
    by_whom="Midtown Leisure",
    for_whom="Adults who can walk for ten minutes",
    languages=("English", "Polish"),
    wait_weeks=6,
    contact="01632 960123",
)


def test_help_is_found_on_a_phone_without_a_script(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            services.add(
                db, wanted=CLASS, actor=make.actor(make.person(make.service(), Role.SERVICE_LEAD)), now=make.now
            )
        page = browser.new_context(**{**PHONE, "java_script_enabled": False}).new_page()
        page.goto(f"{house.url}/find-help")
        page.get_by_label("What do you need help with?").select_option(label="Help in a group")
        page.get_by_label("Where?").fill("midtown")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_role("heading", name=CLASS.what)).to_be_visible()
        page = browser.new_context(**PHONE).new_page()
        page.goto(f"{house.url}/find-help")
        for place in ("", "midtown", "elsewhere", "x" * 61):
            page.get_by_label("Where?").fill(place)
            page.get_by_role("button", name="Show").click()
            assert_accessible(page)
            fits_a_small_phone(page)
            assert_margins(page)


def test_a_lead_lists_help_and_plans_groups_by_keyboard(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        with house.database() as db:
            make = Factory(db, clock.now())
            lead = make.person(make.service(), Role.SERVICE_LEAD)
            made = services.add(db, wanted=CLASS, actor=make.actor(lead), now=make.now)
            address = f"{house.url}/find-help/entries/{made.entry_id}"
        context = desktop(browser)
        context.add_cookies(house.browser_cookies(lead))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(address)
        page.get_by_label("About how many weeks").fill("9")
        page.get_by_role("button", name="Save").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.get_by_role("button", name="Use version 1")).to_be_visible()
        for path in ("/find-help/entries", "/find-help/entries/new", f"/find-help/entries/{made.entry_id}", "/planner"):
            page.goto(house.url + path)
            assert_accessible(page)
            fits_a_small_phone(page)
            assert_margins(page)
        for label, typed in (
            ("Groups that begin in a month", "1.5"),
            ("Places in each group", "12"),
            ("People on the list today", "40"),
            ("People who join the list in a month", "20"),
            ("Of 100 people offered", "70"),
            ("Of 100 people who said yes", "20"),
            ("Of 100 people on the list", "2"),
        ):
            page.get_by_label(label).fill(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="With these numbers")).to_be_visible()
        assert_accessible(page)
        fits_a_small_phone(page)
        assert_margins(page)
