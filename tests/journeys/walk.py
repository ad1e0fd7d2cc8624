"""The steps of the whole walk, as a person takes them; each looks at the page it ends on.

The same steps make the test and the pictures: `seen(page, name)` is called on each page that has a mock-up or a name.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from backtolife.demo.cast import PASSWORD
from tests.support.browser import desktop, phone

Seen = Callable[[Page, str], None]
SELF_HARM = "9"
PLAYING = "() => { const v = document.querySelector('video'); return v.currentTime > 1 && v.videoWidth > 0; }"
WHERE = """() => location.pathname + [...document.querySelectorAll('.btl-q')]
  .filter(each => each.getClientRects().length > 0).map(each => each.dataset.question ?? each.dataset.kind)"""
"""Which page and which question is in view."""
TILES_PLAYING = """least => [...document.querySelectorAll('video')]
  .filter(each => each.videoWidth > 0 && !each.paused && each.getClientRects().length > 0).length >= least"""


@dataclass
class Walker:
    """Someone with a browser of their own at the demo's address."""

    url: str
    page: Page
    seen: Seen

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str | re.Pattern[str], *, exact: bool = False) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def heading(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()


def someone(browser: Browser, url: str, key: str, seen: Seen, *, on_phone: bool = False) -> Walker:
    """A made-up person of the demo, signed in by the demo's own page."""
    context = phone(browser) if on_phone else desktop(browser)
    walker = Walker(url, context.new_page(), seen)
    walker.open(f"/demo/{key}")
    walker.press(re.compile("Sign in as"))
    expect(walker.page.get_by_role("button", name="Log out")).to_be_visible()
    return walker


def sign_in_by_mail(browser: Browser, url: str, email: str, seen: Seen) -> Walker:
    """A patient on a phone asks for a link, opens it from the mailbox and presses the button."""
    walker = Walker(url, phone(browser).new_page(), seen)
    walker.open("/sign-in")
    seen(walker.page, "sign-in")
    walker.page.get_by_label("E-mail address").fill(email)
    walker.press("Send me a link")
    seen(walker.page, "sign-in-code")
    mail = walker.page.locator(".btl-mail").filter(has_text=email).filter(has_text="sign-in link")
    for _ in range(90):
        walker.open("/mailbox")
        if mail.count():
            break
        walker.page.wait_for_timeout(500)
    seen(walker.page, "mailbox")
    mail.first.get_by_role("link").first.click()
    seen(walker.page, "sign-in-link")
    walker.press("Sign in")
    walker.heading(re.compile("^Good "))
    seen(walker.page, "01b-home-join")
    return walker


def make_a_group(lead: Walker, name: str) -> None:
    """A service lead makes a group and sees its nine dates."""
    lead.seen(lead.page, "home-service-lead")
    lead.open("/groups/new")
    page = lead.page
    page.get_by_label("Name of the group").fill(name)
    page.get_by_label("How often does it meet?").select_option(label="Twice a week")
    page.get_by_label("First session").fill("2027-03-16")
    for day in ("Tuesday", "Friday"):
        page.get_by_label(day).check()
    page.get_by_label("At what time?").fill("18:30")
    page.get_by_label("How many places?").fill("8")
    choose(page.get_by_label("Lead", exact=True), "Priya Nair")
    choose(page.get_by_label("Spotter"), "Tom Ellis")
    lead.seen(page, "group-new")
    lead.press("Make the group")
    expect(page.get_by_role("alert")).to_contain_text("Friday 26 March 2027, is a day nobody works: Good Friday")
    lead.press("Make the group as it is")
    lead.heading(name)
    dates = page.locator("ol.btl-path__list li")
    expect(dates).to_have_count(9)
    expect(dates.nth(4)).to_contain_text("6:30pm")
    expect(dates.nth(1)).to_contain_text("Friday 19 March 2027, 6:30pm")
    lead.seen(page, "group-dates")


def choose(list_of: Locator, name: str) -> None:
    """Whoever has this name, whatever is said of them beside it."""
    list_of.select_option(list_of.locator("option").filter(has_text=name).get_attribute("value"))


def watch_the_video(patient: Walker) -> None:
    """Session 1's video plays with captions, and a reload goes on where it stopped."""
    patient.open("/videos")
    patient.seen(patient.page, "videos")
    patient.follow(re.compile("How pain works"))
    page = patient.page
    page.get_by_role("button", name="Play", exact=True).first.click()
    page.wait_for_function(PLAYING)
    patient.seen(page, "02-video")
    page.evaluate("() => { document.querySelector('video').currentTime = 20; }")
    page.wait_for_function("() => document.querySelector('video').currentTime > 21")
    page.get_by_role("button", name="Pause").first.click()
    page.wait_for_timeout(3000)
    page.reload()
    page.wait_for_function("() => document.querySelector('video').currentTime > 18")


def get_ready(patient: Walker, camera: str) -> None:
    """From the home page through the device check into the waiting room."""
    patient.open("/")
    patient.follow(re.compile("Join session"))
    if patient.page.get_by_role("button", name="Get ready to join").count():
        patient.press("Get ready to join")
    patient.heading(re.compile("Get ready for session"))
    page = patient.page
    expect(page.locator("[data-check=camera] [data-tag]")).to_have_text("Works")
    expect(page.locator("[data-check=microphone] [data-tag]")).to_have_text("Works")
    page.get_by_text(camera).first.click()
    page.get_by_text("At home").first.click()
    patient.seen(page, "03-prejoin")
    patient.press("Join the group")
    expect(page.get_by_text(re.compile("lets you in|let you in")).first).to_be_visible()


def open_the_room(facilitator: Walker) -> None:
    facilitator.open("/")
    facilitator.seen(facilitator.page, "home-facilitator")
    facilitator.follow(re.compile("session 1"))
    facilitator.heading("See yourself before session 1")
    facilitator.seen(facilitator.page, "staff-ready")
    facilitator.follow("Go into the room")
    expect(facilitator.page.locator("#script")).to_be_visible()


def answer_everything(patient: Walker, *, item_9: int) -> None:
    """The whole first battery, one question a page; the support page shows at once when item 9 is above 0."""
    patient.open("/questions")
    patient.seen(patient.page, "questions")
    patient.press(re.compile("^(Start|Carry on)"))
    page = patient.page
    supported = pictured = False
    for _ in range(120):
        if "/thanks/" in page.url:
            break
        if "/support" in page.url:
            supported = True
            patient.seen(page, "07b-support")
            patient.follow("Carry on with the questions")
            page.wait_for_url(lambda url: "/support" not in url)
        elif "/check" in page.url:
            patient.press(re.compile("^Send"))
            page.wait_for_url(lambda url: "/check" not in url)
        else:
            if not pictured and page.locator("#where").count() and "question 4" in page.locator("#where").inner_text():
                patient.seen(page, "07a-question")
                pictured = True
            answer_one(page, item_9)
    assert "/thanks/" in page.url, page.url
    assert supported is (item_9 > 0), "the support page shows for exactly the answers that call for it"
    assert pictured
    patient.seen(page, "questions-thanks")


def answer_one(page: Page, item_9: int) -> None:
    """Answer the question in view and go on."""
    question = page.locator(".btl-q:visible").first
    kind = question.get_attribute("data-kind")
    if kind == "ticks":
        for place in (0, 2, 5):
            question.locator("label.btl-choice__row").nth(place).click()
    elif kind == "number":
        question.locator("input").fill("2")
    elif kind == "text":
        question.locator("textarea").fill("The team was kind.")
    else:
        risky = question.get_attribute("data-alert-from") is not None
        rows = question.locator("label.btl-choice__row")
        rows.nth(item_9 if risky else min(1, rows.count() - 1)).click()
        if risky and item_9:
            page.wait_for_url(re.compile("/support"))
            return
    before = page.evaluate(WHERE)
    page.locator("#next").click()
    page.wait_for_function(f"before => ({WHERE})() !== before", arg=before)


def take_the_task(clinician: Walker, patient_name: str) -> None:
    """Someone clinical sees the safety task and takes it."""
    clinician.open("/tasks")
    clinician.seen(clinician.page, "tasks")
    expect(clinician.page.get_by_text(patient_name).first).to_be_visible()
    clinician.follow(re.compile(f"{patient_name}|See"))
    clinician.seen(clinician.page, "task")
    clinician.press("I have this")
    expect(clinician.page.get_by_text("You have").first).to_be_visible()


def download(lead: Walker, name: str) -> list[dict[str, str]]:
    """A file from the results page, as rows; it asks for a reason first."""
    lead.open("/results")
    lead.page.get_by_label("What do you need the data for?").fill("Quarterly report to the board")
    if lead.page.get_by_label("Your password").count():
        lead.page.get_by_label("Your password").fill(PASSWORD)
    with lead.page.expect_download() as given:
        lead.press(name)
    text = given.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))
