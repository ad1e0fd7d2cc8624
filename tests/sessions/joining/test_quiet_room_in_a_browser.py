"""What the room's pages say calmly: a new version, a picture that is paused; what is read out, and what is not."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.sessions.pages import Hall, look

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(900)]
BLOCKED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""
"""A browser in which nothing may be kept: it throws as soon as it is asked."""
AS_OLD = """(() => {
  const read = JSON.parse;
  JSON.parse = (...given) => {
    const found = read(...given);
    if (!found?.exercises || sessionStorage.getItem("loaded-once")) return found;
    sessionStorage.setItem("loaded-once", "yes");
    window.old = true;
    return { ...found, release: "earlier" };
  };
})()"""
"""The page as an earlier release would have sent it, until it loads again."""
IS_NEW = "() => sessionStorage.getItem('loaded-once') && !window.old"
READ_OUT = "[role=log], [role=status], [role=alert], [aria-live]"
LIKE_THIS = """async (change) => {
  const { NewVersion } = await import("/static/js/room/core/new-version.js");
  const me = { seat: "a", status: "lobby", ...change.me };
  const state = { status: "open", me, people: change.people, alerts: {}, ...change.state };
  const link = { release: change.release ?? "new", state, outbox: { entries: [] } };
  sessionStorage.clear();
  document.querySelectorAll(".tried").forEach((one) => one.remove());
  if (change.typed !== undefined) {
    const box = Object.assign(document.createElement("textarea"), { className: "tried", id: change.box ?? "other" });
    document.body.append(box);
    box.value = change.typed;
  }
  const version = new NewVersion(link, "old", { resting: () => Boolean(change.resting) });
  Object.assign(version, { wait: 0, gone: 0, go() { this.gone += 1; } });
  version.look();
  const alone = version.gone;
  const offered = version.offer?.says ?? "";
  document.body.insertAdjacentHTML("beforeend", '<p class="tried" id="announce"></p>');
  version.load();
  return { alone, pressed: version.gone - alone, offered };
}"""
"""A page that was loaded as "old": whether it loads the new one by itself and when pressed, and what it offers."""
LISTEN = """() => {
  window.heard = [];
  const hear = (changes) => changes.forEach(
    (one) => one.addedNodes.forEach((node) => window.heard.push(node.textContent)));
  new MutationObserver(hear).observe(document.getElementById("heard"), { childList: true });
}"""
"""What a screen reader reads out of the chat from now on."""
READY = "A new version is ready."


def in_the_room(hall: Hall) -> tuple[Page, Page]:
    """The lead's page and Linda's, who is in the room."""
    lead, linda = hall.lead(), hall.join(hall.group.patients[0], "off", small=True)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(linda.get_by_role("button", name="I need help")).to_be_visible()
    return lead, linda


@pytest.mark.parametrize(
    ("change", "alone", "pressed", "offered"),
    [
        ({}, 1, 1, READY),
        ({"release": "old"}, 0, 1, ""),
        ({"release": ""}, 0, 1, ""),
        ({"state": {"status": "running"}}, 0, 1, READY),
        ({"me": {"word": "w1"}}, 0, 1, READY),
        ({"people": {"a": {"online": True}}}, 1, 1, READY),
        ({"people": {"b": {"online": True}}}, 0, 1, READY),
        ({"people": {"b": {"online": True, "status": "lobby"}}}, 1, 1, READY),
        ({"resting": True, "state": {"status": "running"}}, 0, 1, ""),
        ({"typed": "My words"}, 0, 0, READY),
        ({"typed": "My words", "box": "message"}, 0, 1, READY),
        ({"typed": ""}, 1, 1, READY),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_a_new_version_is_taken_where_it_disturbs_nobody_and_loses_no_word(
    plain: Page, change: dict[str, Any], alone: int, pressed: int, offered: str
) -> None:
    found = plain.evaluate(LIKE_THIS, change)
    assert found == {"alone": alone, "pressed": pressed, "offered": offered}


def test_an_open_page_that_hears_of_a_new_version_loads_it_in_the_waiting_room_and_asks_in_the_session(
    hall: Hall,
) -> None:
    lead = hall.lead()
    linda = hall.page(hall.group.patients[0], small=True)
    linda.add_init_script(AS_OLD)
    hall.come(linda, "off")
    linda.wait_for_function(IS_NEW)
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(linda.get_by_role("button", name="I need help")).to_be_visible()
    lead.get_by_role("button", name="Start session 1").click()
    expect(linda.locator("#banner")).to_be_hidden()

    linda.evaluate("() => sessionStorage.removeItem('loaded-once')")
    linda.reload()
    expect(linda.locator("#banner")).to_contain_text(READY)
    look(linda)
    linda.locator("#chat-toggle").click()
    linda.locator("#message").fill("I wanted to say")
    linda.get_by_role("button", name="Load it now").click()
    linda.wait_for_function(IS_NEW)
    linda.locator("#chat-toggle").click()
    expect(linda.locator("#message")).to_have_value("I wanted to say")
    expect(linda.locator("#banner")).not_to_contain_text(READY)


def test_a_page_that_the_room_refuses_stops_trying_and_says_why(hall: Hall) -> None:
    _, linda = in_the_room(hall)
    linda.evaluate("""async () => {
      const { RoomLink } = await import("/static/js/room/core/room-connection.js");
      window.asked = 0;
      const link = Object.create(RoomLink.prototype);
      Object.assign(link, { refusals: 0, socket: { connected: true, disconnect() { this.connected = false; } } });
      link.fire = (name, detail) => { window.over = { name, ...detail }; };
      link.send = async () => { window.asked += 1; return { ok: false, error: "You are signed out.", status: 403 }; };
      link.refresh();
    }""")
    linda.wait_for_function("() => window.over")
    assert linda.evaluate("() => window.over") == {
        "name": "over",
        "why": "refused",
        "words": "You are signed out.",
        "status": 403,
    }
    assert linda.evaluate("() => window.asked") == 2


def test_messages_are_read_out_without_the_buttons_beside_them(hall: Hall) -> None:
    lead, linda = in_the_room(hall)
    for page in (lead, linda):
        page.locator("#chat-toggle").click()
        page.evaluate(LISTEN)
    linda.locator("#message").fill("Hello all")
    linda.get_by_role("button", name="Send").click()
    for page, who in ((linda, "You"), (lead, "Linda")):
        expect(page.get_by_role("button", name="Take back: Hello all")).to_be_visible()
        page.wait_for_function("() => window.heard.length")
        (heard,) = page.evaluate("() => window.heard")
        assert heard.startswith(f"{who}, ")
        assert heard.endswith(": Hello all")
        read = "(button, where) => button.closest(where) !== null"
        assert not page.locator("#messages .btl-takeback").evaluate(read, READ_OUT)
        assert page.locator("#unsent").evaluate("(list, where) => list.closest(where) === null", READ_OUT)
        expect(page.locator("#heard p")).to_have_count(0)
    look(linda)


def test_whose_picture_is_paused_for_a_weak_link_reads_so_until_it_is_back(plain: Page) -> None:
    said = plain.evaluate("""async () => {
      document.body.dataset.livekit = "/static/vendor/livekit-client/livekit-client.umd.js";
      const { livekit } = await import("/static/js/room/core/livekit.js");
      const { Media } = await import("/static/js/room/core/media.js");
      const { Recovery } = await import("/static/js/room/core/recovery.js");
      await livekit();
      const state = { me: { status: "admitted", role: "patient" }, people: {} };
      const link = Object.assign(new EventTarget(), { state });
      const said = [];
      for (const twoRooms of [false, true]) {
        const media = new Media({ session: "s", csrf: "", devices: {}, twoRooms });
        const recovery = new Recovery(link, media);
        recovery.set(true);
        media.connection = "connected";
        let track = "TR_one";
        const engine = { on: (name, hear) => { engine.hear = hear; } };
        const me = { isCameraEnabled: true, getTrackPublication: () => ({ trackSid: track }) };
        media.room = { localParticipant: me, engine, remoteParticipants: new Map() };
        media.asked.follow(engine);
        const ask = (trackSid, ...sizes) =>
          engine.hear({ trackSid, subscribedQualities: sizes.map((enabled) => ({ enabled })) });
        const words = () => said.push(recovery.words());
        ask("TR_one", true, false, false); words();
        ask("TR_one", false, false, false); words();
        ask("TR_one", true, true, true); words();
        ask("TR_one", false, false, false);
        track = "TR_two"; words();
        track = "TR_one"; me.isCameraEnabled = false; words();
      }
      return said;
    }""")
    paused = "Your picture is paused because your connection is weak. Your sound goes on."
    assert said == ["", paused, "", "", "", *[""] * 5]


def test_a_browser_that_keeps_nothing_still_has_the_whole_room(hall: Hall) -> None:
    person = hall.group.patients[0]
    lead = hall.lead()
    linda = hall.page(person, small=True)
    linda.add_init_script(BLOCKED)
    hall.come(linda, "off")
    lead.get_by_role("button", name="Let Linda in", exact=True).click()
    expect(linda.get_by_role("button", name="I need help")).to_be_visible()
    linda.locator("#view-open").click()
    linda.get_by_text("Everyone the same size").click()
    linda.get_by_role("button", name="Back to the group").click()
    linda.locator("#chat-toggle").click()
    linda.locator("#message").fill("Hello all")
    linda.get_by_role("button", name="Send").click()
    expect(linda.locator("#messages p")).to_have_text("Hello all")
    lead.get_by_role("button", name="Chat").click()
    expect(lead.locator("#messages p")).to_have_text("Hello all")
    linda.get_by_role("button", name="Leave").first.click()
    linda.locator("#leave-yes").click()
    expect(linda.get_by_role("heading", name="You have left session 1")).to_be_visible()
