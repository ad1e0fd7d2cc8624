"""Parts of the room's pages by themselves, in a browser and without a site: what they say, and what they offer."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from backtolife.config import ROOT
from backtolife.joined import BUNDLES
from tests.support.browser import desktop

pytestmark = pytest.mark.browser
SITE = "http://room.test"
KINDS = {".js": "text/javascript", ".css": "text/css"}
SHEETS = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in BUNDLES["room"])


def served(route: Route) -> None:
    """The page of the test, and our own scripts and sheets from the disk."""
    path = ROOT / route.request.url.removeprefix(f"{SITE}/").partition("?")[0]
    if path.suffix in KINDS and path.is_file():
        route.fulfill(body=path.read_bytes(), content_type=KINDS[path.suffix])
    elif path.suffix:
        route.fulfill(status=404)
    else:
        route.fulfill(
            body=f"<!DOCTYPE html><title>Session 1</title>{SHEETS}<body class=btl-room>", content_type="text/html"
        )


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    context = desktop(browser)
    page = context.new_page()
    page.route("**/*", served)
    page.goto(f"{SITE}/")
    yield page
    context.close()


def words(page: Page, alert: dict[str, Any] | None, *, pending: bool = False, heard: bool = True) -> str:
    script = """async ([alert, given]) => {
      const { helpWords } = await import("/static/js/room/patient/help-words.js");
      return helpWords(alert ?? undefined, given).join(" | ");
    }"""
    return str(page.evaluate(script, [alert, {"pending": pending, "heard": heard}]))


def test_who_asked_for_help_reads_only_what_is_so(plain: Page) -> None:
    alone = words(plain, {"told": ["Fay"]})
    assert alone == "We have told Fay | Fay will speak to you on your own."
    assert words(plain, {"told": ["Fay", "Sid"]}).endswith("Fay or Sid will speak to you on your own.")
    assert "We will tell the person on duty" in words(plain, {"told": []})
    gone_on = words(plain, {"told": ["Fay"], "escalated_ms": 5})
    assert "Nobody has answered yet" in gone_on
    assert "We have told the person on duty" in gone_on
    assert "Fay" not in gone_on
    assert "Sid will speak to you" in words(plain, {"told": ["Sid"], "taken_by": "Sid", "escalated_ms": 5})
    assert "Una is not in the room" in words(plain, {"told": ["Sid"], "taken_by": "Una"})
    assert "We are sending this" in words(plain, None, pending=True)
    assert "We are sending this" in words(plain, None, heard=False)
    assert "has closed this call" in words(plain, None)


ALERTS = """async () => {
  document.body.insertAdjacentHTML("beforeend", `<section id="alerts" class="btl-alerts"></section>
    <main id="main" tabindex="-1" class="btl-board" style="height: 4000px"></main><p id="announce"></p>`);
  const { AlertBar } = await import("/static/js/room/staff/help-calls.js");
  window.link = Object.assign(new EventTarget(), {
    state: { people: { s: { name: "Pat" } }, alerts: { a: { seat: "s", at_ms: Date.now(), reason: "" } } },
    sent: [],
    async send(name) { this.sent.push(name); return { ok: true, place: "At home" }; },
  });
  window.asked = [];
  const sure = ({ title }, act) => { window.asked.push(title); window.agree = act; };
  window.bar = new AlertBar(link, (sent) => sent, { word() {} }, { session: "x" }, sure);
  window.bar.draw();
}"""


def test_staff_read_that_somebody_says_they_are_ok_until_they_have_seen_it(plain: Page) -> None:
    plain.evaluate(ALERTS)
    plain.evaluate(
        """() => { link.state.alerts = {}; bar.draw();
          link.dispatchEvent(new CustomEvent('well_again', { detail: { name: 'Pat' } })); }"""
    )
    expect(plain.locator("#alerts")).to_contain_text("Pat says they are OK")
    plain.get_by_role("button", name="Dismiss").click()
    expect(plain.locator("#alerts")).to_be_empty()


def test_a_call_is_closed_once_its_closing_was_asked_for_twice(plain: Page) -> None:
    plain.evaluate(ALERTS)
    plain.get_by_role("button", name="Close this call").click()
    assert plain.evaluate("() => [window.asked, link.sent.includes('help_close')]") == [
        ["Close Pat’s call for help?"],
        False,
    ]
    plain.evaluate("() => agree()")
    assert plain.evaluate("() => link.sent.includes('help_close')")


def test_a_call_for_help_stays_in_view_on_a_small_scrolled_page_and_is_in_the_title(plain: Page) -> None:
    plain.set_viewport_size({"width": 683, "height": 384})
    plain.evaluate(ALERTS)
    plain.evaluate("() => window.scrollTo(0, 2000)")
    expect(plain.locator(".btl-alertbar h2")).to_be_in_viewport()
    expect(plain).to_have_title("Call for help – Session 1")
    plain.evaluate("() => { link.state.alerts = {}; bar.draw(); }")
    expect(plain).to_have_title("Session 1")


HELP = """async () => {
  document.body.insertAdjacentHTML("beforeend", `<p id="announce"></p>
    <button id="help"><span>I need help</span></button>
    <dialog id="help-sheet"><h2 id="help-words" tabindex="-1"></h2><p id="help-who"></p>
    <button data-reason="pain">Too much pain</button><button id="help-back">Back</button>
    <button id="help-over">I am OK</button></dialog>`);
  const { Help } = await import("/static/js/room/patient/help.js");
  window.link = Object.assign(new EventTarget(), {
    state: { alerts: {} }, sent: [],
    async send(name) { this.sent.push(name); return { ok: true }; },
  });
  new Help(link);
}"""


def test_a_new_call_for_help_does_not_say_what_an_earlier_one_was_about(plain: Page) -> None:
    plain.evaluate(HELP)
    plain.get_by_role("button", name="I need help").click()
    plain.get_by_role("button", name="Too much pain").click()
    plain.get_by_role("button", name="Back").click()
    plain.get_by_role("button", name="I need help").click()
    plain.wait_for_function("() => link.sent.filter((name) => name === 'help').length === 2")
    assert plain.evaluate("() => link.sent") == ["help", "help_reason", "help"]


def test_who_had_their_private_word_reads_that_it_is_over(plain: Page) -> None:
    script = """async (me) => (await import("/static/js/room/patient/waiting-words.js")).waitingWords(me)"""
    assert "will let you in soon" in plain.evaluate(script, {"status": "lobby"})
    assert "will talk to you in a moment" in plain.evaluate(script, {"status": "held"})
    over = plain.evaluate(script, {"status": "held", "word_over": True})
    assert "Your private word is over." in over
    assert "talk to you" not in over


OWN_SOUND = """async () => {
  document.body.insertAdjacentHTML("beforeend", `<section id="own-sound" hidden>Your sound is off.
    <button id="own-sound-on"></button></section><p id="announce"></p>`);
  const { OwnSound } = await import("/static/js/room/staff/own-sound.js");
  const section = { mic: "facilitator_only" };
  window.state = { status: "running", lead: "priya", me: { seat: "priya" }, people: {}, section };
  window.media = { micOn: false };
  window.own = new OwnSound({ state }, { media, speak: () => { media.micOn = true; own.draw(); } });
  own.draw();
}"""


def test_who_leads_a_calm_part_without_sound_is_warned(plain: Page) -> None:
    plain.evaluate(OWN_SOUND)
    bar = plain.locator("#own-sound")
    expect(bar).to_be_visible()
    expect(plain.locator("#announce")).to_have_text("Your sound is off. Nobody hears you.")
    bar.get_by_role("button").click()
    expect(bar).to_be_hidden()
    for unwarned in ("state.section.mic = 'open'", "state.lead = 'tom'", "state.status = 'open'", "state.film = {}"):
        plain.evaluate(
            f"() => {{ const kept = structuredClone(state); media.micOn = false; {unwarned}; own.draw();"
            " window.hid = own.bar.hidden; Object.assign(state, kept); delete state.film; }"
        )
        assert plain.evaluate("window.hid"), unwarned


def test_a_long_address_in_the_chat_makes_no_bubble_wider_than_the_panel(plain: Page) -> None:
    words = "https://example.org/" + "a" * 400
    plain.evaluate(
        """(words) => document.body.insertAdjacentHTML("beforeend", `<section class="btl-panel" style="width: 300px">
          <div class="btl-panel__body"><ul class="btl-msgs"><li><b>Linda</b><p>Short</p></li>
          <li><b>Linda</b><p>${words}</p></li></ul></div></section>`)""",
        words,
    )
    widths = plain.evaluate(
        "() => ['.btl-panel__body', '.btl-msgs li:last-child p'].map((one) => document.querySelector(one).scrollWidth)"
    )
    assert widths[0] <= 300
    assert widths[1] <= 300


POLL = """async () => {
  document.body.insertAdjacentHTML("beforeend", `<main id="main" class="is-chat" tabindex="-1"><div class="btl-stage">
    <section class="btl-now btl-poll" id="poll" hidden><p id="poll-title"></p><div id="poll-options"></div>
    <p id="poll-note"></p><div id="poll-told"></div><button id="poll-open" hidden></button>
    <button id="poll-close"></button></section></div></main>
    <p id="announce"></p>`);
  const { PollCard } = await import("/static/js/room/patient/poll.js");
  const poll = { id: "p", question: "How was it?", options: ["Good", "Hard"], open: true };
  window.link = { state: { poll }, chosen: null };
  const kept = Object.assign(new EventTarget(), { send: async () => ({ ok: true }) });
  const uncover = () => document.getElementById("main").classList.remove("is-chat");
  window.card = new PollCard(link, kept, { uncover });
  card.draw();
}"""


def test_a_question_behind_the_chat_of_a_phone_is_offered_and_comes_to_the_front(plain: Page) -> None:
    plain.set_viewport_size({"width": 390, "height": 844})
    plain.evaluate(POLL)
    expect(plain.locator("#poll")).to_be_hidden()
    assert plain.evaluate("card.offer.words") == "See the question"
    plain.evaluate("card.offer.act()")
    expect(plain.locator("#poll")).to_be_visible()
    expect(plain.get_by_label("Good")).to_be_focused()
    assert plain.evaluate("card.offer") is None


FORM = """async (checked) => {
  document.body.innerHTML = `<form method="post" action="/sessions/x/get-ready" novalidate>
    <input type="hidden" name="csrf_token" value="k"><input type="radio" name="camera" value="off" required ${checked}>
    <p id="note"></p><button>Join the group</button></form>`;
  const { sendPatiently } = await import("/static/js/shared/sending.js");
  sendPatiently(document.querySelector("form"), document.getElementById("note"), "/onward");
}"""


@pytest.mark.parametrize(("checked", "sent"), [("", 1), ("checked", 2)])
def test_a_form_with_something_missing_is_not_sent_again_and_again(plain: Page, checked: str, sent: int) -> None:
    """What the server's page says must be shown: that page is asked for once, after the script's own try."""
    posted: list[str] = []

    def refused(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(route.request.url)
        route.fulfill(status=400, body="<p>Choose who can see you</p>", content_type="text/html; charset=utf-8")

    plain.route("**/get-ready", refused)
    plain.evaluate(FORM, checked)
    plain.get_by_role("button", name="Join the group").click()
    expect(plain.get_by_text("Choose who can see you")).to_be_visible()
    assert len(posted) == sent


FLAGGED = """async ([kind, wide, high, flag, offWords]) => {
  const { Tile } = await import("/static/js/room/people/tiles.js");
  const list = document.createElement("ul");
  list.className = kind === "wall" ? "btl-wall" : "btl-gallery";
  const tile = kind === "wall" ? new Tile("div") : new Tile("li");
  tile.show({ name: "Linda", track: null, offWords, sound: true, named: kind !== "wall",
    flag: { words: flag, icon: "warning", kind: "alert" } });
  const place = kind === "wall" ? document.createElement("li") : tile.root;
  if (kind === "wall") place.append(tile.root);
  place.style.width = `${wide}px`;
  if (kind !== "wall") Object.assign(place.style, { height: `${high}px`, aspectRatio: "auto" });
  list.style.gridTemplateColumns = `${wide}px`;
  list.append(place);
  document.body.append(list);
  const box = (one) => one.getBoundingClientRect();
  const over = (a, b) =>
    a.width && b.width && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const shown = [tile.letter, tile.offWords, ...(kind === "wall" ? [] : [tile.name])].map(box);
  const covered = shown.filter((one) => over(one, box(tile.flag))).length;
  const crossed = shown.filter((one, at) => shown.slice(at + 1).some((other) => over(one, other))).length;
  return { covered, crossed, letter: box(tile.letter).width > 0 };
}"""
"""One tile without a picture and with a flag, as wide and as high as it is on that page; what lies over what."""


@pytest.mark.parametrize(
    ("tile", "letter"),
    [
        (("wall", 172, 0, "Read what is new", "Camera off, their choice"), True),
        (("wall", 320, 0, "Read what is new", "Camera off, their choice"), True),
        (("gallery", 118, 118, "Hand up", "Camera off"), True),
        (("gallery", 118, 88, "Hand 2", "Camera off"), False),
        (("gallery", 180, 135, "Picture paused", "Camera off"), True),
        (("gallery", 300, 220, "Talking", "Reconnecting"), True),
    ],
)
def test_a_flag_covers_neither_the_letter_nor_the_words_of_who_shows_no_picture(
    plain: Page, tile: tuple[str, int, int, str, str], letter: bool
) -> None:
    plain.set_viewport_size({"width": 390, "height": 844})
    found = plain.evaluate(FLAGGED, list(tile))
    assert found == {"covered": 0, "crossed": 0, "letter": letter}
