"""Microphone, camera and loudspeaker: chosen before and in the room, kept, offered when plugged in; the screen on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import chromium
from tests.support.sessions.pages import Hall, look

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(900)]
TWO_OF_EACH = "--use-fake-device-for-media-stream=device-count=2,fps=8"
WATCHED = """(() => {
  const devices = navigator.mediaDevices;
  const take = devices.getUserMedia.bind(devices), list = devices.enumerateDevices.bind(devices);
  window.taken = [];
  window.reads = 0;
  window.renamed = false;
  devices.getUserMedia = async (wanted) => {
    const stream = await take(wanted);
    window.taken.push(stream.getTracks()[0].label);
    if (window.renamed) setTimeout(() => devices.dispatchEvent(new Event("devicechange")), 20);
    return stream;
  };
  devices.enumerateDevices = async () => {
    window.reads += 1;
    const plugged = sessionStorage.getItem("plugged");
    const all = (await list()).filter((one) => plugged || !/Fake Audio (Input|Output) 2/.test(one.label));
    if (!window.renamed) return all;
    const renamed = (one) => `${one.label} ${window.taken.length}`;
    return all.map((one) => ({ kind: one.kind, deviceId: one.deviceId, groupId: one.groupId, label: renamed(one) }));
  };
})()"""
"""Counts what is captured; the second headset is there when `plugged`; `renamed`: a capture changes every name, as with
AirPods in Safari, and says so."""
PLUG = """() => {
  sessionStorage.setItem("plugged", "yes");
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
}"""
LOCKS = """(() => {
  window.locks = [];
  const real = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => {
    const lock = await real(kind);
    window.locks.push(lock);
    return lock;
  };
})()"""
HELD = "() => window.locks.filter((lock) => !lock.released).length"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(TWO_OF_EACH) as running:
        yield running


def offered(page: Page, name: str) -> Locator:
    """A device as it stands in the room's list."""
    return page.locator("#devices-sheet option", has_text=name)


