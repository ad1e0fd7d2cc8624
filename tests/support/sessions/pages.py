"""Real pages of a session in real browsers: who joins, who leads, what a page shows."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from backtolife.people.models import Person
from backtolife.sessions.room.models import Seat
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.running import House
from tests.support.sessions.gathering import Gathering

FRAMES = """(seat) => {
  const video = document.querySelector(`[data-seat="${seat}"] video`);
  return video && !video.hidden ? video.getVideoPlaybackQuality().totalVideoFrames : -1;
}"""


@dataclass
class Hall:
    """One session; pages of people in it, each with the faults that its browser reported."""

    house: House
    group: Gathering
    browser: Browser
    faults: list[str]

    def page(self, person: Person, *, small: bool = False) -> Page:
        context = phone(self.browser) if small else desktop(self.browser)
        context.add_cookies(self.house.browser_cookies(person))  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        return page

    def join(self, person: Person, camera: str, *, small: bool = False) -> Page:
        page = self.page(person, small=small)
        self.come(page, camera)
        return page

    def come(self, page: Page, camera: str) -> None:
        """Through the door into the waiting room."""
        page.goto(f"{self.house.url}/j/{self.group.group_session.join_code}")
        page.locator(f"input[name=camera][value={camera}]").check(force=True)
        page.get_by_text("At home", exact=True).click()
        page.get_by_role("button", name="Join the group").click()
        expect(page.get_by_text("You are in the waiting room")).to_be_visible()

    def lead(self) -> Page:
        page = self.page(self.group.lead)
        page.goto(f"{self.house.url}/sessions/{self.group.group_session.id}/room")
        expect(page.get_by_role("button", name="Start session 1")).to_be_visible()
        return page

    def seat(self, person: Person) -> str:
        with self.house.database() as db:
            wanted = select(Seat.id).where(
                Seat.person_id == person.id, Seat.group_session_id == self.group.group_session.id
            )
            return db.exec(wanted).one()


def look(page: Page) -> None:
    """Let the page settle, then let axe look at it."""
    page.wait_for_load_state("load")
    assert_accessible(page)


def shows(page: Page, seat: str) -> None:
    """The picture of this seat moves on the page."""
    page.wait_for_function(f"(seat) => ({FRAMES})(seat) > 5", arg=seat)


def write(page: Page, words: str) -> None:
    """Send words to the chat, and open it before where it is folded away."""
    if page.locator("#chat").is_hidden():
        page.locator("#chat-toggle").click()
    page.locator("#message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
