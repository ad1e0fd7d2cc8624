"""An interpreter and a colleague come to one session by links of their own; between sessions the group has a board."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.meeting import PATIENCE, Meeting
from tests.support.browser import assert_accessible, chromium, phone
from tests.support.running import House, running_house

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--use-fake-device-for-media-stream=fps=5") as running:
        yield running


def invite(meeting: Meeting, name: str, beside: str = "") -> str:
    """The link that the lead makes for a guest."""
    page = meeting.lead
    page.goto(f"{meeting.address}/guests")
    page.get_by_label("What is their name?").fill(name)
    page.get_by_label("They support a patient" if beside else "Observer").check()
    if beside:
        page.get_by_label("Who are they supporting?").select_option(index=1)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("heading", name=f"Give this link to {name}")).to_be_visible()
    assert_accessible(page)
    return page.locator("#guest-link").inner_text()


def come(meeting: Meeting, link: str) -> Page:
    """The guest opens the link on a phone, promises, and waits."""
    context = phone(meeting.browser)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("pageerror", lambda error: meeting.faults.append(f"guest: {error}"))
    page.goto(link)
    assert_accessible(page)
    page.get_by_label("I keep what I see and hear here to myself").check()
    page.get_by_role("button", name="Go to the waiting room").click()
    expect(page.get_by_text("You are in the waiting room")).to_be_visible()
    meeting.look(page)
    return page


def test_guests_come_in_and_the_group_reads_who_they_are(house: House, browser: Browser) -> None:
    meeting = Meeting(house, browser, ("Linda",))
    links = invite(meeting, "Marek", beside="Linda"), invite(meeting, "Ines")
    companion, observer = (come(meeting, link) for link in links)
    linda = meeting.patients["Linda"]
    meeting.lead.goto(f"{meeting.address}/room")
    linda.goto(f"{house.url}/j/{meeting.group.group_session.join_code}")
    linda.locator("input[name=camera][value=off]").check(force=True)
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    expect(meeting.lead.locator("#lobby-title")).to_have_text("Waiting to come in (3)")
    meeting.lead.get_by_role("button", name="Let all in").click()
    for page in (companion, observer, linda):
        expect(page.locator("#stage")).to_be_visible()
    expect(linda.locator("#gallery")).to_contain_text("Marek, with Linda")
    expect(linda.locator("#gallery")).to_contain_text("Ines, observer")
    meeting.look(meeting.lead, companion, observer, linda)
    assert meeting.faults == []


def test_the_board_between_sessions(house: House, browser: Browser) -> None:
    meeting = Meeting(house, browser, ("Linda", "Joseph"))
    linda, joseph = meeting.patients["Linda"], meeting.patients["Joseph"]
    board = f"{house.url}/groups/{meeting.group.cohort.id}/board"
    for page in (linda, joseph):
        page.goto(board)
    assert_accessible(linda)
    linda.locator("textarea").fill("I walked to the shop and back today.")
    linda.get_by_role("button", name="Put it on the board").click()
    expect(linda.get_by_role("heading", name="You")).to_be_visible()
    assert_accessible(linda)
    joseph.reload()
    joseph.get_by_text("Something is wrong with this").click()
    assert_accessible(joseph)
    joseph.get_by_role("button", name="Tell").click()
    meeting.lead.goto(board)
    expect(meeting.lead.get_by_text("Somebody has asked you to look at this.")).to_be_visible()
    meeting.lead.get_by_text("Hide it from the group").click()
    assert_accessible(meeting.lead)
