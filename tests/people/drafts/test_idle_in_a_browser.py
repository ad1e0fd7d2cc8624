"""In a real browser: two minutes before staff idle out the page says so, and what they typed outlives it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import select

from backtolife import clock
from backtolife.people.models import Person, Role, SignedIn
from backtolife.people.signing_in.passwords import hash_password
from tests.support.browser import assert_accessible, desktop
from tests.support.factories import Factory
from tests.support.people.staff_door import PASSWORD, type_password
from tests.support.running import House

pytestmark = pytest.mark.browser
WARNED = "Are you still there?"


@pytest.fixture(scope="module")
def grace(house: House) -> Person:
    with house.database() as db:
        make = Factory(db, clock.now())
        person = make.person(make.service(), Role.FACILITATOR, "Grace")
        person.password_hash = hash_password(PASSWORD)
        return person


def seen_ago(house: House, minutes: int) -> None:
    with house.database() as db:
        for place in db.exec(select(SignedIn)):
            place.seen_at = clock.now() - timedelta(minutes=minutes)


def seen_last(house: House) -> timedelta:
    with house.database() as db:
        return clock.now() - max(place.seen_at for place in db.exec(select(SignedIn)))


def test_the_page_warns_stays_on_one_press_and_keeps_what_was_typed(
    house: House, browser: Browser, grace: Person
) -> None:
    with desktop(browser) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{house.url}/staff/sign-in")
        type_password(page, grace)
        page.goto(f"{house.url}/your-details")
        with page.expect_response("**/drafts"):
            page.get_by_label("Name to show").fill("Grace, next door")
            page.clock.run_for(5_000)
        page.clock.fast_forward("27:30")
        page.clock.run_for(6_000)
        expect(page.get_by_text(WARNED)).to_have_count(0)
        page.clock.run_for(30_000)
        expect(page.get_by_text(WARNED)).to_be_visible()
        assert_accessible(page)
        seen_ago(house, 28)
        with page.expect_response("**/still-here"):
            page.get_by_role("button", name="Stay signed in").click()
        expect(page.get_by_text(WARNED)).to_have_count(0)
        assert seen_last(house) < timedelta(minutes=5)
        page.clock.fast_forward("28:06")
        page.clock.run_for(6_000)
        expect(page.get_by_text(WARNED)).to_be_visible()
        seen_ago(house, 31)
        page.clock.fast_forward("02:00")
        page.clock.run_for(6_000)
        expect(page.get_by_role("heading", name="Staff sign in")).to_be_visible()
        type_password(page, grace)
        expect(page.get_by_label("Name to show")).to_have_value("Grace, next door")
