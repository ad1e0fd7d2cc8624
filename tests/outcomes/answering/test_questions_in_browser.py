"""A patient answers on a phone, with and without a link, in two tabs and on two devices; staff see what worries."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlmodel import col, select

from backtolife.outcomes.models import InstrumentResponse, Score
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.outcomes.clinic import Clinic

pytestmark = pytest.mark.browser
SHOWN = ".btl-q:not([hidden])"


def choose(page: Page, words: str) -> None:
    """Choose an answer of the question in view and wait until it is saved or kept."""
    with page.expect_request_finished(lambda request: request.url.endswith("/answers")):
        page.locator(SHOWN).get_by_text(words, exact=True).first.click()


def answer(page: Page, words: str) -> None:
    """Choose an answer and go on; the next question is there when this returns."""
    choose(page, words)
    asked = title(page)
    page.locator("#next").click()
    expect(page.locator("h1")).not_to_have_text(asked)


def title(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_a_patient_answers_the_whole_first_battery_on_a_phone(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser), clinic.patient)
    page = context.new_page()
    page.goto(f"{clinic.house.url}/questions")
    assert_accessible(page)
    page.get_by_role("button", name="Start").click()
    choose(page, "My walking is slower than it should be.")
    assert_accessible(page)
    page.locator("#next").click()
    expect(page.locator("h1")).to_contain_text("How strong was your pain")
    assert_accessible(page)
    for _ in range(3):
        answer(page, "4")
    expect(page.locator("h1")).to_contain_text("when you feel worn out")
    for _ in range(6):
        answer(page, "7")
    expect(page.locator("h1")).to_contain_text("Nothing seemed worth doing")
    for _ in range(9):
        answer(page, "Never")
    expect(page.locator("h1")).to_contain_text("tense or jumpy")
    for _ in range(7):
        answer(page, "On a few days")
    expect(page.locator("h1")).to_contain_text("our service")
    answer(page, "Very good")
    page.locator("textarea").fill("Kind people")
    assert_accessible(page)
    page.locator("#next").click()
    expect(page.locator("h1")).to_contain_text("fits you best")
    answer(page, "I am retired")
    page.locator(".btl-input:visible").fill("3")
    page.locator("#next").click()
    answer(page, "8")
    expect(page.locator("h1")).to_have_text("Thank you")
    assert_accessible(page)
    page.goto(f"{clinic.house.url}/questions")
    expect(page.locator("main")).to_contain_text("You sent these on")
    assert_accessible(page)
    with clinic.house.database() as db:
        mine = select(InstrumentResponse).where(InstrumentResponse.enrolment_id == clinic.enrolment.id)
        by_id = {form.id: form for form in db.exec(mine)}
        figures = db.exec(select(Score).where(col(Score.response_id).in_(by_id)))
        scores = {by_id[row.response_id].instrument: row.value for row in figures}
    assert all(form.completed_at for form in by_id.values())
    assert scores == {
        "rmdq-24": 1,
        "peg-3": 4,
        "semcd-6": 7,
        "phq-9": 0,
        "gad-7": 7,
        "fft": None,
        "work-status": None,
    }
    context.close()


def test_three_answers_given_without_a_link_arrive_once_when_it_is_back(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser), clinic.patient)
    address = clinic.open("gad-7")
    page = context.new_page()
    page.goto(address)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    for words in ("On a few days", "Never", "On almost every day"):
        page.locator(SHOWN).get_by_text(words, exact=True).click()
        expect(page.locator("#saved")).to_contain_text("Kept on this device")
        page.locator("#next").click()
    assert title(page) == "It was hard to unwind."
    clinic.house.web.kill()  # closing a page ends its offline mode a moment before the page
    page.close()
    assert clinic.answers() == {}
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("h1")).to_have_text("You are offline")
    clinic.house.web.start()
    again.reload()
    expect(again.locator("#saved")).to_contain_text("Saved at")
    assert clinic.answers() == {"1": 1, "2": 0, "3": 3}
    again.reload()
    expect(again.locator("#saved")).to_contain_text("Saved at")
    assert clinic.times_given() == 3
    context.close()


def answered_offline(clinic: Clinic, browser: Browser) -> tuple[BrowserContext, Page]:
    """A phone without a network, which keeps the first answer."""
    context = clinic.signed_in(phone(browser), clinic.patient)
    page = context.new_page()
    page.goto(clinic.open("gad-7"))
    context.set_offline(True)
    page.locator(SHOWN).get_by_text("Never", exact=True).click()
    expect(page.locator("#saved")).to_contain_text("Kept on this device")
    return context, page


def test_answers_kept_on_the_device_are_sent_while_the_page_stays_open(clinic: Clinic, browser: Browser) -> None:
    context, page = answered_offline(clinic, browser)
    context.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved at")
    assert clinic.answers() == {"1": 0}
    context.close()


def test_the_list_of_questions_sends_what_was_kept(clinic: Clinic, browser: Browser) -> None:
    context, page = answered_offline(clinic, browser)
    page.close()
    context.set_offline(False)
    overview = context.new_page()
    overview.goto(f"{clinic.house.url}/questions")
    expect(overview.locator("#waiting")).to_contain_text("have reached us")
    assert clinic.answers() == {"1": 0}
    context.close()


def test_two_tabs_and_two_devices_never_double_an_answer(clinic: Clinic, browser: Browser) -> None:
    address = clinic.open("gad-7")
    one = clinic.signed_in(phone(browser), clinic.patient)
    other = clinic.signed_in(desktop(browser), clinic.patient)
    pages = [one.new_page(), one.new_page(), other.new_page()]
    for page in pages:
        page.goto(address)
    for page, words in zip(pages, ("Never", "On a few days", "On almost every day"), strict=True):
        answer(page, words)
        answer(page, words)
    assert clinic.answers() == {"1": 3, "2": 3}
    for page in pages[:2]:
        page.reload()
    assert clinic.answers() == {"1": 3, "2": 3}
    one.close()
    other.close()


def test_an_answer_that_worries_shows_support_at_once_and_staff_see_it(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser), clinic.patient)
    page = context.new_page()
    page.goto(clinic.open("phq-9").removesuffix("/1") + "/9")
    page.locator(SHOWN).get_by_text("On a few days", exact=True).click()
    expect(page.locator("h1")).to_have_text("Thank you for telling us")
    for number in ("999", "111", "116 123", "85258", "Grace"):
        expect(page.locator("main")).to_contain_text(number)
    assert_accessible(page)
    page.get_by_role("link", name="Change it").click()
    page.locator(SHOWN).get_by_text("Never", exact=True).click()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    staff = clinic.signed_in(desktop(browser), clinic.facilitator).new_page()
    staff.goto(f"{clinic.house.url}/tasks")
    expect(staff.locator("main")).to_contain_text("Maureen Example: answered “On a few days”")
    assert_accessible(staff)
    staff.get_by_role("button", name="I have this").click()
    assert_accessible(staff)
    staff.get_by_role("button", name="Save and close the task").click()
    expect(staff.get_by_role("alert")).to_contain_text("Write how and when you reached them")
    for name in ("Contact", "Assessment", "Plan"):
        staff.get_by_label(name, exact=True).fill("Written down.")
    staff.get_by_label("Yes").check()
    staff.get_by_role("button", name="Save and close the task").click()
    expect(staff.locator("main")).to_contain_text("No task is open")
    assert_accessible(staff)
    assert clinic.task().closed_by == clinic.facilitator.id
    context.close()
    staff.context.close()


def test_someone_who_presses_on_at_once_sees_support_all_the_same(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser), clinic.patient)
    page = context.new_page()
    page.goto(clinic.open("phq-9").removesuffix("/1") + "/9")
    page.evaluate(
        """() => {
            document.querySelector(".btl-q:not([hidden]) input[value='3']").click();
            document.getElementById("next").click();
        }"""
    )
    expect(page.locator("h1")).to_have_text("Thank you for telling us")
    page.get_by_role("link", name="Carry on").click()
    expect(page.locator("h1")).to_contain_text("Nothing seemed worth doing")
    context.close()


def test_without_a_link_the_numbers_to_call_still_show(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser), clinic.patient)
    page = context.new_page()
    page.goto(clinic.open("phq-9").removesuffix("/1") + "/9")
    context.set_offline(True)
    page.locator(SHOWN).get_by_text("On over half of the days", exact=True).click()
    expect(page.locator("#support")).to_be_visible()
    expect(page.locator("#support")).to_contain_text("116 123")
    assert_accessible(page)
    context.set_offline(False)
    expect(page.locator("main")).to_contain_text("What we will do")
    assert clinic.task().highest == 2
    context.close()


def test_someone_without_scripts_answers_page_by_page(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser, java_script_enabled=False), clinic.patient)
    page = context.new_page()
    page.goto(clinic.open("peg-3"))
    page.locator("#next").click()
    expect(page.locator(SHOWN)).to_contain_text("You can also skip this question")
    for number in (0, 10):
        page.locator(f'{SHOWN} input[value="{number}"]').check()
        page.locator("#next").click()
    page.locator("#skip").click()
    expect(page.locator("h1")).to_have_text("One question is empty")
    page.get_by_role("link", name="Answer question 3").click()
    page.locator(f'{SHOWN} input[value="5"]').check()
    page.locator("#next").click()
    expect(page.locator("main")).to_contain_text("“Your pain” is sent")
    assert clinic.answers() == {"1": 0, "2": 10, "3": 5}
    context.close()


def test_all_questions_can_stand_on_one_page(clinic: Clinic, browser: Browser) -> None:
    context = clinic.signed_in(phone(browser), clinic.patient)
    page = context.new_page()
    page.goto(clinic.open("gad-7"))
    page.get_by_role("link", name="See all on one page").click()
    assert_accessible(page)
    for section in page.locator(".btl-q").all():
        section.get_by_text("On a few days", exact=True).click()
    page.locator("#next").click()
    expect(page.locator("main")).to_contain_text("“Your worries” is sent")
    assert clinic.answers() == {str(number): 1 for number in range(1, 8)}
    context.close()
