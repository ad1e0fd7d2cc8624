"""The pages on which official words are typed, in a test client and in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import assert_accessible, desktop
from tests.support.outcomes.clinic import Clinic
from tests.support.outcomes.typing import typed_out

pytestmark = pytest.mark.browser
START = re.compile("Type it here.*Work and Social Adjustment Scale")


def test_a_lead_types_leaves_comes_back_previews_and_loads(clinic: Clinic, browser: Browser) -> None:
    page = clinic.signed_in(desktop(browser), clinic.lead).new_page()
    page.goto(f"{clinic.house.url}/questionnaires")
    page.get_by_role("button", name=START).click()
    assert_accessible(page)
    page.get_by_label("Name of the questionnaire").fill("Example form")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You can leave and come back.")).to_be_visible()

    page.goto(f"{clinic.house.url}/questionnaires/typed")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Go on typing.*Example form")).click()
    page.get_by_role("button", name="Save and see it as patients do").click()
    expect(page.get_by_role("alert")).to_contain_text("Question 1: type its words")
    assert_accessible(page)

    for name, words in typed_out("wsas").items():
        page.locator(f"#{name}").fill(words)
    page.get_by_role("button", name="Save and see it as patients do").click()
    expect(page.get_by_text("Example question 5?")).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Load these words").click()
    expect(page.get_by_text("“Example form wsas” is loaded.")).to_be_visible()

    page.goto(f"{clinic.house.url}/questionnaires/typed")
    page.get_by_role("button", name=re.compile("Undo loading")).click()
    expect(page.get_by_text("These words are no longer loaded.")).to_be_visible()
    expect(page.get_by_label("Question 5, words")).to_have_value("Example question 5?")
    assert_accessible(page)


def test_two_editors_see_both_words_and_choose(clinic: Clinic, browser: Browser) -> None:
    first = clinic.signed_in(desktop(browser), clinic.lead).new_page()
    first.goto(f"{clinic.house.url}/questionnaires")
    first.get_by_role("button", name=START).click()
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_label("Question 1, words").fill("Typed first")
    first.get_by_role("button", name="Save", exact=True).click()
    second.get_by_label("Question 1, words").fill("Typed second")
    second.get_by_label("Question 2, words").fill("Only here")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator("#q-1-error")).to_contain_text("Somebody else saved this here: “Typed first”.")
    expect(second.get_by_label("Question 1, words")).to_have_value("Typed second")
    second.set_viewport_size({"width": 320, "height": 640})
    assert second.evaluate("document.documentElement.scrollWidth") <= 320
    assert_accessible(second)
    second.get_by_role("button", name="Save", exact=True).click()
    first.reload()
    expect(first.get_by_label("Question 1, words")).to_have_value("Typed second")
    expect(first.get_by_label("Question 2, words")).to_have_value("Only here")