def read_again(page: Page) -> None:
    """The device list changes, and the page has looked at it."""
    before = page.evaluate("() => window.reads")
    page.evaluate("() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    page.wait_for_function("(before) => window.reads > before", arg=before)


def test_a_capture_that_renames_the_devices_never_makes_the_check_begin_again(hall: Hall) -> None:
    linda = hall.page(hall.group.patients[0], small=True)
    linda.add_init_script(WATCHED + "; window.renamed = true;")
    paths: list[str] = []
    linda.on("request", lambda request: paths.append(request.url) if "media-check" in request.url else None)
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    for name in ("camera", "microphone", "network"):
        expect(linda.locator(f'[data-check="{name}"] [data-tag]')).to_have_text("Works")
    for _ in range(4):
        read_again(linda)
    assert len(linda.evaluate("() => window.taken")) == 2
    assert len(paths) == 1


def test_devices_chosen_before_the_session_are_used_in_the_room_and_kept_on_the_device(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.page(linda_is, small=True)
    linda.add_init_script(WATCHED + "; sessionStorage.setItem('plugged', 'yes');")
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    linda.get_by_text("Choose another microphone, camera or speaker").click()
    linda.get_by_label("Microphone", exact=True).select_option("Fake Audio Input 2")
    linda.wait_for_function("() => window.taken.at(-1) === 'Fake Audio Input 2'")
    linda.get_by_label("Camera", exact=True).select_option(label="fake_device_1")
    linda.wait_for_function("() => window.taken.at(-1) === 'fake_device_1'")
    linda.get_by_label("Speaker or headphones").select_option("Fake Audio Output 2")
    expect(linda.locator('[data-check="camera"] [data-tag]')).to_have_text("Works")
    look(linda)
    linda.locator("input[name=camera][value=everyone]").check(force=True)
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    linda.wait_for_function("() => window.taken.includes('fake_device_1')")
    lead.locator("#sound").click()
    linda.get_by_role("button", name="Turn sound on").click()
    linda.wait_for_function("() => window.taken.includes('Fake Audio Input 2')")
    linda.wait_for_function("() => [...document.querySelectorAll('audio')].some((one) => one.sinkId)")
    assert set(linda.evaluate("() => window.taken")) == {"fake_device_1", "Fake Audio Input 2"}


def test_devices_are_chosen_in_the_room_by_keyboard_alone(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.page(linda_is, small=True)
    linda.add_init_script(WATCHED + "; sessionStorage.setItem('plugged', 'yes');")
    hall.come(linda, "off")
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    linda.get_by_role("button", name="Turn sound on").click()
    linda.wait_for_function("() => window.taken.length === 1")
    linda.get_by_role("button", name="View").focus()
    linda.keyboard.press("Enter")
    linda.locator("#devices-open").focus()
    linda.keyboard.press("Enter")
    expect(linda.get_by_role("heading", name="Microphone, camera, speaker")).to_be_focused()
    linda.keyboard.press("Tab")
    expect(linda.get_by_label("Microphone", exact=True)).to_be_focused()
    look(linda)
    for _ in range(2):
        linda.keyboard.press("ArrowDown")
    linda.wait_for_function("() => window.taken.at(-1) === 'Fake Audio Input 2'")
    expect(linda.locator("#devices-note")).to_have_text("Microphone changed.")
    linda.keyboard.press("Escape")
    expect(linda.locator("#devices-sheet")).to_be_hidden()
    lead.get_by_role("button", name="Devices").click()
    expect(lead.get_by_label("Camera", exact=True)).to_be_visible()
    look(lead)


def test_a_headset_plugged_in_in_the_room_is_offered_and_never_taken_unasked(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.page(linda_is, small=True)
    linda.add_init_script(WATCHED)
    hall.come(linda, "off")
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    lead.locator("#sound").click()
    linda.get_by_role("button", name="Turn sound on").click()
    linda.wait_for_function("() => document.querySelectorAll('audio').length > 0 && window.taken.length === 1")
    expect(offered(linda, "Fake Audio Input 1")).to_have_count(1)
    linda.evaluate(PLUG)
    expect(linda.locator("#banner")).to_contain_text("Fake Audio Input 2 was plugged in.")
    look(linda)
    assert "Fake Audio Input 2" not in linda.evaluate("() => window.taken")
    linda.get_by_role("button", name="No, thanks").click()
    expect(linda.locator("#banner")).to_be_hidden()
    assert "Fake Audio Input 2" not in linda.evaluate("() => window.taken")

    linda.evaluate("() => sessionStorage.removeItem('plugged')")
    linda.evaluate("() => navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(offered(linda, "Fake Audio Input 2")).to_have_count(0)
    linda.evaluate(PLUG)
    linda.get_by_role("button", name="Use the headset").click()
    linda.wait_for_function("() => window.taken.at(-1) === 'Fake Audio Input 2'")
    linda.wait_for_function("() => [...document.querySelectorAll('audio')].every((one) => one.sinkId)")
    expect(linda.locator("#banner")).to_be_hidden()
    linda.reload()
    linda.get_by_role("button", name="Turn sound on").click()
    linda.wait_for_function("() => window.taken.at(-1) === 'Fake Audio Input 2'")


def test_the_screen_stays_on_in_the_room_and_does_so_again_after_a_look_elsewhere(hall: Hall) -> None:
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.page(linda_is, small=True)
    linda.context.grant_permissions(["camera", "microphone", "screen-wake-lock"])
    linda.add_init_script(LOCKS)
    hall.come(linda, "off")
    assert linda.evaluate(HELD) == 0
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    linda.wait_for_function(f"() => ({HELD})() === 1")
    linda.evaluate("() => Promise.all(window.locks.map((lock) => lock.release()))")
    linda.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    linda.wait_for_function(f"() => ({HELD})() === 1")
    lead.get_by_role("button", name="Options for Linda").click()
    lead.get_by_role("button", name="Back to waiting room").click()
    linda.wait_for_function(f"() => ({HELD})() === 0")
