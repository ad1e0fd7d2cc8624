"""The course in a browser: read, ticked and signed by a facilitator, withdrawn and brought back by a lead."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife.people.models import Person
from tests.journeys.margins import assert_margins
from tests.journeys.other_pages import fits_a_small_phone
from tests.programme.course.house import House as Course
from tests.programme.course.house import house_of
from tests.support.browser import assert_accessible, chromium, desktop
from tests.support.running import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def look(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    fits_a_small_phone(page)
    assert_margins(page)


def page_of(house: House, browser: Browser, person: Person) -> Page:
    context = desktop(browser)
    context.add_cookies(house.browser_cookies(person))  # type: ignore[arg-type]
    return context.new_page()


def tick_all(page: Page, step: str) -> None:
    part = page.get_by_role("region", name=step)
    boxes = part.get_by_role("checkbox")
    for at in range(boxes.count()):
        boxes.nth(at).check()
    part.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def do_and_sign(page: Page, url: str, course: Course) -> None:
    """Reads one part from the course, comes back, ticks all, and signs once a rehearsal counts."""
    page.goto(f"{url}/course")
    look(page)
    page.get_by_role("link", name=re.compile("Read it.*Session 1")).first.click()
    expect(page).to_have_url(f"{url}/programme/sessions/1")
    page.go_back()
    tick_all(page, "1. Read")
    tick_all(page, "2. Watch")
    course.rehearse()
    page.reload()
    look(page)
    page.get_by_label("Your full name").fill("Tom Example")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("You have signed the course.")).to_be_visible()
    look(page)


def test_a_facilitator_signs_and_a_lead_withdraws_it_and_brings_it_back(tmp_path: Path) -> None:
    with running_house(tmp_path, media=False) as house, chromium() as browser:
        course = house_of(house.app)
        tom, lead = page_of(house, browser, course.tom), page_of(house, browser, course.grace)
        do_and_sign(tom, house.url, course)
        lead.goto(f"{house.url}/course/everybody")
        look(lead)
        lead.get_by_role("link", name="Withdraw").click()
        look(lead)
        lead.get_by_role("button", name="Withdraw the signature").click()
        expect(lead.get_by_role("alert")).to_contain_text("Say why. The person reads it")
        look(lead)
        lead.get_by_label("Why?").fill("Please read about red flags once more")
        lead.get_by_label("Read and watch everything, then sign").check()
        lead.get_by_role("button", name="Withdraw the signature").click()
        expect(lead.get_by_text("They read why on their page of the course")).to_be_visible()
        look(lead)
        tom.reload()
        expect(tom.get_by_text("Why: Please read about red flags once more")).to_be_visible()
        look(tom)
        lead.get_by_role("button", name="Bring it back").click()
        expect(lead.get_by_text("The signature of Tom Example counts again.")).to_be_visible()
        tom.reload()
        expect(tom.get_by_role("button", name="Take my signature back")).to_be_visible()
