"""What is put before the group, and how each person has their own page, in a real browser."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from backtolife import clock
from backtolife.content.encoding.ffmpeg import find_ffmpeg
from backtolife.content.encoding.playlists import write_master
from backtolife.content.encoding.renditions import hls
from backtolife.content.models import PackageState, VideoPackage
from backtolife.content.services import adopt_scripts
from backtolife.people.access import System
from backtolife.people.models import Service
from tests.sessions.in_a_browser.test_parts import Room
from tests.support.browser import assert_accessible
from tests.support.running import House
from tests.support.sessions.gathering import Gathering

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
PATIENCE = 90_000
FILM_SECONDS = 90
IN_STEP_MS = 500
BEHIND = """() => {
  const film = document.getElementById("film");
  const plays = !film.hidden && !film.paused && !film.seeking && film.readyState >= 3;
  return plays ? Math.abs(Number(film.dataset.behind)) : 1e9;
}"""

PLAYS = "() => [...document.querySelectorAll('.btl-video')].some((one) => one.checkVisibility() && one.videoWidth)"


@pytest.fixture
def room(house: House, browser: Browser) -> Iterator[Room]:
    running = Room(house, browser).begin()
    yield running
    running.close()


@pytest.fixture
def film(house: House, room: Room) -> str:
    """The title of the session's own video, packaged as ours are."""
    return make_film(house, room.group)


def make_film(house: House, group: Gathering) -> str:
    with house.database() as db:
        service = db.get_one(Service, group.lead.service_id)
        videos = adopt_scripts(db, service=service, actor=System("test", service.id), now=clock.now())
        video = next(each for each in videos if each.session_number == 1)
        package = db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)).one()
        package.state, package.duration_ms = PackageState.READY, FILM_SECONDS * 1000
        folder, title = house.settings.videos_dir / "packages" / package.id, video.title
    encode(folder)
    return title


def encode(folder: Path) -> None:
    (folder / "360p").mkdir(parents=True)
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10", "-f", "lavfi"]
    command += ["-i", "sine=frequency=330:sample_rate=48000", "-t", str(FILM_SECONDS), "-c:v", "libx264"]
    command += ["-preset", "ultrafast", "-g", "20", "-pix_fmt", "yuv420p", "-c:a", "aac", *hls("360p")]
    subprocess.run(command, cwd=folder, check=True)
    write_master(folder)


def until_in_step(page: Page) -> None:
    page.wait_for_function(f"(limit) => ({BEHIND})() <= limit", arg=IN_STEP_MS, timeout=PATIENCE)


def test_everybody_watches_in_step_and_who_reloads_lands_where_the_others_are(room: Room, film: str) -> None:
    lead, linda = room.lead, room.linda
    lead.get_by_role("button", name="Watch the video together").click()
    expect(linda.locator("#show-name")).to_have_text(film)
    lead.get_by_role("button", name="Play for everyone").click()
    for page in (lead, linda):
        until_in_step(page)
    lead.locator("#film-at").evaluate("(range) => { range.value = 60; range.dispatchEvent(new Event('change')); }")
    for page in (lead, linda):
        page.wait_for_function("() => document.getElementById('film').currentTime >= 60")
        until_in_step(page)
    linda.reload()
    linda.wait_for_function("() => document.getElementById('film').currentTime >= 60")
    until_in_step(linda)
    assert_accessible(linda)
    lead.get_by_role("button", name="Pause for everyone").click()
    for page in (lead, linda):
        page.wait_for_function("() => document.getElementById('film').paused")
    lead.wait_for_function("() => Math.abs(Number(document.getElementById('film').dataset.behind)) < 100")
    linda.wait_for_function("() => Math.abs(Number(document.getElementById('film').dataset.behind)) < 100")
    places = [page.evaluate("document.getElementById('film').currentTime") for page in (lead, linda)]
    assert abs(places[0] - places[1]) < IN_STEP_MS / 1000
    assert_accessible(lead)
    lead.get_by_role("button", name="Close the video").click()
    expect(linda.locator("#show-place")).to_be_hidden()


def test_a_question_is_asked_answered_and_closed(room: Room) -> None:
    lead, linda = room.lead, room.linda
    lead.get_by_role("button", name="Ask the group a question").click()
    assert_accessible(lead)
    lead.get_by_label("Your question").fill("Which is <b>hardest</b>?")
    for place, words in enumerate(("Getting up", "Sitting still"), start=1):
        lead.get_by_label(f"Answer {place}", exact=True).fill(words)
    lead.get_by_role("button", name="Ask now").click()
    expect(linda.locator("#poll-title")).to_have_text("Which is <b>hardest</b>?")
    linda.get_by_label("Sitting still").check(force=True)
    expect(linda.locator("#poll-note")).to_have_text("We have your answer. You can change it.")
    assert_accessible(linda)
    expect(lead.locator("#poll-answered")).to_contain_text("1 person has answered")
    expect(linda.locator("#poll-told")).to_be_empty()
    linda.reload()
    expect(linda.get_by_label("Sitting still")).to_be_checked()
    lead.get_by_role("button", name="Close the question").click()
    expect(linda.locator("#poll-note")).to_contain_text("closed")
    linda.get_by_role("button", name="Close this").click()
    expect(linda.locator("#poll")).to_be_hidden()


