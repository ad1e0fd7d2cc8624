"""Loading a form by somebody else, in a real browser: read, checked beside our topics, loaded."""

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import assert_accessible, desktop
from tests.support.outcomes.clinic import Clinic
from tests.support.outcomes.questionnaires import from_elsewhere

pytestmark = pytest.mark.browser
CASE = from_elsewhere("40-order-nocodes")


def test_a_clinical_lead_names_the_safety_question_before_the_form_is_loaded(clinic: Clinic, browser: Browser) -> None:
    page = clinic.signed_in(desktop(browser), clinic.lead).new_page()
    page.goto(f"{clinic.house.url}/questionnaires")
    page.get_by_label("Which questionnaire is it?").select_option("phq-9")
    page.get_by_label("The form", exact=True).set_input_files(CASE)
    page.get_by_role("button", name="Load the form").click()
    expect(page.get_by_role("heading", name="Check the form before it is loaded")).to_be_visible()
    row = page.get_by_role("row", name="Made-up words about harm to oneself")
    expect(row.get_by_role("combobox")).to_contain_text("9. better-off-dead/self-harm thoughts (alerts a clinician)")
    assert_accessible(page)
    page.get_by_role("button", name="Load the form").click()
    expect(page.get_by_role("alert")).to_contain_text("Say which question is “9. better-off-dead/self-harm thoughts”")
    assert_accessible(page)
    row.get_by_role("combobox").select_option("9")
    page.get_by_role("row", name="Made-up words about tiredness").get_by_role("combobox").select_option("4")
    page.get_by_role("button", name="Load the form").click()
    expect(page.get_by_text("“order-nocodes” is loaded.")).to_be_visible()
