"""A session with people in a browser each, for journeys: who they are, their pages, and what the lead does to go on."""

import re

from playwright.sync_api import Browser, Page, expect

from backtolife import clock
from backtolife.people.models import Person
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Section
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.running import House
from tests.support.sessions.gathering import Gathering, gather

ON_PHONES = ("Linda", "Joseph")
PATIENCE = 90_000


class Meeting:
    """Session `number` with a lead, a spotter and patients, a browser context each."""

    def __init__(self, house: House, browser: Browser, names: tuple[str, ...], number: int = 1) -> None:
        expect.set_options(timeout=PATIENCE)
        self.house, self.browser, self.number = house, browser, number
        self.faults: list[str] = []
        with house.database() as db:
            self.group: Gathering = gather(db, clock.now(), names, number)
        self.lead, self.spotter = self.page(self.group.lead), self.page(self.group.spotter)
        self.patients = {person.shown_name: self.page(person) for person in self.group.patients}

    @property
    def parts(self) -> tuple[Section, ...]:
        return shipped().session(self.number).sections

    @property
    def address(self) -> str:
        return f"{self.house.url}/sessions/{self.group.group_session.id}"

    @property
    def staff(self) -> tuple[Page, Page]:
        return self.lead, self.spotter

    def page(self, person: Person) -> Page:
        context = phone(self.browser) if person.shown_name in ON_PHONES else desktop(self.browser)
        context.set_default_timeout(PATIENCE)
        context.add_cookies(self.house.browser_cookies(person))  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{person.shown_name}: {error}"))
        return page

    def come_in(self, seen: tuple[str, ...] = ()) -> None:
        """Everyone joins; the lead lets the patients in. Only those `seen` show a picture of themselves."""
        for page in self.staff:
            page.goto(f"{self.address}/room", wait_until="commit")
        for page in self.patients.values():
            page.goto(f"{self.house.url}/j/{self.group.group_session.join_code}", wait_until="commit")
        for name, page in self.patients.items():
            choice = "everyone" if name in seen else "off"
            page.locator(f"input[name=camera][value={choice}]").check(force=True)
            page.get_by_text("At home", exact=True).click()
            page.get_by_role("button", name="Join the group").click()
        for page in self.patients.values():
            expect(page.get_by_text("You are in the waiting room")).to_be_visible()
        expect(self.lead.locator("#lobby-title")).to_have_text(f"Waiting to come in ({len(self.patients)})")
        self.look(*self.staff, next(iter(self.patients.values())))
        self.lead.get_by_role("button", name="Let all in").click()
        for page in self.patients.values():
            expect(page.locator("#stage")).to_be_visible()

    def go_to(self, kind: str) -> Section:
        """The lead goes on to the next part, which is of this kind, and everyone is there."""
        at = next(place for place, part in enumerate(self.parts) if part.kind == kind)
        title = self.parts[at].title
        begin = f"Start session {self.number}" if at == 0 else f"Start next: {title}"
        self.lead.get_by_role("button", name=begin).click()
        for page in self.staff:
            expect(page.locator("#script .is-now")).to_contain_text(title)
        for page in self.patients.values():
            expect(page.locator("h1")).to_contain_text(title)
        return self.parts[at]

    def skip_to(self, kind: str) -> Section:
        """The lead presses on through the parts before the one of this kind."""
        for part in self.parts:
            self.go_to(part.kind)
            if part.kind == kind:
                return part
        raise LookupError(kind)

    def look(self, *pages: Page) -> None:
        """Each page passes axe and is of the kind it should be: dark in the room."""
        for page in pages:
            expect(page.locator("body")).to_have_class(re.compile("btl-room"))
            assert_accessible(page)

    def end(self) -> None:
        """The lead ends the session, and everyone sees that it is over."""
        self.lead.get_by_role("button", name="End session for everyone").click()
        self.lead.locator("#sure-yes").click()
        for page in (*self.patients.values(), *self.staff):
            expect(page.get_by_role("heading", name=f"Session {self.number} is over")).to_be_visible()
