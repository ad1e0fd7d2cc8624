"""Sound that the system stops is noticed, and a camera is asked for and spoken of once."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backtolife.programme.plan.loading import shipped
from tests.support.sessions.pages import Hall, look, shows

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(900)]
STOPPED = """() => {
  const sounds = [...document.querySelectorAll("audio")].filter((one) => one.srcObject);
  for (const one of sounds) one.pause();
  return sounds.length;
}"""
"""What a call or Siri does to a page: every sound in it is paused, and nothing tells the page."""
PLAYING = "() => [...document.querySelectorAll('audio')].filter((one) => one.srcObject).every((one) => !one.paused)"
NO_CAMERA = """(() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.asked = 0;
  window.camera = false;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (!wanted.video) return real(wanted);
    window.asked += 1;
    if (window.camera) return real(wanted);
    throw new DOMException("", "NotFoundError");
  };
})()"""
SPOKEN = """() => {
  window.spoken = [];
  const place = document.getElementById("announce");
  new MutationObserver(() => place.textContent && window.spoken.push(place.textContent)).observe(place, {
    childList: true, characterData: true, subtree: true });
}"""
"""Everything that a screen reader is told from now on."""


def spoken(page: Page) -> list[str]:
    return [str(each) for each in page.evaluate("() => window.spoken")]


def test_sound_that_the_system_stopped_is_noticed_and_one_tap_turns_it_back_on(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "off", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    lead.locator("#sound").click()
    linda.wait_for_function("() => document.querySelectorAll('audio').length > 0")
    linda.wait_for_function(PLAYING)
    assert linda.evaluate(STOPPED) > 0
    expect(linda.locator("#banner")).to_contain_text("Your sound has stopped.")
    look(linda)
    linda.get_by_role("button", name="Turn sound back on").click()
    expect(linda.locator("#banner")).to_be_hidden()
    assert linda.evaluate(PLAYING)

    assert linda.evaluate(STOPPED) > 0
    linda.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    linda.wait_for_function(PLAYING)
    expect(linda.locator("#banner")).to_be_hidden()


def test_a_camera_that_is_not_there_is_asked_for_once_and_the_advice_names_a_button_of_the_room(hall: Hall) -> None:
    linda_is, joseph_is = hall.group.patients
    lead, linda = hall.lead(), hall.page(linda_is, small=True)
    linda.add_init_script(NO_CAMERA)
    hall.come(linda, "everyone")
    joseph = hall.join(joseph_is, "off", small=True)
    linda.evaluate(SPOKEN)
    lead.get_by_role("button", name="Let all in").click()
    expect(linda.locator("#banner")).to_contain_text("We found no camera.")
    look(linda)
    for words in ["Hand is up", "Raise hand"] * 5:
        joseph.locator("#hand").click()
        expect(joseph.locator("#hand")).to_contain_text(words)
        expect(lead.locator(f'#wall [data-seat="{hall.seat(joseph_is)}"]')).to_contain_text("Joseph")
    joseph.locator("#hand").click()
    expect(linda.locator(f'[data-seat="{hall.seat(joseph_is)}"]')).to_contain_text("Hand up")
    assert linda.evaluate("() => window.asked") == 1
    assert len([each for each in spoken(linda) if "camera" in each]) == 1

    linda.get_by_role("button", name="What to do").click()
    expect(linda.locator("#camera-note")).to_contain_text("We found no camera.")
    expect(linda.locator("#camera-note")).to_contain_text("press Who sees me, then Try my camera again")
    look(linda)
    linda.evaluate("() => { window.camera = true; }")
    linda.get_by_role("button", name="Try my camera again").click()
    shows(lead, hall.seat(linda_is))
    expect(linda.get_by_role("button", name="Try my camera again")).to_be_hidden()
    expect(linda.locator("#banner")).to_be_hidden()


def test_a_camera_that_works_is_never_said_not_to_have_started_when_people_move(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    pages = [hall.join(person, "everyone", small=True) for person in hall.group.patients]
    lead, linda = hall.lead(), pages[0]
    lead.get_by_role("button", name="Let all in").click()
    shows(lead, hall.seat(linda_is))
    for page in pages:
        page.evaluate(SPOKEN)
    lead.get_by_role("button", name="Start session 1").click()
    place = next(at for at, part in enumerate(shipped().session(1).sections) if part.kind == "reflection")
    lead.locator(f'[data-go-to="{place}"]').click()
    for _ in range(2):
        lead.get_by_role("button", name="Make small groups").click()
        lead.locator("#small-open").click()
        expect(linda.locator("#small-words")).to_contain_text("Small group 1")
        lead.get_by_role("button", name="Bring everyone back now").click()
        expect(linda.locator("#small-words")).to_be_hidden()
    shows(lead, hall.seat(linda_is))
    for page in pages:
        assert [each for each in spoken(page) if "camera" in each] == []
        expect(page.locator("#banner")).to_be_hidden()


MOVED = """async (name) => {
  const { Media } = await import("/static/js/room/core/media.js");
  const { livekit } = await import("/static/js/room/core/livekit.js");
  await livekit();
  const media = new Media({ session: "s", csrf: "c" });
  const said = [];
  media.addEventListener("trouble", ({ detail }) => said.push(detail.what));
  let fail;
  const localParticipant = { setCameraEnabled: () => new Promise((_, no) => { fail = no; }) };
  media.connection = "connected";
  media.room = { localParticipant };
  const turned = media.setCamera(true);
  while (!fail) await new Promise((done) => setTimeout(done, 10));
  if (name === "moved") media.room = { localParticipant: {} };
  const kind = name === "moved" ? "AbortError" : name;
  fail(kind ? new DOMException("", kind) : new Error("not sent"));
  await turned;
  return said;
}"""


LEFT = """async () => {
  const { Media } = await import("/static/js/room/core/media.js");
  const media = new Media({ session: "s", csrf: "c" });
  const localParticipant = { setCameraEnabled: () => new Promise(() => {}) };
  media.enter({ localParticipant, disconnect: async () => {} });
  media.connection = "connected";
  const turned = media.device("Camera", true);
  await media.leave();
  return Promise.race([turned, new Promise((done) => setTimeout(done, 5000, "still waits"))]);
}"""


def test_a_camera_on_its_way_as_its_room_is_left_keeps_nothing_waiting(hall: Hall) -> None:
    page = hall.browser.new_page()
    page.goto(f"{hall.house.url}/sign-in")
    assert page.evaluate(LEFT) is False


@pytest.mark.parametrize(
    ("fault", "said"), [("NotReadableError", ["camera"]), ("NotAllowedError", ["camera"]), ("moved", []), ("", [])]
)
def test_only_what_the_camera_itself_did_is_called_a_fault_of_the_camera(
    plain: Page, fault: str, said: list[Any]
) -> None:
    plain.evaluate("() => { document.body.dataset.livekit = '/static/vendor/livekit-client/livekit-client.umd.js'; }")
    assert plain.evaluate(MOVED, fault) == said
