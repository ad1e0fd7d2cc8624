"""Small groups in real browsers: who sees whom, a private camera, a visit, help, a reload, coming back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backtolife import clock
from backtolife.people.models import Person
from backtolife.programme.plan.loading import shipped
from tests.journeys.test_four_in_one_session import KEEP_CONNECTIONS
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.closing import close_all
from tests.support.running import House
from tests.support.sessions.gathering import Gathering, gather

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
PATIENCE = 90_000
NAMES = ("Linda", "Joseph", "Maureen", "Asha")
PICTURES = """async (wanted) => {
  const open = window.connections.filter((each) => each.connectionState === "connected");
  const reports = (await Promise.all(open.map((each) => each.getStats()))).flatMap((each) => [...each.values()]);
  const pictures = reports.filter((each) => each.type === "inbound-rtp" && each.kind === "video");
  return pictures.filter((each) => each.framesDecoded > 5).length === wanted;
}"""
"""Whether just so many pictures really arrive: frames that this browser decoded, over connections that are up."""
PLAYING = """names => {
  const shown = [...document.querySelectorAll(".btl-tile")].filter((tile) => tile.getClientRects().length
    && [...tile.querySelectorAll("video")].some((video) => !video.hidden && video.videoWidth > 0));
  return names.every((name) => shown.some((tile) => tile.textContent.includes(name)));
}"""


class Session:
    """A session at its reflection with a lead, a spotter and four patients in it."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house, self.browser = house, browser
        self.contexts: list[BrowserContext] = []
        with house.database() as db:
            self.group: Gathering = gather(db, clock.now(), NAMES)
        self.room = f"{house.url}/sessions/{self.group.group_session.id}/room"
        self.lead = self.page(self.group.lead)
        self.lead.goto(self.room)
        self.patients = {person.shown_name: self.join(person) for person in self.group.patients}
        self.lead.get_by_role("button", name="Let all in").click()
        self.lead.get_by_role("button", name="Start session 1").click()
        place = next(at for at, part in enumerate(shipped().session(1).sections) if part.kind == "reflection")
        self.lead.locator(f'[data-go-to="{place}"]').click()

    def page(self, person: Person, *, small: bool = False) -> Page:
        context = phone(self.browser) if small else desktop(self.browser)
        context.add_cookies(self.house.browser_cookies(person))  # type: ignore[arg-type]
        context.add_init_script(f"({KEEP_CONNECTIONS})()")
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    def join(self, person: Person) -> Page:
        page = self.page(person, small=True)
        page.goto(f"{self.house.url}/j/{self.group.group_session.join_code}")
        camera = "facilitators" if person.shown_name == "Maureen" else "everyone"
        page.locator(f"input[name=camera][value={camera}]").check(force=True)
        page.get_by_text("At home", exact=True).click()
        page.get_by_role("button", name="Join the group").click()
        expect(page.get_by_text("You are in the waiting room")).to_be_visible()
        return page

    def close(self) -> None:
        close_all(self.contexts)


@pytest.fixture
def session(house: House, browser: Browser) -> Iterator[Session]:
    opened = Session(house, browser)
    yield opened
    opened.close()


def sees(page: Page, *names: str) -> None:
    page.wait_for_function(PLAYING, arg=list(names), timeout=PATIENCE)


def decodes(page: Page, pictures: int) -> None:
    page.wait_for_function(PICTURES, arg=pictures, timeout=PATIENCE)


def members(lead: Page, group: int) -> list[str]:
    return lead.locator("#small-groups > li").nth(group - 1).locator("ul strong").all_inner_texts()


def test_a_reflection_in_small_groups_and_back(session: Session) -> None:
    lead, linda, joseph = session.lead, session.patients["Linda"], session.patients["Joseph"]
    maureen, asha = session.patients["Maureen"], session.patients["Asha"]
    expect(lead.get_by_role("heading", name="Small groups")).to_be_visible()
    lead.get_by_label("How many").select_option("2")
    lead.get_by_role("button", name="Make small groups").click()
    expect(lead.locator("#small-groups > li")).to_have_count(2)
    lead.get_by_label("How many").select_option("0")
    expect(lead.locator("#small-groups > li")).to_have_count(1)
    lead.get_by_label("How many").select_option("2")
    expect(lead.locator("#small-groups > li")).to_have_count(2)
    assert members(lead, 1) == ["Linda", "Maureen"]
    assert_accessible(lead)
    lead.get_by_role("button", name="Open the groups for 7 minutes").click()
    expect(linda.locator("#small-words")).to_contain_text("Small group 1")
    expect(joseph.locator("#small-words")).to_contain_text("Small group 2")
    expect(lead.locator("#small-groups .btl-small__warn")).to_have_count(0)
    sees(joseph, "Asha")
    sees(maureen, "Linda")
    expect(linda.locator("#gallery > li")).to_have_count(2)
    decodes(linda, 0)  # Maureen is private and nobody else is here
    assert_accessible(linda)

    lead.get_by_role("button", name="Go into group 1").click()
    sees(lead, "Linda", "Maureen")
    sees(linda, "Priya")
    decodes(linda, 1)
    lead.get_by_label("Group for Linda").select_option("2")
    sees(joseph, "Linda")
    expect(maureen.get_by_text("Linda")).to_have_count(0)

    asha.get_by_role("button", name="I need help").click()
    expect(lead.locator("#alerts")).to_contain_text("In small group 2")
    asha.get_by_role("button", name="I’m OK now").click()
    asha.reload()
    expect(asha.locator("#small-words")).to_contain_text("Small group 2")
    sees(asha, "Joseph", "Linda")
    assert_accessible(lead)

    lead.get_by_role("button", name="Call everyone back in 30 seconds").click()
    expect(linda.locator("#small-words")).to_contain_text("Back to everyone in 0:")
    lead.get_by_role("button", name="Bring everyone back now").click()
    expect(linda.locator("#small-words")).to_be_hidden()
    sees(linda, "Joseph", "Asha", "Priya")
    sees(lead, "Linda", "Joseph", "Maureen", "Asha")
    decodes(linda, 3)
