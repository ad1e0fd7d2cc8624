"""The product running for the tests of a module, a browser for it, and a session's hall for one test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife import clock
from tests.support.browser import chromium, desktop
from tests.support.closing import close_all
from tests.support.running import House, running_house
from tests.support.sessions.gathering import gather
from tests.support.sessions.pages import Hall

PATIENCE = 90_000
"""How long a page may take to show something, in ms: two cores may be busy with much else."""
PLAYWRIGHTS_OWN = 5_000
FEW_PICTURES = "--use-fake-device-for-media-stream=fps=8"
"""A picture that moves is enough here; how many arrive, and how fast, the engine's own tests count."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(FEW_PICTURES) as running:
        expect.set_options(timeout=PATIENCE)
        yield running
    expect.set_options(timeout=PLAYWRIGHTS_OWN)


@pytest.fixture
def plain(house: House, browser: Browser) -> Iterator[Page]:
    """A page of ours with nothing running in it."""
    context = desktop(browser)
    page = context.new_page()
    page.goto(f"{house.url}/offline")
    yield page
    context.close()


@pytest.fixture
def hall(house: House, browser: Browser) -> Iterator[Hall]:
    with house.database() as db:
        group = gather(db, clock.now())
    faults: list[str] = []
    yield Hall(house, group, browser, faults)
    close_all(browser.contexts)
    assert faults == []
