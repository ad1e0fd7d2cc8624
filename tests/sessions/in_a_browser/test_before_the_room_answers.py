"""A room page before the room has answered it: what somebody does then is not lost, and they read why it waits."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.sessions.pages import Hall

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
NO_SOCKET = "window.WebSocket = class { constructor() { throw new Error('no way through'); } };"


def unanswered(hall: Hall) -> Page:
    """Priya's page, from which nothing gets through to the room yet."""
    page = hall.page(hall.group.lead)
    page.add_init_script(NO_SOCKET)
    page.route("**/socket.io/?*", lambda route: route.abort())
    page.goto(f"{hall.house.url}/sessions/{hall.group.group_session.id}/room")
    expect(page.locator("#banner")).to_contain_text("Connecting")
    return page


def test_words_that_are_sent_before_the_room_answers_stay_in_their_box(hall: Hall) -> None:
    page = unanswered(hall)
    page.get_by_role("button", name="Chat").click()
    page.locator("#message").fill("I am nearly there")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("#chat-note")).to_contain_text("You are not connected yet. Your words are still here.")
    expect(page.locator("#message")).to_have_value("I am nearly there")


def test_a_press_for_sound_before_the_room_answers_says_to_press_again(hall: Hall) -> None:
    page = unanswered(hall)
    page.get_by_role("button", name="Turn sound on").click()
    expect(page.locator("#announce")).to_have_text("You are not connected yet. Please press again in a moment.")
