"""Each row of the table of failures: what breaks, what the person sees, and that nothing is lost.

How fast each comes back is measured in `tests/soak/test_failures_timed.py`; here is that it does.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from backtolife.programme.plan.loading import shipped
from backtolife.sessions.records.models import CheckAnswer
from backtolife.sessions.room.models import ChatMessage, Seat
from tests.support.running import House
from tests.support.sessions.pages import FRAMES, Hall, look, shows, write

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
PATIENCE = 90_000
BUSY = "() => setTimeout(() => { const end = performance.now() + 9000; while (performance.now() < end); }, 0)"
"""The page hangs without closing anything, as a laptop does whose lid was shut."""
WOKEN = "() => { const real = Date.now; Date.now = () => real() + 60000; }"
"""A minute has passed in which no timer ran."""

PAUSED = """async () => {
  const { Recovery } = await import("/static/js/room/core/recovery.js");
  const state = { me: { status: "admitted", role: "patient" }, people: {} };
  const link = Object.assign(new EventTarget(), { state, socket: { connected: true }, finished: false });
  const media = { connection: "connected", connected: true, needsTap: false, picturesPaused: 1, me: null };
  const recovery = new Recovery(link, media);
  link.dispatchEvent(new Event("up"));
  const while_paused = recovery.words();
  media.picturesPaused = 0;
  return [while_paused, recovery.words()];
}"""


def in_the_room(hall: Hall, camera: str = "off") -> tuple[Page, Page]:
    """Priya, and Linda on her phone, who has been let in."""
    lead, linda = hall.lead(), hall.join(hall.group.patients[0], camera, small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(linda.locator("#stage")).to_be_visible()
    return lead, linda


@contextmanager
def no_database(house: House) -> Iterator[None]:
    """Nothing can be saved meanwhile."""
    file = Path(house.settings.database_url.removeprefix("sqlite:///"))
    lock = sqlite3.connect(file, isolation_level=None, timeout=30)
    lock.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        lock.execute("ROLLBACK")
        lock.close()


def test_lead_facilitator_drops(hall: Hall) -> None:
    """The group reads that their facilitator is reconnecting, chat and timers go on, the spotter takes the lead."""
    lead, linda = in_the_room(hall)
    spotter = hall.page(hall.group.spotter)
    spotter.goto(lead.url)
    expect(spotter.locator("#hand-over")).to_be_hidden()
    expect(lead.get_by_role("button", name="Hand over to Tom")).to_be_visible()
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.locator("#subtitle")).to_contain_text("left")
    lead.evaluate(BUSY)
    expect(linda.locator("#banner")).to_contain_text("Your facilitator is reconnecting")
    expect(spotter.locator("#lead-away")).to_contain_text("Priya, who leads, has dropped out")
    spotter.get_by_role("button", name="Take the lead").click()
    expect(spotter.locator("#subtitle")).to_contain_text("You are leading today")
    expect(linda.locator("#banner")).to_be_hidden()
    write(linda, "We are all still here")
    expect(spotter.get_by_role("button", name="Chat")).to_contain_text("1")
    spotter.locator("#go").click()
    expect(linda.locator("#subtitle")).to_contain_text("Say hello")
    expect(lead.locator("#subtitle")).to_contain_text("You are the spotter")
    look(spotter)


def test_media_process_killed(hall: Hall) -> None:
    """Sound reconnects by itself while the rest of the room goes on, and the pictures come back."""
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "everyone", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    shows(lead, hall.seat(linda_is))
    hall.house.media.kill()
    expect(linda.locator("#banner")).to_contain_text("Reconnecting sound…")
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.get_by_role("heading", name="Hello and how we work", exact=True)).to_be_visible()
    expect(lead.locator("#said")).to_contain_text("We cannot reach sound and picture")
    look(linda)
    hall.house.media.start()
    expect(linda.locator("#banner")).to_be_hidden(timeout=30_000)
    shows(lead, hall.seat(linda_is))
    expect(linda.locator("#sound")).to_have_attribute("aria-disabled", "true")


def test_web_process_killed(hall: Hall) -> None:
    """Sound and picture go on, a banner says so, and what was written meanwhile is sent, once."""
    linda_is = hall.group.patients[0]
    lead, linda = hall.lead(), hall.join(linda_is, "everyone", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    lead.get_by_role("button", name="Start session 1").click()
    seat = hall.seat(linda_is)
    shows(lead, seat)
    hall.house.web.kill()
    expect(linda.locator("#banner")).to_contain_text("Reconnecting")
    before = lead.evaluate(FRAMES, seat)
    lead.wait_for_function(f"([seat, before]) => ({FRAMES})(seat) > before + 20", arg=[seat, before])
    linda.get_by_role("button", name="Chat").click()
    linda.get_by_label("Write to everyone").fill("Written while away")
    linda.get_by_role("button", name="Send").click()
    hall.house.web.start()
    expect(linda.locator("#banner")).to_be_hidden(timeout=20_000)
    expect(linda.locator("#messages p")).to_have_text("Written while away")
    expect(lead.locator("#banner")).to_be_hidden(timeout=20_000)
    lead.get_by_role("button", name="Start next: Say hello").click()
    expect(linda.locator("#subtitle")).to_contain_text("Say hello")


def test_second_tab(hall: Hall) -> None:
    """One participant: the first tab says so and offers "Use here"."""
    linda_is = hall.group.patients[0]
    lead, first = hall.lead(), hall.join(linda_is, "off", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(first.locator("#stage")).to_be_visible()
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.locator("#stage")).to_be_visible()
    expect(first.get_by_role("heading", name="Open in another tab")).to_be_visible()
    first.get_by_role("button", name="Use here").click()
    expect(first.locator("#stage")).to_be_visible()
    expect(second.get_by_role("heading", name="Open in another tab")).to_be_visible()


def test_database_away(hall: Hall) -> None:
    """The room goes on; what people tell us is saved on the device and sent by itself afterwards, once."""
    lead, linda = in_the_room(hall)
    lead.get_by_role("button", name="Start session 1").click()
    place = next(at for at, section in enumerate(shipped().session(1).sections) if section.kind == "check_in")
    if place:
        lead.locator(f'[data-go-to="{place}"]').click()
    linda.get_by_role("button", name="Tell us your pain and effort").click()
    with no_database(hall.house):
        linda.locator("input[name=pain][value='6']").check(force=True)
        expect(linda.locator("#check-note")).to_have_text("Saved on this device. We send it by itself.")
        look(linda)
        linda.get_by_role("button", name="Back to the group").click()
        write(linda, "Written while nothing could be saved")
        expect(linda.locator("#chat-note")).to_contain_text("Not sent yet")
        expect(linda.locator("#subtitle")).to_contain_text("left")
    expect(linda.locator("#chat-note")).to_have_text("")
    expect(linda.locator("#messages p")).to_have_text("Written while nothing could be saved")
    expect(lead.locator("#checks-rows tr")).to_have_text("Linda6–––")
    seat = hall.seat(hall.group.patients[0])
    with hall.house.database() as db:
        assert [each.pain for each in db.exec(select(CheckAnswer).where(CheckAnswer.seat_id == seat))] == [6]
        assert len(db.exec(select(ChatMessage).where(ChatMessage.seat_id == seat)).all()) == 1


def test_database_or_network_away_before_the_session(hall: Hall) -> None:
    """What somebody filled in to get ready is saved on the device, and is sent by itself: nobody types it again."""
    linda_is = hall.group.patients[0]
    linda = hall.page(linda_is, small=True)
    linda.goto(f"{hall.house.url}/j/{hall.group.group_session.join_code}")
    linda.locator("input[name=camera][value=off]").check(force=True)
    linda.get_by_label("Anything else that is new?").fill("I fell on Monday.")
    expect(linda.locator("[data-check=network]")).to_contain_text("Works")
    linda.context.set_offline(True)
    linda.get_by_text("At home", exact=True).click()
    linda.get_by_role("button", name="Join the group").click()
    expect(linda.locator("#join-note")).to_contain_text("Saved on this device. We send it by itself")
    look(linda)
    with no_database(hall.house), linda.expect_response(lambda answer: answer.status >= 500):
        linda.context.set_offline(False)
    expect(linda.get_by_text("You are in the waiting room")).to_be_visible()
    with hall.house.database() as db:
        assert db.get_one(Seat, hall.seat(linda_is)).news == "I fell on Monday."


def test_ten_seconds_without_network(hall: Hall) -> None:
    """ "Reconnecting…", the own seat kept, no press needed."""
    lead, linda = in_the_room(hall)
    seat = hall.seat(hall.group.patients[0])
    linda.context.set_offline(True)
    expect(linda.locator("#banner")).to_contain_text("Reconnecting…")
    write(linda, "Written without a network")
    linda.context.set_offline(False)
    expect(linda.locator("#banner")).to_be_hidden()
    expect(linda.locator("#stage")).to_be_visible()
    expect(linda.locator("#messages p")).to_have_text("Written without a network")
    assert hall.seat(hall.group.patients[0]) == seat
    expect(lead.locator(f'#wall [data-seat="{seat}"]')).not_to_contain_text("Cut off")


def test_wifi_to_mobile(hall: Hall) -> None:
    """ "Switching network" while it does, and back in the own seat without a press."""
    _, linda = in_the_room(hall)
    linda.context.set_offline(True)
    linda.evaluate("() => navigator.connection.dispatchEvent(new Event('change'))")
    expect(linda.locator("#banner")).to_contain_text("Switching network…")
    linda.context.set_offline(False)
    expect(linda.locator("#banner")).to_be_hidden()
    expect(linda.locator("#stage")).to_be_visible()


def test_phone_slept(hall: Hall) -> None:
    """ "Welcome back, tap to rejoin": one tap, and sound and picture are back."""
    lead, linda = in_the_room(hall, "everyone")
    shows(lead, hall.seat(hall.group.patients[0]))
    hall.house.media.kill()
    expect(linda.locator("#banner")).to_contain_text("Reconnecting sound…")
    linda.evaluate(WOKEN)
    expect(linda.locator("#banner")).to_have_text("Welcome back, tap to rejoin")
    look(linda)
    linda.get_by_role("button", name="Welcome back, tap to rejoin").click()
    hall.house.media.start()
    expect(linda.locator("#banner")).to_be_hidden()
    shows(lead, hall.seat(hall.group.patients[0]))


def test_engine_overloaded(hall: Hall) -> None:
    """While the engine holds pictures back the page says why; `media/test_overload.py` proves whose go first."""
    page = hall.page(hall.group.patients[0])
    page.goto(f"{hall.house.url}/offline")
    assert page.evaluate(PAUSED) == ["Picture paused to protect sound", ""]
