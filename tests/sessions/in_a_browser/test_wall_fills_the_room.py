"""The facilitators' wall: its tiles have all the room there is, none is covered, and none has to be scrolled to."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife import clock
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.room import store as room
from backtolife.sessions.state import script
from backtolife.sessions.state import seats as seat_changes
from tests.support.browser import assert_accessible
from tests.support.running import House
from tests.support.sessions.gathering import Gathering, gather

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
NAMES = (
    *("Linda", "Joseph", "Maureen", "Dev", "Karen", "Farah", "Alan"),
    *("Siân", "Mei", "Pete", "Grace", "Omar", "Ruth", "Tomasz"),
)
STAFF = 2
SIZES = ((1024, 768), (1280, 720), (1366, 768), (1920, 1080))
FOUND = """() => {
  const box = (one) => one.getBoundingClientRect();
  const column = document.querySelector(".btl-board__main");
  const room = box(column);
  const cards = [...document.querySelectorAll("#wall > li")];
  const tiles = cards.map((each) => box(each.querySelector(".btl-tile")));
  const outside = cards.filter((each) => {
    const { left, right, top, bottom } = box(each);
    return left < room.left - 1 || right > room.right + 1 || top < room.top - 1 || bottom > room.bottom + 1;
  });
  const covered = cards.filter((each) => {
    const { left, right, top, bottom } = box(each);
    return [[left + 8, top + 8], [right - 8, bottom - 8], [(left + right) / 2, (top + bottom) / 2]].some(
      ([x, y]) => !each.contains(document.elementFromPoint(x, y)));
  });
  const page = document.documentElement;
  return {
    count: cards.length,
    outside: outside.length,
    covered: covered.length,
    scrolls: page.scrollHeight > page.clientHeight || page.scrollWidth > page.clientWidth
      || column.scrollHeight > column.clientHeight,
    width: Math.round(tiles[0].width),
    height: Math.round(tiles[0].height),
    ordered: cards.every((each, at) => at === 0
      || box(cards[at - 1]).top < box(each).top || box(cards[at - 1]).left < box(each).left),
  };
}"""


def crowd(house: House, people: int) -> Gathering:
    """A session on with so many people in all, whose pages are closed."""
    with house.database() as db:
        now = clock.now()
        group = gather(db, now, NAMES[: people - STAFF])
        for person in (group.lead, group.spotter, *group.patients):
            seat = group.sit(person, now=now)
            if person in group.patients:
                group.apply(seat_changes.admit, now, seat=seat.id, now_ms=room.milliseconds(now))
        group.apply(script.start, now, sections=shipped().session(1).sections, now_ms=room.milliseconds(now))
    return group


@contextmanager
def lead_of(house: House, browser: Browser, group: Gathering) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1366, "height": 768})
    context.grant_permissions(["camera", "microphone"])
    context.add_cookies(house.browser_cookies(group.lead))  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{house.url}/sessions/{group.group_session.id}/room")
    yield page
    context.close()


def exercise(house: House, group: Gathering) -> None:
    sections = shipped().session(1).sections
    at = next(place for place, section in enumerate(sections) if section.kind == "exercise")
    with house.database() as db:
        held = room.load(db, group.group_session.id)
        room.apply(db, held, script.go_to, clock.now(), sections=sections, seen=0, index=at, now_ms=0)


@pytest.mark.parametrize("people", [3, 6, 8, 11, 16])
def test_everyone_is_seen_whole_and_larger_in_exercise_at_every_width(
    house: House, browser: Browser, people: int
) -> None:
    group = crowd(house, people)
    with lead_of(house, browser, group) as page:
        areas = {}
        for doing in ("talk", "exercise"):
            if doing == "exercise":
                exercise(house, group)
                page.reload()
            expect(page.locator("#wall > li")).to_have_count(people)
            expect(page.locator(f"#main[data-doing={doing}]")).to_be_visible()
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(300)
                found = page.evaluate(FOUND)
                where = f"{people} people at {width}×{height} in {doing}: {found}"
                assert (found["count"], found["outside"], found["covered"]) == (people, 0, 0), where
                assert not found["scrolls"], where
                assert found["ordered"], f"{where}: the order of the keyboard is the order on the screen"
                areas[width, doing] = found["width"] * found["height"]
            assert_accessible(page)
        for width, _ in SIZES:
            assert areas[width, "exercise"] >= areas[width, "talk"], f"{width}: {areas}"
        if people == 6:
            assert areas[1366, "talk"] > 2 * 174 * 98, areas
            assert areas[1366, "exercise"] > 3.5 * 174 * 98, areas


def test_a_menu_of_any_tile_opens_where_there_is_room_for_it(house: House, browser: Browser) -> None:
    group = crowd(house, 11)
    with lead_of(house, browser, group) as page:
        expect(page.locator("#wall > li")).to_have_count(11)
        for button in page.locator("#wall [data-menu][aria-expanded]").all():
            button.click()
            menu = page.locator(".btl-menu--pop")
            box, room_of = menu.bounding_box(), page.locator(".btl-board__main").bounding_box()
            assert box and room_of
            assert box["x"] >= room_of["x"] - 1
            assert box["x"] + box["width"] <= room_of["x"] + room_of["width"] + 1
            assert box["y"] + box["height"] <= room_of["y"] + room_of["height"] + 1
            assert box["y"] >= room_of["y"] - 1
            page.keyboard.press("Escape")
            expect(button).to_be_focused()
