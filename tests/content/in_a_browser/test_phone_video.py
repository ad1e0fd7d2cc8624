"""The whole way of a video: sent from a phone over a line that breaks, captioned, watched, gone on with elsewhere."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.content.conftest import make_video
from tests.content.in_a_browser.looking import picture_of, plays_past, until, until_video, watching
from tests.support.browser import PHONE, assert_accessible
from tests.support.content.house import House

pytestmark = pytest.mark.browser
DESK = {"viewport": {"width": 1366, "height": 768}, "timezone_id": "Europe/London"}
MINUTES = 10
BREAKS = 5


@dataclass
class BreakingLine:
    """A real line to the site that is cut in the middle of what is sent, `left` times, after so many bytes each."""

    to: tuple[str, int]
    after: int
    left: int = BREAKS
    open: list[socket.socket] = field(default_factory=list)

    def serve(self, door: socket.socket) -> None:
        while True:
            try:
                near, _ = door.accept()
            except OSError:
                return
            far = socket.create_connection(self.to)
            self.open += [near, far]
            threading.Thread(target=self.carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near, False), daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket, up: bool) -> None:
        sent = 0
        with suppress(OSError):
            while data := source.recv(16_384):
                sent = (sent if not data.startswith(b"PATCH ") else 0) + len(data)
                target.sendall(data)
                if up and self.left and sent > self.after:
                    self.left -= 1
                    break
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@pytest.fixture(scope="module")
def from_phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("phone") / "IMG_0042.mp4", seconds=MINUTES * 60, size="160x284", rate=5)


@pytest.fixture
def line(site: str, from_phone: Path) -> Iterator[tuple[str, BreakingLine]]:
    """An address at which the site is found over the line, and the line."""
    found = urlsplit(site)
    breaking = BreakingLine((found.hostname or "", found.port or 0), from_phone.stat().st_size // (BREAKS + 2))
    door = socket.create_server(("127.0.0.1", 0))
    server = threading.Thread(target=breaking.serve, args=(door,), daemon=True)
    server.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}", breaking
    with suppress(OSError):
        door.shutdown(socket.SHUT_RDWR)
    door.close()
    for each in breaking.open:
        each.close()
    server.join()


def test_a_long_video_from_a_phone_is_sent_captioned_watched_and_gone_on_with(
    house: House, from_phone: Path, line: tuple[str, BreakingLine], opened: Callable[..., Page]
) -> None:
    address, breaking = line
    page = opened(house.facilitator, "/videos/manage", **DESK)
    page.goto(f"{address}/videos/manage")
    page.get_by_label("Title").fill("How pain works")
    page.get_by_label("Video", exact=True).set_input_files(from_phone)
    page.get_by_role("button", name="Upload the video").click()
    expect(page.get_by_text("We have your video.")).to_be_visible()
    assert breaking.left == 0
    house.work()
    expect(page.get_by_text("Can be watched. Better pictures follow")).to_be_visible(timeout=10_000)
    assert_accessible(page)
    picture_of(page, "managed")
    page.reload()
    page.get_by_role("link", name="Captions of session 1’s video").click()
    until_video(page, "readyState > 0")
    page.get_by_role("button", name="Add a caption here").click()
    page.keyboard.type("Hurt does not always mean harm")
    page.get_by_label("Parts of the video").fill("0:00 Welcome\n5:00 Pacing")
    page.evaluate("(() => { document.getElementById('video').currentTime = 300; })()")
    until_video(page, "currentTime === 300")
    page.get_by_role("button", name="Add a caption here").click()
    page.keyboard.type("Do a little, often")
    page.get_by_role("button", name="Publish for patients").click()
    expect(page.get_by_text("There are no captions for")).not_to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Publish them as they are").click()
    expect(page.get_by_text("Published. Patients see these captions now.")).to_be_visible()
    phone = opened(house.patient, "/videos/session-1", **PHONE)
    phone.get_by_role("link", name="5:00 Pacing").click()
    phone.get_by_role("button", name="Play", exact=True).click()
    plays_past(phone, 302)
    expect(phone.locator("#caption")).to_have_text("Do a little, often")
    assert_accessible(phone)
    picture_of(phone, "watched-on-a-phone")
    phone.get_by_role("button", name="Pause", exact=True).click()
    until(lambda: (watching(house).position_ms if watching(house) else 0) > 302_000, "the report")  # type: ignore[union-attr]
    other = opened(house.patient, "/videos/session-1", **DESK)
    until_video(other, "currentTime > 299")
    until_video(other, "currentTime < 310")
    other.get_by_text("Show the words").click()
    expect(other.get_by_text("0:00 Welcome. Hurt does not always mean harm")).to_be_visible()
