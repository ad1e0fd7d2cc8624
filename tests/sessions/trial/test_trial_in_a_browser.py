"""The trial run in a real browser: an echo through the media engine, and what does not work."""

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from backtolife.sessions.trial.models import TrialRun
from backtolife.sessions.trial.rules import Found, Network
from tests.support.sessions.pages import Hall, look

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
NO_CAMERA = """(() => {
  const take = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (wanted.video) throw new DOMException('', '%s');
    return take(wanted);
  };
})()"""
WATCHED = """(() => {
  const take = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.taken = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await take(wanted);
    window.taken.push(...stream.getTracks());
    return stream;
  };
})()"""
ALL_OFF = "() => window.taken.length === 2 && window.taken.every((track) => track.readyState === 'ended')"
MOVES = "() => document.querySelector('#echo-picture').getVideoPlaybackQuality().totalVideoFrames > 10"


def trial(hall: Hall, script: str = "") -> Page:
    page = hall.page(hall.group.patients[0], small=True)
    if script:
        page.add_init_script(script)
    page.goto(f"{hall.house.url}/trial")
    return page


def newest(hall: Hall) -> Found:
    with hall.house.database() as db:
        wanted = select(TrialRun).where(TrialRun.person_id == hall.group.patients[0].id)
        return db.exec(wanted).one().found


def test_picture_and_sound_come_back_through_the_engine_and_what_was_found_is_kept(hall: Hall) -> None:
    page = trial(hall)
    look(page)
    page.get_by_role("button", name="Start").click()
    page.wait_for_function(MOVES)
    expect(page.locator('[data-check="network"] [data-words]')).to_contain_text("get through")
    expect(page.get_by_text("Did you hear yourself?")).to_be_visible()
    page.wait_for_function("() => document.querySelector('#echo-sound').duration > 0")
    look(page)
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("#trial-note")).to_contain_text("That is all")
    found = newest(hall)
    assert (found.camera, found.sound) == (True, True)
    assert found.network in (Network.GOOD, Network.POOR)


@pytest.mark.parametrize(
    ("error", "words"), [("NotAllowedError", "Your camera is blocked."), ("NotFoundError", "We found no camera.")]
)
def test_without_a_camera_sound_and_network_are_tried_all_the_same(hall: Hall, error: str, words: str) -> None:
    page = trial(hall, NO_CAMERA % error)
    page.get_by_role("button", name="Start").click()
    expect(page.locator('[data-check="camera"]')).to_contain_text(words)
    expect(page.get_by_text("Did you hear yourself?")).to_be_visible()
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator('[data-check="microphone"]')).to_contain_text("Check that the sound is up")
    expect(page.locator("#trial-note")).to_contain_text("That is all")
    look(page)
    page.get_by_role("button", name="Please call me about this").click()
    expect(page.get_by_text("no camera")).to_contain_text("asked for help")


def test_a_browser_that_cannot_play_back_what_was_said_leaves_no_camera_on(hall: Hall) -> None:
    page = trial(
        hall, f"{WATCHED}; window.MediaRecorder = class {{ constructor() {{ throw new Error('not here'); }} }}"
    )
    page.get_by_role("button", name="Start").click()
    expect(page.locator('[data-check="microphone"]')).to_contain_text("cannot play it to you")
    page.wait_for_function(ALL_OFF)


def test_an_engine_that_is_away_is_said_blames_nobody_and_leaves_no_camera_on(hall: Hall) -> None:
    hall.house.media.kill()
    page = trial(hall, WATCHED)
    page.get_by_role("button", name="Start").click()
    expect(page.locator('[data-check="network"]')).to_contain_text("It is not your device")
    expect(page.locator("#trial-note")).to_contain_text("We have kept what you found")
    page.wait_for_function(ALL_OFF)
    assert newest(hall).network is None
    hall.house.media.start()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator('[data-check="network"] [data-words]')).to_contain_text("get through")


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [(200, '{"full": true}', "Many people are here at the moment"), (429, "{}", "You have tried many times")],
)
def test_where_it_is_full_or_was_tried_very_often_kind_words_say_so_and_the_camera_goes_off(
    hall: Hall, status: int, said: str, words: str
) -> None:
    page = trial(hall, WATCHED)
    page.route("**/trial/echo", lambda route: route.fulfill(status=status, content_type="application/json", body=said))
    page.get_by_role("button", name="Start").click()
    expect(page.locator('[data-check="network"]')).to_contain_text(words)
    expect(page.locator("#trial-note")).to_contain_text("We have kept what you found")
    page.wait_for_function(ALL_OFF)
    assert newest(hall).network is None
    look(page)
