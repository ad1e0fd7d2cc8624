"""A facilitator alone rehearses a session in a real browser, with simulated people whose pictures it decodes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import func, select

from backtolife import clock
from backtolife.database.session import metadata
from backtolife.people.models import Person
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.rehearsals.stage import COLLEAGUE, PATIENTS
from tests.sessions.conftest import browser, house
from tests.support.browser import assert_accessible, desktop
from tests.support.running import House
from tests.support.sessions.gathering import gather
from tests.support.sessions.simulated import simulated
from tests.support.sessions.socket_page import until

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
__all__ = ["browser", "house"]
PATIENCE = 90_000
DECODED = """(least) => [...document.querySelectorAll('#wall .btl-video')]
  .filter((one) => one.videoWidth > 0 && one.getVideoPlaybackQuality().totalVideoFrames >= 1).length >= least"""
COUNT = (
    "[...document.querySelectorAll('#wall .btl-video')].map((one) => one.getVideoPlaybackQuality().totalVideoFrames)"
)
GROWN = f"""(before) => {{
  const now = {COUNT};
  return now.length === before.length && now.every((frames, place) => frames > before[place]);
}}"""


@pytest.fixture
def priya(house: House) -> Person:
    with house.database() as db:
        return gather(db, clock.now()).lead


@pytest.fixture
def page(house: House, browser: Browser, priya: Person) -> Iterator[Page]:
    context = desktop(browser)
    context.set_default_timeout(PATIENCE)
    context.add_cookies(house.browser_cookies(priya))
    yield context.new_page()
    context.close()


def test_a_facilitator_alone_rehearses_with_people_whose_pictures_move(house: House, page: Page, priya: Person) -> None:
    before = counted(house)
    begin(house, page)
    assert_accessible(page)
    let_everyone_in(page)
    practise_an_alert(page)
    practise_a_drop_out(page)
    practise_a_hand_over(page)
    see_them_come_back(page)
    assert_accessible(page)
    processes = simulated(house)
    assert len(processes) == 1
    end(page)
    until(lambda: not simulated(house), "the end of the process", PATIENCE / 1000)
    until(lambda: counted(house) == before, "the deletion of all of it", PATIENCE / 1000)
    with house.database() as db:
        row = db.exec(select(Rehearsal).where(Rehearsal.person_id == priya.id)).one()
        assert row.ended_at is not None


def begin(house: House, page: Page) -> None:
    page.goto(house.url)
    page.get_by_role("link", name="Rehearse", exact=True).click()
    assert_accessible(page)
    page.get_by_label("Which session do you want to rehearse?").select_option("3")
    page.get_by_role("button", name="Start the rehearsal").click()
    expect(page.locator("#rehearsal-mark")).to_contain_text("Rehearsal.")
    expect(page.locator("#lobby li")).to_have_count(len(PATIENTS))
    page.get_by_text("Notes and facilitator guide").click()
    expect(page.get_by_role("region", name="Facilitator guide, session 3")).to_be_visible()
    page.get_by_text("Notes and facilitator guide").click()


def let_everyone_in(page: Page) -> None:
    page.get_by_role("button", name="Let all in").click()
    page.wait_for_function(DECODED, arg=len(PATIENTS) + 1, timeout=PATIENCE)
    page.wait_for_function(GROWN, arg=page.evaluate(f"() => {COUNT}"), timeout=PATIENCE)
    page.get_by_role("button", name="Start session 3").click()


def practise_an_alert(page: Page) -> None:
    page.get_by_role("button", name="Practise an alert").click()
    bar = page.locator(".btl-alertbar")
    expect(bar).to_contain_text("needs help")
    expect(bar).to_contain_text("Made-up Street")
    expect(bar.get_by_text("In a real session the duty contact is told now")).to_be_visible()
    bar.get_by_role("button", name="I’ve got this").click()
    expect(bar).to_contain_text("Priya has this")
    bar.get_by_role("button", name="Close this call").click()
    page.locator("#sure-yes").click()
    expect(bar).to_have_count(0)


def practise_a_drop_out(page: Page) -> None:
    page.get_by_role("button", name="Practise a drop-out").click()
    expect(page.locator("#practise-said")).to_contain_text("drops out now")
    expect(page.locator("#ring-list li")).to_have_count(1)


def practise_a_hand_over(page: Page) -> None:
    page.get_by_role("button", name="Practise a hand-over").click()
    page.get_by_role("button", name=f"Hand over to {COLLEAGUE}").click()
    page.locator("#sure-yes").click()
    expect(page.locator("#subtitle")).to_contain_text(f"{COLLEAGUE} leads")
    expect(page.locator("#subtitle")).to_contain_text("You are leading today")


def see_them_come_back(page: Page) -> None:
    expect(page.locator("#ring-list li")).to_have_count(0)
    page.wait_for_function(DECODED, arg=len(PATIENTS) + 1, timeout=PATIENCE)


def end(page: Page) -> None:
    page.get_by_role("button", name="End session for everyone").click()
    page.locator("#sure-yes").click()
    expect(page.get_by_text("Your rehearsal is over.")).to_be_visible()
    assert_accessible(page)


def counted(house: House) -> dict[str, int]:
    """How many rows each table holds, but for what a rehearsal leaves on purpose: itself and two marks in the log."""
    left = {"rehearsal", "audit_entry"}
    with house.database() as db:
        return {
            table.name: db.exec(select(func.count()).select_from(table)).one()
            for table in metadata.sorted_tables
            if table.name not in left
        }
