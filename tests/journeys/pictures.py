"""Pictures of every page, beside the mock-up of the same name: taken from the running demo, by one command."""

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from backtolife.config import ROOT
from tests.journeys import other_pages, room_pictures, walk
from tests.journeys.small_picture import make_small
from tests.support.browser import DESKTOP, PHONE, assert_accessible, chromium
from tests.support.demo_running import running_demo

FOLDER = ROOT / "docs" / "pictures"
SIZES = {"phone": PHONE["viewport"], "desktop": DESKTOP["viewport"]}


def take(names: list[str]) -> None:
    """Take the pictures whose names are given, or all, in both sizes; each page is looked at by axe as well."""
    FOLDER.mkdir(parents=True, exist_ok=True)

    def seen(page: Page, name: str) -> None:
        assert_accessible(page)
        if names and name not in names:
            return
        own = page.viewport_size
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_timeout(400)
            whole = "room" not in page.url
            picture = FOLDER / f"{name}-{size}.png"
            page.screenshot(path=picture, full_page=whole, animations="disabled")
            make_small(picture)
        if own:
            page.set_viewport_size(own)

    if not names or any(name.startswith(room_pictures.PREFIX) for name in names):
        room_pictures.take(FOLDER)
    if names and all(name.startswith(room_pictures.PREFIX) for name in names):
        return
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder)) as demo, chromium() as browser:
        for step in STEPS:
            step(browser, demo.url, seen)
    lay_side_by_side(FOLDER / "01b-home-join-phone.png", FOLDER / "04-room-desktop.png", FOLDER / "readme.png")


def lay_side_by_side(left: Path, right: Path, target: Path) -> None:
    """The README's picture: the top of a phone's page beside a desktop's."""
    with Image.open(left) as one, Image.open(right) as other:
        height = 844
        narrow = one.convert("RGB").crop((0, 0, one.width, height))
        wide = other.convert("RGB").resize((round(other.width * height / other.height), height))
    gap = 32
    whole = Image.new("RGB", (narrow.width + gap + wide.width, height), "#FFFFFF")
    whole.paste(narrow, (0, 0))
    whole.paste(wide, (narrow.width + gap, 0))
    whole.quantize(256).save(target, optimize=True)


def alone(browser: Browser, url: str, seen: walk.Seen) -> None:
    """What one person does: pages to sign in, the video, the questions, groups, results."""
    seen(walk.someone(browser, url, "mei", seen, on_phone=True).page, "01-home")
    patient = walk.sign_in_by_mail(browser, url, "dev@demo.example", seen)
    walk.watch_the_video(patient)
    for path, name in (("/your-details", "details"), ("/privacy", "privacy"), ("/cookies", "cookies")):
        patient.open(path)
        seen(patient.page, name)
    patient.open("/no-such-page")
    seen(patient.page, "not-found")
    worried = walk.someone(browser, url, "joseph", seen, on_phone=True)
    walk.answer_everything(worried, item_9=1)
    walk.take_the_task(walk.someone(browser, url, "grace", seen), "Joseph Mensah")


def staff(browser: Browser, url: str, seen: walk.Seen) -> None:
    facilitator = walk.someone(browser, url, "priya", seen)
    facilitator.open("/groups")
    seen(facilitator.page, "groups")
    facilitator.follow("Group A")
    seen(facilitator.page, "08-cohort")
    facilitator.open("/videos/manage")
    seen(facilitator.page, "videos-manage")
    lead = walk.someone(browser, url, "jo", seen)
    lead.open("/results")
    seen(lead.page, "09-service")
    walk.make_a_group(lead, "Tuesday and Friday evening")
    administrator = walk.someone(browser, url, "sam", seen)
    administrator.open("/staff")
    seen(administrator.page, "staff")


def together(browser: Browser, url: str, seen: walk.Seen) -> None:
    """The live group, from the device check to the end."""
    facilitator = walk.someone(browser, url, "priya", seen)
    patients = [walk.someone(browser, url, key, seen, on_phone=True) for key in ("linda", "maureen", "farah")]
    for patient in patients:
        walk.get_ready(patient, "Everyone in the group")
    linda = patients[0]
    seen(linda.page, "lobby")
    walk.open_the_room(facilitator)
    facilitator.press("Let all in")
    for one in (facilitator, *patients):
        one.page.wait_for_function(walk.TILES_PLAYING, arg=3)
    facilitator.press("Start session 1")
    facilitator.press(re.compile("Start next: Say hello"))
    seen(linda.page, "04-room")
    linda.press("I need help")
    linda.page.wait_for_timeout(800)
    seen(linda.page, "04b-room-help")
    seen(facilitator.page, "06-spotter")
    linda.press(re.compile("OK now"))
    linda.press("Chat")
    linda.page.get_by_label("Write to everyone").fill("Planting my bulbs. Getting down is fine. Getting up is hard.")
    linda.press("Send")
    seen(linda.page, "04c-room-chat")
    linda.page.locator("#chat-close").click()
    for _ in range(4):
        facilitator.page.locator("#go").click()
        facilitator.page.wait_for_timeout(600)
    seen(linda.page, "05a-exercise")
    facilitator.page.locator("#go").click()
    linda.page.wait_for_timeout(1000)
    seen(linda.page, "05b-relax")
    facilitator.press("End session for everyone")
    facilitator.page.locator("#sure-yes").click()
    linda.page.get_by_role("heading", name="Session 1 is over").wait_for()
    seen(linda.page, "session-over")


def rehearsing(browser: Browser, url: str, seen: walk.Seen) -> None:
    """A facilitator alone with simulated people and the guide."""
    facilitator = walk.someone(browser, url, "priya", seen)
    facilitator.open("/rehearse")
    facilitator.press("Start the rehearsal")
    facilitator.press("Let all in")
    facilitator.page.wait_for_function(walk.TILES_PLAYING, arg=4)
    facilitator.press("Start session 1")
    facilitator.press("Practise an alert")
    facilitator.page.locator(".btl-alertbar").wait_for(timeout=60_000)
    seen(facilitator.page, "rehearsal")
    facilitator.press("End session for everyone")
    facilitator.page.locator("#sure-yes").click()
    facilitator.page.get_by_text("Your rehearsal is over.").wait_for(timeout=60_000)


STEPS: tuple[Callable[[Browser, str, walk.Seen], None], ...] = (staff, other_pages.visit, rehearsing, alone, together)
