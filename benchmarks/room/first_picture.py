"""Press on Join to the first picture of somebody else, in a room of 12. `python -m benchmarks.room.first_picture`"""

import os
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.room.figures import line
from tests.journeys.full_room import FullRoom, full_room, visitor
from tests.support.browser import DESKTOP, chromium, phone
from tests.support.running import running_house

ROUNDS = int(os.environ.get("ROUNDS", "20"))
PEOPLE, REACH_MS = 12, 2000.0
SEEN = """() => [...document.querySelectorAll("video")].some((one) => one.checkVisibility() && one.videoWidth
  && !one.classList.contains("is-mine") && one.readyState >= 2)"""


def one_join(browser: Browser, room: FullRoom) -> float:
    """Milliseconds for somebody who was let in before: pages, socket, tokens, media, picture. Nothing is in a cache."""
    context = phone(browser)
    context.add_cookies(room.house.browser_cookies(room.group.patients[0]))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{room.house.url}/sessions/{room.group.group_session.id}/get-ready")
    page.wait_for_load_state("networkidle")
    page.locator("input[name=camera][value=off]").check(force=True)
    page.get_by_text("At home", exact=True).click()
    join = page.get_by_role("button", name="Join the group")
    began = float(page.evaluate("() => Date.now()"))
    join.click(no_wait_after=True)
    page.wait_for_url("**/room")
    page.wait_for_function(SEEN, polling=20)
    seen = float(page.evaluate("() => Date.now()"))
    context.close()
    return seen - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_house(Path(folder)) as house, chromium() as browser:
        host = visitor(browser, DESKTOP)
        with full_room(house, host, PEOPLE) as room:
            room.page.close()
            times = [one_join(browser, room) for _ in range(ROUNDS)]
        host.close()
    print(line(f"press to first picture, {PEOPLE} people", times, REACH_MS))


if __name__ == "__main__":
    main()
