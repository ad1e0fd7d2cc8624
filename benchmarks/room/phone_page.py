"""How soon the room answers on a slow phone: 4 x CPU, 1.6 Mbit/s, 150 ms. `python -m benchmarks.room.phone_page`"""

import os
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from backtolife import clock
from backtolife.sessions.state import seats
from benchmarks.room.figures import line
from tests.support.browser import chromium, phone
from tests.support.running import House, running_house
from tests.support.sessions.gathering import Gathering, gather

ROUNDS = int(os.environ.get("ROUNDS", "7"))
REACH_MS, MOST_BYTES = 2000.0, 400_000
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
READY = """() => {
  const look = () => {
    const shown = document.body?.dataset.view === "room" && !document.getElementById("stage").hidden;
    if (shown) window.readyAt = performance.now(); else requestAnimationFrame(look);
  };
  look();
}"""


def one_visit(house: House, browser: Browser, group: Gathering, *, straight: bool) -> tuple[float, int]:
    """Milliseconds from the press until the room's controls answer, and the bytes that came for all of it.

    `straight` to the room with nothing kept by the browser, or else from the page before it, as people come.
    """
    context = phone(browser)
    context.add_cookies(house.browser_cookies(group.patients[0]))  # type: ignore[arg-type]
    page = context.new_page()
    session = context.new_cdp_session(page)
    came: list[int] = []

    def count(event: dict[str, Any]) -> None:
        came.append(int(event["encodedDataLength"]))

    session.send("Network.enable")
    session.on("Network.loadingFinished", count)
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    address = f"{house.url}/sessions/{group.group_session.id}"
    if not straight:
        page.goto(f"{address}/get-ready")
        page.wait_for_load_state("networkidle")
        came.clear()
    page.add_init_script(f"({READY})()")
    page.goto(f"{address}/room", wait_until="commit")
    page.wait_for_function("() => window.readyAt", timeout=60_000)
    ready = float(page.evaluate("() => window.readyAt"))
    page.wait_for_function("() => window.LivekitClient", timeout=60_000)
    context.close()
    return ready, sum(came)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_house(Path(folder)) as house, chromium() as browser:
        with house.database() as db:
            group = gather(db, clock.now())
            seat = group.sit(group.patients[0], now=clock.now())
            group.apply(seats.admit, clock.now(), seat=seat.id, now_ms=0)
        found = [one_visit(house, browser, group, straight=True) for _ in range(ROUNDS)]
        after = [one_visit(house, browser, group, straight=False) for _ in range(ROUNDS)]
    print(line("interactive on a slow phone, straight to the room", [ready for ready, _ in found], REACH_MS))
    print(line("interactive on a slow phone, from the page before", [ready for ready, _ in after], REACH_MS))
    size = max(size for _, size in found)
    verdict = "reached" if size <= MOST_BYTES else "MISSED"
    print(f"page over the line: {size / 1000:.0f} kB  ({verdict}: at most {MOST_BYTES / 1000:.0f} kB)")


if __name__ == "__main__":
    main()
