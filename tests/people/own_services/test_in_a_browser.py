"""In a real browser: joining two services, choosing one, changing, and what it looks like on laptop and phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife.people.models import Person, Service
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.people.two_services import PASSWORDS
from tests.support.running import House

pytestmark = pytest.mark.browser
LAPTOP = {"viewport": {"width": 1366, "height": 768}}


def give_password(page: Page, house: House, person: Person, password: str) -> None:
    page.goto(f"{house.url}/staff/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_two_services_are_joined_chosen_and_changed(house: House, browser: Browser, graces: dict[str, Person]) -> None:
    north, south = graces["north"], graces["south"]
    with house.database() as db:
        names = {each.id: db.get_one(Service, each.service_id).short_name for each in (north, south)}
    with desktop(browser, **LAPTOP) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        give_password(page, house, north, PASSWORDS["north"])
        page.goto(f"{house.url}/your-details/second-step")
        assert_accessible(page)
        page.get_by_role("link", name="The services you work for").click()
        assert_accessible(page)
        page.get_by_label("Your password").fill(PASSWORDS["north"])
        page.get_by_role("button", name="Go on").click()
        assert_accessible(page)
        page.get_by_label("E-mail address").fill(south.email)
        page.get_by_label("Password", exact=True).fill(PASSWORDS["south"])
        page.get_by_role("button", name="Sign in there").click()
        expect(page.get_by_text("One sign-in opens South Pain Service too")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("banner").get_by_role("link", name="Change service").click()
        expect(page.get_by_role("heading", name="Which service are you working for now?")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Work for South Pain Service").click()
        expect(page.get_by_role("banner").get_by_text(names[south.id])).to_be_visible()
        assert_accessible(page)
        assert not complaints, complaints
    with phone(browser) as context:
        page = context.new_page()
        give_password(page, house, north, PASSWORDS["north"])
        expect(page.get_by_role("heading", name="Which service are you working for now?")).to_be_visible()
        assert_accessible(page)
        first = page.get_by_role("button", name="Work for").first
        expect(first).to_have_text("Work for South Pain Service")
        first.click()
        expect(page.get_by_role("banner").get_by_text(names[south.id])).to_be_visible()
        assert_accessible(page)
        page.get_by_role("banner").get_by_role("link", name="Change service").click()
        page.get_by_role("button", name="Work for North Pain Service").click()
        expect(page.get_by_role("banner").get_by_text(names[north.id])).to_be_visible()
        page.goto(f"{house.url}/your-details/signed-in")
        assert_accessible(page)
        page.goto(f"{house.url}/your-details/services")
        page.get_by_role("button", name="Stop using one sign-in").click()
        expect(page.get_by_text("you sign in to each service by itself")).to_be_visible()
        assert_accessible(page)
