"""A real Chromium for page tests: a phone, a desktop, and a look at accessibility that ends each step."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.closing import closing

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "static" / "vendor" / "axe-core" / "axe.min.js"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
PATIENCE_MS = 90_000
"""How long a page may take on a machine that makes videos at the same time."""
LOOKS_AGAIN = 2
"""A page that redraws itself while axe looks shows it parts that are gone. What is really wrong is there again."""
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1,
    "has_touch": True,
    "is_mobile": True,
    "timezone_id": "Europe/London",
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "timezone_id": "Europe/London"}
ALLOWED_INCOMPLETE = {
    "color-contrast": "text over video or a gradient cannot be judged by a program; the mock-ups give the figures",
    "video-caption": "whether a video's captions are its words is for people to judge; content's tests check them",
}


def chromium_path() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found is None:
        words = "Chromium is not installed. Run as root: make programs, or: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return found


@contextmanager
def chromium(*extra: str) -> Iterator[Browser]:
    """A browser of our own, with a fake camera and microphone; gone with the block."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *extra])
        try:
            yield browser
        finally:
            with closing():
                browser.close()


def phone(browser: Browser, **options: Any) -> BrowserContext:
    return prepared(browser.new_context(**{**PHONE, **options}))


def desktop(browser: Browser, **options: Any) -> BrowserContext:
    return prepared(browser.new_context(**{**DESKTOP, **options}))


def prepared(context: BrowserContext) -> BrowserContext:
    context.grant_permissions(["camera", "microphone"])
    context.set_default_timeout(PATIENCE_MS)
    return context


def assert_accessible(page: Page) -> None:
    """axe finds no violation, nothing incomplete that is not explained above, and the page really is one of ours.

    A page of escaped junk has no violations either: it must have a title, one main heading and a main part.
    """
    page.wait_for_load_state()  # a page that is still arriving has no title yet
    expect(page).to_have_title(re.compile("Back to Life$"))
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("main")).to_have_count(1)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text())  # through the debugger, so that the page's own policy stays as strict as it is
    problems = axe_finds(page)
    for _ in range(LOOKS_AGAIN):
        problems = problems and axe_finds(page)
    assert not problems, f"{page.url}\n" + "\n".join(problems)
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways; a wide table scrolls within itself."""
    width = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} scrolls sideways by {width} px"


def axe_finds(page: Page) -> list[str]:
    """What is wrong on the page as it is at this moment."""
    found = page.evaluate("() => window.axe.run({resultTypes: ['violations', 'incomplete']})")
    problems = [describe(each) for each in found["violations"]]
    return problems + [describe(each) for each in found["incomplete"] if each["id"] not in ALLOWED_INCOMPLETE]


def describe(finding: dict[str, Any]) -> str:
    places = "; ".join(str(node["target"]) for node in finding["nodes"][:3])
    return f"{finding['id']} ({finding['impact']}): {finding['help']} at {places}"
