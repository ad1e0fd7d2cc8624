"""That nobody is overlooked: the turn of each to be looked at, a picture that stands still, whom to ring."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_four_in_one_session import KEEP_CONNECTIONS
from tests.support.sessions.pages import Hall, shows

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
PATIENCE = 90_000
TURNS = """async ([seats, seconds]) => {
  const { Watching } = await import("/static/js/room/staff/watching.js");
  const watching = new Watching({});
  return Array.from({ length: seconds }, (_, second) => watching.turn(seats, second * 1000));
}"""
WHY = """async ([found, now]) => {
  const { learnServerTime } = await import("/static/js/shared/clock.js");
  const { RingList } = await import("/static/js/room/staff/ring-list.js");
  learnServerTime(now);
  const link = { state: { started_ms: 1, late: { "running late": { minutes: 20 } } } };
  const list = new RingList(link, { person: () => null }, {});
  return list.why({ person: found.person ?? "somebody" }, found.seat && ["seat", found.seat]);
}"""
MINUTE = 60_000
SEND_NOTHING = """() => Promise.all(window.connections.flatMap((each) => each.getSenders())
  .filter((sender) => sender.track?.kind === "video").map((sender) => sender.replaceTrack(null)))"""
"""The picture stays announced and no frame comes: a camera that hangs."""


def test_everyone_has_a_turn_of_twenty_seconds_to_be_looked_at(plain: Page) -> None:
    seats = ["a", "b", "c", "d", "e"]
    turns = plain.evaluate(TURNS, [seats, 100])
    assert {seat: turns.count(seat) for seat in seats} == dict.fromkeys(seats, 20)
    assert turns == sorted(turns), "one after the other, not to and fro"


@pytest.mark.parametrize(
    ("found", "minutes", "why"),
    [
        ({}, 9, ""),
        ({}, 11, "Not arrived"),
        ({"person": "running late"}, 11, ""),
        ({"person": "running late"}, 21, "Not arrived"),
        ({"seat": {"status": "left"}}, 30, "Left"),
        ({"seat": {"status": "removed"}}, 30, ""),
        ({"seat": {"status": "admitted", "online": True}}, 30, ""),
        ({"seat": {"status": "admitted", "online": False, "dropped_ms": 30 * MINUTE - 20_000}}, 30, ""),
        ({"seat": {"status": "admitted", "online": False, "dropped_ms": 27 * MINUTE}}, 30, "Cut off 3 minutes ago"),
    ],
)
def test_who_is_to_be_rung_and_why(plain: Page, found: dict[str, Any], minutes: int, why: str) -> None:
    assert plain.evaluate(WHY, [found, minutes * MINUTE]) == why


def test_a_picture_that_stands_still_says_so_and_whoever_leaves_is_on_the_list_to_ring(hall: Hall) -> None:
    person = hall.group.patients[0]
    lead, linda = hall.lead(), hall.page(person, small=True)
    linda.add_init_script(f"({KEEP_CONNECTIONS})()")
    hall.come(linda, "everyone")
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    shows(lead, hall.seat(person))
    card = lead.locator(f'#wall [data-seat="{hall.seat(person)}"]')
    linda.evaluate(SEND_NOTHING)
    expect(card).to_contain_text("Frozen")
    expect(lead.locator("#ring-box")).to_be_hidden()
    linda.locator("#leave").click()
    linda.locator("#leave-yes").click()
    expect(lead.locator("#ring-list")).to_contain_text(f"{person.full_name} Left")
    expect(lead.locator("#ring-list a")).to_have_attribute("href", f"tel:{person.phone.replace(' ', '')}")