def test_a_sign_shows_on_the_tile_and_is_said_once(room: Room) -> None:
    room.linda.get_by_role("button", name="Chat").click()
    room.linda.get_by_role("button", name="Well done").click()
    expect(room.lead.locator("#wall .btl-tile__flag", has_text="Well done")).to_be_visible()
    expect(room.lead.locator("#announce")).to_have_text("Linda: Well done")
    assert_accessible(room.linda)


def test_a_facilitators_screen_is_large_for_everyone_until_they_stop(room: Room) -> None:
    lead, linda = room.lead, room.linda
    lead.get_by_role("button", name="Show my screen").click()
    expect(linda.locator("#show-name")).to_have_text("Priya is showing their screen")
    linda.wait_for_function("() => document.getElementById('screen').videoWidth > 0")
    expect(linda.locator("#stage")).to_have_attribute("data-layout", "show")
    assert_accessible(linda)
    lead.get_by_role("button", name="Stop showing my screen").click()
    expect(linda.locator("#show-place")).to_be_hidden()


def test_how_people_lie_follows_the_session_until_a_person_chooses_and_is_remembered(room: Room) -> None:
    linda = room.linda
    expect(linda.locator("#stage")).to_have_attribute("data-layout", "speaker")
    room.go_to("check_in")
    expect(linda.locator("#stage")).to_have_attribute("data-layout", "gallery")
    linda.get_by_role("button", name="View").click()
    assert_accessible(linda)
    linda.get_by_label("The person leading is large").check(force=True)
    linda.get_by_label("Show me my own picture").uncheck(force=True)
    linda.get_by_label("Use less data").check(force=True)
    expect(linda.locator("#blur-row")).to_be_hidden()
    linda.get_by_role("button", name="Back to the group").locator("visible=true").click()
    linda.reload()
    expect(linda.locator("#stage")).to_have_attribute("data-layout", "speaker")
    expect(linda.locator("#gallery")).not_to_contain_text("You")
    linda.get_by_role("button", name="View").click()
    expect(linda.get_by_label("Use less data")).to_be_checked()


def test_sound_only_is_one_press_and_brings_no_picture(room: Room) -> None:
    linda = room.linda
    linda.wait_for_function(PLAYS)
    linda.get_by_role("button", name="Sound only").locator("visible=true").click()
    expect(linda.locator("#lead-place .btl-tile__off")).to_contain_text("Sound only")
    expect(linda.locator("#stage .btl-video:visible")).to_have_count(0)
    assert_accessible(linda)
    linda.get_by_role("button", name="Show pictures").locator("visible=true").click()
    linda.wait_for_function(PLAYS)


def test_hands_go_up_in_order(room: Room) -> None:
    room.linda.get_by_role("button", name="Raise hand").click()
    expect(room.lead.locator("#wall .btl-tile__flag", has_text="Hand up")).to_be_visible()


MODULES: dict[str, Any] = {
    "fit": """async () => {
      const { fit } = await import("/static/js/room/people/fit.js");
      return [1, 2, 6, 11, 16].map((count) => fit(count, 1400, 600, 10, 1.25));
    }""",
    "judge": """async () => {
      const { judge, difference } = await import("/static/js/room/core/quality.js");
      const before = { received: 0, lost: 0, samples: 0, concealed: 0, delay: 0.05 };
      const after = (lost) => difference({ ...before, received: 100 - lost, lost, samples: 1000 }, before);
      return [judge(null, null), judge("Good", after(0)), judge("Good", after(3)), judge("Good", after(20)),
        judge("Weak", after(0)), judge("Lost", null)];
    }""",
    "step": """async () => {
      const { step, placeAt } = await import("/static/js/room/patient/film-place.js");
      const film = { playing: true, since_ms: 1000, at_ms: 5000, duration_ms: 8000 };
      return [placeAt(film, 2500), placeAt(film, 90000), step(0.9, true).jump, step(0.2, true), step(0.01, true).rate];
    }""",
}


def test_tiles_are_as_large_as_the_room_allows_and_never_overlap(plain: Page) -> None:
    for count, found in zip((1, 2, 6, 11, 16), plain.evaluate(MODULES["fit"]), strict=True):
        rows = -(-count // found["columns"])
        assert found["width"] * found["columns"] + 10 * (found["columns"] - 1) <= 1400
        assert found["height"] * rows + 10 * (rows - 1) <= 600
        assert 1.2 <= found["width"] / found["height"] <= 1.8


def test_quality_is_the_worse_of_what_the_engine_says_and_what_is_counted(plain: Page) -> None:
    assert plain.evaluate(MODULES["judge"]) == ["Checking", "Good", "OK", "Weak", "Weak", "Lost"]


def test_a_player_a_little_late_runs_faster_and_a_late_one_jumps(plain: Page) -> None:
    assert plain.evaluate(MODULES["step"]) == [6.5, 8, True, {"jump": False, "rate": 1.1}, 1]
