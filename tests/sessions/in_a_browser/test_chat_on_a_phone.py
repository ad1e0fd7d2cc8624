"""The chat on a phone of any height: the field, who reads it and Send are in sight, also above the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.sessions.joining.test_quiet_room_in_a_browser import in_the_room
from tests.support.browser import assert_accessible
from tests.support.sessions.pages import Hall

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(900)]
SIZES = [(390, 844), (390, 664), (360, 640), (320, 640), (390, 500)]
"""Phones with and without the browser's bars; the last with the keyboard up."""
BANNER = """(shown) => { const { style } = document.getElementById("banner");
  document.getElementById("tried")?.remove();
  if (shown) document.getElementById("banner").insertAdjacentHTML("afterend",
    '<div class="btl-banner" id="tried"><span>There is a question to the group.</span>' +
    '<button class="btl-rbtn">See the question</button></div>'); }"""
HIDDEN = """() => ["chat-title", "chat-close", "to-group", "message-label", "message", "chat-form button"]
  .map((one) => document.querySelector(`#${one}`).getBoundingClientRect())
  .map(({ top, bottom }, at, all) => [at, Math.round(top), Math.round(bottom)])
  .filter(([, top, bottom]) => top < document.querySelector(".btl-room__top").getBoundingClientRect().bottom ||
    bottom > document.querySelector(".btl-room__bar").getBoundingClientRect().top)"""
"""Which of the chat's parts lie under the page's top or under its bar, with where."""
MESSAGES = "document.querySelector('#chat .btl-panel__body').clientHeight"
LEAST = 40
"""So high, in CSS pixels, are the messages at least."""


def test_field_and_send_are_in_sight_at_every_height_of_a_phone(hall: Hall) -> None:
    lead, linda = in_the_room(hall)
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.locator("#stage")).to_have_attribute("data-layout", "speaker")
    linda.locator("#chat-toggle").click()
    for number in range(6):
        linda.locator("#message").fill(f"Message {number}")
        linda.locator("#message").press("Enter")
        expect(linda.locator("#messages li")).to_have_count(number + 1)
    for width, height in SIZES:
        linda.set_viewport_size({"width": width, "height": height})
        for banner in (False, True):
            linda.evaluate(BANNER, banner)
            where = f"{width} × {height}, with a banner: {banner}"
            assert linda.evaluate(HIDDEN) == [], where
            assert linda.evaluate(MESSAGES) >= LEAST, where
            assert linda.evaluate("document.documentElement.scrollHeight - innerHeight") == 0, where
    linda.evaluate(BANNER, False)
    assert_accessible(linda)
