"""The product with its groups on a LiveKit server: the journeys of our own engine, and private cameras beside them."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from livekit import api
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select

from backtolife.sessions.room import private_cameras
from backtolife.sessions.room.media_client import MediaEngine
from backtolife.sessions.room.models import AttendanceSpan
from tests.interop.livekit_server import LiveKit
from tests.journeys.test_four_in_one_session import (  # noqa: F401 - run here too, on this file's house
    KEEP_CONNECTIONS,
    media_token,
    test_each_of_the_twelve_pairs_sees_and_hears_the_other,
)
from tests.sessions.conftest import hall  # noqa: F401 - a group in this file's house
from tests.sessions.in_a_browser.test_a_session import (  # noqa: F401 - run here too, on this file's house
    test_a_group_meets_from_the_waiting_room_to_the_end,
)
from tests.sessions.in_a_browser.test_failure_table import (  # noqa: F401 - run here too, on this file's house
    test_second_tab,
    test_web_process_killed,
)
from tests.support.browser import chromium
from tests.support.media.browser import CLIENT
from tests.support.sessions.pages import FRAMES, Hall, shows

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
VIDEO_PACKETS = """async () => {
  let packets = 0;
  for (const connection of window.connections)
    (await connection.getStats()).forEach((item) => {
      if (item.type === "inbound-rtp" && item.kind === "video") packets += item.packetsReceived;
    });
  return packets;
}"""

COME_BACK = """({ url, token }) => {
  const room = new LivekitClient.Room();
  const out = new Promise((done) => room.on("disconnected", done));
  return room.connect(url, token).then(() => out, () => "refused");
}"""
PARTICIPANT_REMOVED = 4


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def sent(livekit: LiveKit, room: str) -> dict[str, list[int]]:
    """Who is in a room by the server's own word. In a thread: this one belongs to the browser's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, livekit.sent(room)).result()


def beside_name(hall: Hall, seat: str) -> str:  # noqa: F811 - the fixture
    return MediaEngine(hall.house.settings).names_beside(hall.group.group_session.id, [seat])[seat]


def choose(page: Page, choice: str) -> None:
    page.locator("#who-sees").click()
    page.locator(f"#camera-sheet input[name=camera][value={choice}]").check(force=True)
    expect(page.locator("#camera-note")).to_have_text("Done.")
    page.locator("#camera-done").click()


def moves(page: Page, seat: str) -> None:
    """The picture of this seat goes on from where it is now."""
    before = page.evaluate(FRAMES, seat)
    page.wait_for_function(f"([seat, before]) => ({FRAMES})(seat) > before + 10", arg=[seat, before])


def test_a_private_camera_moves_to_the_staffs_room_and_back_with_the_choice(
    hall: Hall,  # noqa: F811 - the fixture
    livekit: LiveKit,
) -> None:
    linda_is, joseph_is = hall.group.patients
    lead, linda, joseph = hall.lead(), hall.join(linda_is, "everyone", small=True), hall.join(joseph_is, "off")
    for page in (linda, joseph):
        page.context.add_init_script(f"({KEEP_CONNECTIONS})()")
        page.reload()
    room, seat = hall.group.group_session.id, hall.seat(linda_is)
    beside = private_cameras.beside(room)
    lead.locator("#camera").click()
    expect(lead.locator("#camera")).to_have_attribute("aria-pressed", "false")
    lead.get_by_role("button", name="Let all in").click()
    shows(joseph, seat)

    choose(linda, "facilitators")
    expect(joseph.locator(f'[data-seat="{seat}"]')).to_contain_text("Camera off")
    expect(lead.locator(f'[data-seat="{seat}"]')).to_contain_text("Only staff see")
    expect(linda.locator(f'[data-seat="{seat}"]')).to_contain_text("Private")
    moves(lead, seat)
    assert sent(livekit, room)[seat] == []
    name = beside_name(hall, seat)
    assert sent(livekit, beside)[name] == [api.TrackSource.CAMERA]
    before = joseph.evaluate(VIDEO_PACKETS)
    moves(lead, seat)
    assert joseph.evaluate(VIDEO_PACKETS) == before

    for page in (joseph, linda):
        page.reload()
    shows(lead, seat)
    moves(lead, seat)
    expect(joseph.locator("#stage")).to_be_visible()
    assert joseph.evaluate(VIDEO_PACKETS) == 0
    assert set(sent(livekit, beside)) == {name, beside_name(hall, hall.seat(hall.group.lead))}

    earlier = media_token(hall.house, linda_is, room)
    choose(linda, "everyone")
    shows(joseph, seat)
    shows(lead, seat)
    assert name not in sent(livekit, beside)
    assert sent(livekit, room)[seat] == [api.TrackSource.CAMERA]

    joseph.evaluate(CLIENT.read_text())
    late = {"url": earlier["url"], "token": earlier["staff_cameras"]}
    assert joseph.evaluate(COME_BACK, late) in (PARTICIPANT_REMOVED, "refused")

    lead.get_by_role("button", name="Start session 1").click()
    lead.get_by_role("button", name="End session for everyone").first.click()
    lead.locator("#sure-yes").click()
    expect(linda.get_by_role("heading", name="Session 1 is over")).to_be_visible()
    assert (sent(livekit, room), sent(livekit, beside)) == ({}, {})
    with hall.house.database() as db:
        spans = db.exec(select(AttendanceSpan).where(AttendanceSpan.seat_id == seat)).all()
        assert len(spans) == 2, "one for each time she joined the group, none for the room beside it"
        assert all(span.left_at is not None for span in spans)


def test_who_was_removed_is_put_out_again_though_their_token_is_still_good(
    hall: Hall,  # noqa: F811 - the fixture
    livekit: LiveKit,
) -> None:
    """A LiveKit server takes a token until it expires; the webhook of joining ends that."""
    joseph_is, room = hall.group.patients[1], hall.group.group_session.id
    lead, joseph = hall.lead(), hall.join(joseph_is, "off")
    lead.get_by_role("button", name="Let Joseph in", exact=True).click()
    expect(joseph.locator("#stage")).to_be_visible()
    given = media_token(hall.house, joseph_is, room)
    lead.get_by_role("button", name="Options for Joseph").click()
    lead.get_by_role("button", name="Remove from session…").click()
    lead.get_by_role("button", name="Remove Joseph").click()
    expect(joseph.get_by_role("heading", name="You are not in session 1 any more")).to_be_visible()
    joseph.evaluate(CLIENT.read_text())
    assert joseph.evaluate(COME_BACK, given) in (PARTICIPANT_REMOVED, "refused")
    assert hall.seat(joseph_is) not in sent(livekit, room)
