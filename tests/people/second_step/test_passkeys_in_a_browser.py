"""In a real Chromium with a key of its own: a passkey is added, lets in, counts, and is of no use elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import select

from backtolife.people.models import Person
from backtolife.people.second_step.models import Passkey
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.media.engine import free_port
from tests.support.people.staff_door import give_password
from tests.support.running import House, running_house

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Under a name: browsers make no passkeys for a number. Here everybody needs a second step."""
    port = free_port()
    other = {"PUBLIC_URL": f"http://localhost:{port}", "STAFF_SECOND_STEP": "required"}
    with running_house(tmp_path_factory.mktemp("house"), media=False, port=port, other=other) as running:
        yield running


class Fingerprint:
    """The reader of a device, which says yes, or does not know the finger."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.cdp = context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        kind: dict[str, Any] = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        kind |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        self.id = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]

    def knows(self, finger: bool) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": finger})


def kept(house: House, person: Person) -> list[Passkey]:
    with house.database() as db:
        return list(db.exec(select(Passkey).where(Passkey.person_id == person.id)))


def test_a_passkey_is_added_lets_in_and_is_removed(house: House, browser: Browser, grace: Person) -> None:
    with phone(browser) as context:
        page = context.new_page()
        finger = Fingerprint(context, page)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        give_password(page, house, grace)
        expect(page.get_by_text("Your service asks for a second step")).to_be_visible()
        assert_accessible(page)
        page.get_by_label("Name of this device").fill("Grace’s phone")
        page.get_by_role("button", name="Add a passkey on this device").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/sign-in")
        page.goto(f"{house.url}/staff/sign-in")
        assert_accessible(page)
        before = kept(house, grace)[0].sign_count
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("banner").get_by_text("Grace")).to_be_visible()
        assert kept(house, grace)[0].sign_count > before
        assert not complaints, complaints
        page.goto(f"{house.url}/your-details/second-step")
        expect(page.get_by_text("Grace’s phone")).to_be_visible()
        expect(page.get_by_text("last used")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/sign-in")
        finger.knows(False)
        page.goto(f"{house.url}/staff/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("Your device did not give a passkey")).to_be_visible()
        finger.knows(True)
        give_password(page, house, grace)
        expect(page.get_by_text("use your passkey")).to_be_visible()
        assert_accessible(page)
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_role("banner").get_by_text("Grace")).to_be_visible()


def test_at_another_address_the_passkey_is_of_no_use(house: House, browser: Browser, grace: Person) -> None:
    with desktop(browser) as context:
        page = context.new_page()
        Fingerprint(context, page)
        give_password(page, house, grace)
        page.get_by_label("Name of this device").fill("Laptop")
        page.get_by_role("button", name="Add a passkey on this device").click()
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        elsewhere = house.url.replace("localhost", "127.0.0.1")
        page.goto(f"{elsewhere}/staff/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        expect(page.get_by_text("Your device did not give a passkey")).to_be_visible()
        assert kept(house, grace)[0].used_at is None
