"""Service leads and clinical leads read results and words, and take files away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from backtolife.people.models import Person
from backtolife.people.signing_in.passwords import hash_password
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.outcomes.clinic import Clinic

pytestmark = pytest.mark.browser
PASSWORD = "a password of the tests"


@pytest.mark.parametrize("device", [phone, desktop])
def test_results_and_words_are_open_to_everyone_who_may_read_them(
    clinic: Clinic, browser: Browser, device: Callable[[Browser], BrowserContext]
) -> None:
    for person, path, words in (
        (clinic.manager, "results", "Download data"),
        (clinic.lead, "words", "not approved yet"),
        (clinic.lead, "results", "From referral to finish"),
    ):
        page = clinic.signed_in(device(browser), person).new_page()
        page.goto(f"{clinic.house.url}/{path}")
        expect(page.locator("main")).to_contain_text(words)
        assert_accessible(page)
        page.context.close()


def test_a_service_lead_takes_a_file_away(clinic: Clinic, browser: Browser) -> None:
    with clinic.house.database() as db:
        db.get_one(Person, clinic.manager.id).password_hash = hash_password(PASSWORD)
        db.commit()
    page = clinic.signed_in(desktop(browser), clinic.manager).new_page()
    page.goto(f"{clinic.house.url}/results")
    page.get_by_role("button", name="One row a person").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words")
    assert_accessible(page)
    page.get_by_label("What do you need the data for?").fill("Report to the board")
    page.get_by_label("Your password").fill(PASSWORD)
    with page.expect_download() as download:
        page.get_by_role("button", name="One row a person").click()
    assert download.value.suggested_filename.startswith("back-to-life-wide-")
    assert clinic.enrolment.code in download.value.path().read_text()
    page.context.close()
