"""The door of staff in a real browser: a page with an address and a password."""

from playwright.sync_api import Page

from backtolife.people.models import Person
from tests.support.running import House

PASSWORD = "lantern orchard pebble"


def give_password(page: Page, house: House, person: Person) -> None:
    """From the page for signing in to whatever comes after the password."""
    page.goto(f"{house.url}/staff/sign-in")
    type_password(page, person)


def type_password(page: Page, person: Person) -> None:
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
