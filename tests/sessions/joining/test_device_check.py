"""The check before a session: each fault is found and named, with what to do about it on that browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.sessions.pages import Hall, look

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
REFUSES = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s'); }"
SILENT = """navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (wanted.video) throw new DOMException('', 'NotFoundError');
  return new AudioContext().createMediaStreamDestination().stream;
}"""
BROWSERS = {
    "ios": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
    "android": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36",
    "edge": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
    "firefox": "Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0",
    "safari": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
    "chrome": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36",
}


def ready(hall: Hall, script: str = "") -> Page:
    page = hall.page(hall.group.patients[0], small=True)
    if script:
        page.add_init_script(script)
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    return page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "Your camera is blocked."),
        ("NotReadableError", "Another app is using your camera. Close other video apps"),
        ("NotFoundError", "We found no camera. Plug one in and press Try again, or take part without it."),
    ],
)
def test_a_camera_that_does_not_start_is_named_with_what_to_do(hall: Hall, error: str, words: str) -> None:
    page = ready(hall, REFUSES % error)
    expect(page.locator("#fault")).to_contain_text(words)
    expect(page.locator("#fault")).to_contain_text("microphone")
    look(page)


def test_a_silent_microphone_is_found_and_so_is_that_there_is_no_camera(hall: Hall) -> None:
    page = ready(hall, SILENT)
    expect(page.locator("#fault")).to_contain_text("We cannot hear anything from your microphone.")
    expect(page.locator("#fault")).to_contain_text("We found no camera.")


def test_everything_that_works_says_so_also_that_sound_and_picture_get_through(hall: Hall) -> None:
    page = ready(hall)
    for name in ("camera", "microphone", "network"):
        expect(page.locator(f'[data-check="{name}"] [data-tag]')).to_have_text("Works")
    expect(page.locator("#fault")).to_be_hidden()


def test_a_network_without_a_path_is_found_and_mended_by_trying_again(hall: Hall) -> None:
    hall.house.media.kill()
    page = ready(hall)
    expect(page.locator("#fault")).to_contain_text("Sound and picture do not get through.")
    look(page)
    hall.house.media.start()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator('[data-check="network"] [data-tag]')).to_have_text("Works")


def test_a_check_that_did_not_load_is_named_as_a_fault_of_the_network(hall: Hall) -> None:
    page = hall.page(hall.group.patients[0], small=True)
    page.route("**/livekit-client*", lambda route: route.abort())
    page.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    expect(page.locator("#fault")).to_contain_text("Sound and picture do not get through.")


def test_the_advice_fits_each_browser(hall: Hall) -> None:
    page = ready(hall)
    found = page.evaluate(
        """async (agents) => {
          const { browserOf } = await import("/static/js/room/core/faults.js");
          const iPad = browserOf(agents.safari, 5);
          return [...Object.values(agents).map((agent) => browserOf(agent)), iPad];
        }""",
        BROWSERS,
    )
    assert found == [*BROWSERS, "ios"]
