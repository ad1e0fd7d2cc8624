"""In a real browser: what staff typed is back after their sign-in ended, and only for them."""

from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person, SignedIn
from backtolife.people.signing_in.passwords import hash_password
from tests.support.browser import assert_accessible, desktop
from tests.support.factories import Factory
from tests.support.people.staff_door import PASSWORD, type_password
from tests.support.running import House

pytestmark = pytest.mark.browser
NUMBERS = count(1)
"""Each test has people of its own in the one house."""


@pytest.fixture
def staff(house: House) -> list[Person]:
    with house.database() as db:
        make = Factory(db, clock.now(), NUMBERS)
        cohort = make.cohort(make.service())
        people = [make.facilitator(cohort, name=name) for name in ("Ann", "Bob")]
        for person in people:
            person.password_hash = hash_password(PASSWORD)
        return people


def wait_half_an_hour(house: House) -> None:
    """Every sign-in was last used 31 minutes ago."""
    with house.database() as db:
        for place in db.exec(select(SignedIn)):
            place.seen_at = clock.now() - timedelta(minutes=31)


def opened(house: House, context: BrowserContext, person: Person) -> Page:
    page = context.new_page()
    page.goto(f"{house.url}/staff/sign-in")
    type_password(page, person)
    page.goto(f"{house.url}/your-details")
    return page


def test_words_typed_after_half_an_hour_are_back_in_the_form_after_the_type_password(
    house: House, browser: Browser, staff: list[Person]
) -> None:
    with desktop(browser) as context:
        page = opened(house, context, staff[0])
        wait_half_an_hour(house)
        page.get_by_label("Name to show").fill("Brian, next door")
        expect(page.get_by_text("You were signed out")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Staff sign in")).to_be_visible()
        expect(page.get_by_text("What you wrote is kept")).to_be_visible()
        assert_accessible(page)
        type_password(page, staff[0])
        expect(page.get_by_text("It is back in the form.")).to_be_visible()
        expect(page.get_by_label("Name to show")).to_have_value("Brian, next door")
        assert_accessible(page)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.reload()
        expect(page.get_by_label("Name to show")).to_have_value("Brian, next door")
        expect(page.get_by_text("did not save it")).to_have_count(0)


def left_unsaved(house: House, context: BrowserContext, person: Person) -> Page:
    """The page of one who typed and went elsewhere, without Save."""
    page = opened(house, context, person)
    with page.expect_response("**/drafts"):
        page.get_by_label("Name to show").fill("Brian, next door")
    page.goto(house.url)
    return page


def test_words_left_without_saving_are_back_for_their_writer_and_for_nobody_else(
    house: House, browser: Browser, staff: list[Person]
) -> None:
    with desktop(browser) as context:
        page = left_unsaved(house, context, staff[0])
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/sign-in")
        other = opened(house, context, staff[1])
        expect(other.get_by_label("Name to show")).to_have_value("Bob")
        assert "Brian" not in other.evaluate("() => JSON.stringify([localStorage, sessionStorage])")
        other.get_by_role("button", name="Log out").click()
        other.wait_for_url("**/sign-in")
        page = opened(house, context, staff[0])
        expect(page.get_by_label("Name to show")).to_have_value("Brian, next door")
        page.get_by_role("button", name="Clear it").click()
        expect(page.get_by_label("Name to show")).to_have_value("Ann")
        page.reload()
        expect(page.get_by_label("Name to show")).to_have_value("Ann")


def test_a_page_that_changed_meanwhile_shows_both_texts_and_the_person_chooses(
    house: House, browser: Browser, staff: list[Person]
) -> None:
    with desktop(browser) as context:
        page = left_unsaved(house, context, staff[0])
        with house.database() as db:
            db.get_one(Person, staff[0].id).shown_name = "Cara"
        page.goto(f"{house.url}/your-details")
        expect(page.get_by_text("This page has changed since.")).to_be_visible()
        expect(page.get_by_text("Brian, next door", exact=True)).to_be_visible()
        expect(page.get_by_label("Name to show")).to_have_value("Cara")
        assert_accessible(page)
        page.get_by_role("button", name="Put my words in the form").click()
        expect(page.get_by_label("Name to show")).to_have_value("Brian, next door")


def test_an_upload_is_only_begun_when_it_will_be_taken(house: House, browser: Browser, staff: list[Person]) -> None:
    with desktop(browser) as context:
        page = opened(house, context, staff[0])
        page.goto(f"{house.url}/videos/manage")
        page.get_by_label("Title").fill("Why it hurts")
        page.locator("input[name=video]").set_input_files(
            {"name": "film.mp4", "mimeType": "video/mp4", "buffer": b"no video"}
        )
        wait_half_an_hour(house)
        page.get_by_role("button", name="Upload the video").click()
        expect(page.get_by_text("You were signed out, so nothing was sent yet.")).to_be_visible()
        assert_accessible(page)
        with context.expect_page() as there:
            page.get_by_role("link", name="Sign in in a new tab").click()
        type_password(there.value, staff[0])
        expect(there.value.get_by_role("heading", level=1)).to_be_visible()
        page.get_by_role("button", name="Upload the video").click()
        expect(page.get_by_text("Please check this")).to_be_visible()
