"""From one command to the data: the walk of a patient, a facilitator and a service lead through the running demo.

Each page it ends on is looked at by axe. The demo is the one that `make demo` starts, with its three processes.
"""

import os
import re
import signal
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife.demo.cast import COMING, LEFT, NEW_GROUP, OLD_GROUP
from backtolife.demo.earlier import CALLED
from tests.journeys import other_pages, walk
from tests.support.browser import assert_accessible, chromium
from tests.support.demo_running import RunningDemo, running_demo

LONGEST = "W" * 40
pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--use-fake-device-for-media-stream=fps=10") as running:
        yield running


def look(page: Page, name: str) -> None:
    assert name
    assert_accessible(page)


def test_a_group_gets_nine_dates_that_keep_their_time(browser: Browser, demo: RunningDemo) -> None:
    lead = walk.someone(browser, demo.url, "jo", look)
    walk.make_a_group(lead, "Tuesday and Friday evening")


def test_a_patient_signs_in_by_mail_and_watches_the_video(browser: Browser, demo: RunningDemo) -> None:
    patient = walk.sign_in_by_mail(browser, demo.url, "dev@demo.example", look)
    walk.watch_the_video(patient)


def test_the_group_meets_and_the_web_process_may_die(browser: Browser, demo: RunningDemo) -> None:
    facilitator = walk.someone(browser, demo.url, "priya", look)
    linda = walk.someone(browser, demo.url, "linda", look, on_phone=True)
    maureen = walk.someone(browser, demo.url, "maureen", look, on_phone=True)
    walk.get_ready(linda, "Everyone in the group")
    walk.get_ready(maureen, "Everyone in the group")
    walk.open_the_room(facilitator)
    facilitator.press(re.compile("Let Linda in"))
    facilitator.press(re.compile("Let Maureen in"))
    for one in (facilitator, linda, maureen):
        one.page.wait_for_function(walk.TILES_PLAYING, arg=2)
    facilitator.press("Start session 1")
    expect(linda.page.get_by_text("Hello and how we work").first).to_be_visible()
    look(linda.page, "04-room")
    look(facilitator.page, "06-spotter")
    facilitator.press(re.compile("Start next: Say hello"))
    expect(linda.page.get_by_text("Say hello").first).to_be_visible()

    for pid in demo.pids_of("backtolife web"):
        os.kill(pid, signal.SIGKILL)
    before = frames(linda.page)
    linda.page.wait_for_timeout(2500)
    assert frames(linda.page) > before + 10, "picture goes on while the web process is away"
    wait_until_web_is_back(demo)
    facilitator.page.reload(timeout=60_000)
    expect(facilitator.page.locator("#script .is-now")).to_contain_text("Say hello")
    facilitator.press(re.compile("Start next: What matters"))
    expect(linda.page.get_by_text("What matters to you").first).to_be_visible(timeout=20_000)

    facilitator.press("End session for everyone")
    facilitator.page.locator("#sure-yes").click()
    expect(linda.page.get_by_role("heading", name=re.compile("over|ended|Thank", re.IGNORECASE)).first).to_be_visible()
    look(linda.page, "session-over")


def wait_until_web_is_back(demo: RunningDemo) -> None:
    """The supervisor starts the web process again."""
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{demo.url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the web process did not come back")


def frames(page: Page) -> int:
    """Frames that every video of the page has shown so far."""
    script = """() => [...document.querySelectorAll('video')]
      .reduce((sum, each) => sum + each.getVideoPlaybackQuality().totalVideoFrames, 0)"""
    return int(page.evaluate(script))


def test_an_answer_that_worries_shows_help_at_once_and_reaches_a_clinician(browser: Browser, demo: RunningDemo) -> None:
    patient = walk.someone(browser, demo.url, "joseph", look, on_phone=True)
    walk.answer_everything(patient, item_9=1)
    clinician = walk.someone(browser, demo.url, "grace", look)
    walk.take_the_task(clinician, "Joseph Mensah")


def test_a_service_lead_sees_who_came_and_answered_and_takes_it_away_without_names(
    browser: Browser, demo: RunningDemo
) -> None:
    lead = walk.someone(browser, demo.url, "jo", look)
    lead.open("/results")
    look(lead.page, "09-service")
    expect(lead.page.get_by_text("not counted yet").first).to_be_visible()
    rows = walk.download(lead, "One row an answer (CSV)")
    assert len(rows) > 100
    wide = walk.download(lead, "One row a person (CSV)")
    members = NEW_GROUP + OLD_GROUP + LEFT + COMING
    again = len(wide) - len(members) - len(CALLED)
    assert again in (0, len(NEW_GROUP)), "once each, or twice where the demo has made their next group by now"
    codebook = walk.download(lead, "Codebook (CSV)")
    explained = {value for row in codebook for value in row.values()}
    assert set(rows[0]) <= explained, "every column of the long file is in the codebook"
    everything = str(rows) + str(wide)
    for name in (*(member.full_name for member in members), *(member.email for member in members), *CALLED):
        assert name not in everything


def test_the_pages_beside_the_walk_are_open_to_whoever_they_are_for(browser: Browser, demo: RunningDemo) -> None:
    opened = other_pages.visit(browser, demo.url, look)
    give_everybody_a_long_name(demo)
    other_pages.fit_a_small_phone_still(browser, demo.url, opened)


def give_everybody_a_long_name(demo: RunningDemo) -> None:
    """One word without a place to break, of every person and group."""
    with closing(sqlite3.connect(demo.folder / "backtolife.db", timeout=30)) as database:
        database.execute("UPDATE person SET full_name = ?, shown_name = ?", (LONGEST * 2, LONGEST))
        database.execute("UPDATE cohort SET name = ? || rowid", (LONGEST,))
        database.commit()


def test_the_demo_says_where_each_role_begins(demo: RunningDemo) -> None:
    said = "".join(demo.said)
    for role in ("Patient", "Facilitator", "Service lead", "Mailbox"):
        assert re.search(rf"{role}\s+{demo.url}/", said), role
    assert Path(demo.folder / "backtolife.db").exists()
