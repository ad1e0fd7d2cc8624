"""What a section brings with it, in a real browser: music, the bell, the drawing, pain and effort."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from backtolife import clock
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.state.room_state import publishing_of
from tests.sessions.summary.test_summary import HOUR, hold_session
from tests.support.browser import assert_accessible, desktop, phone
from tests.support.closing import close_all
from tests.support.running import House
from tests.support.sessions.gathering import Gathering, gather

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.timeout(600)]
PATIENCE = 90_000
RENDER = """async ([name, seconds]) => {
  const { playBed, strike } = await import("/static/js/room/audio/synth.js");
  const context = new OfflineAudioContext(2, seconds * 8000, 8000);
  if (name === "bell") strike(context, "work", 0, context.destination);
  else playBed(context, name, context.destination);
  const sound = (await context.startRendering()).getChannelData(0);
  const levels = [];
  for (let at = 0; at < seconds; at += 0.5) {
    const part = sound.subarray(at * 8000, (at + 0.5) * 8000);
    levels.push(Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / part.length));
  }
  return { levels, peak: sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}"""
BEATS = """async ([layout, phases, ago]) => {
  document.body.innerHTML = '<p id="announce"></p><button data-bell><span></span></button>';
  const { Beats } = await import("/static/js/room/audio/bell.js");
  const { learnServerTime } = await import("/static/js/shared/clock.js");
  learnServerTime(5_000_000);
  const heard = [];
  const { body } = document;
  const seen = new Promise((done) => {
    new MutationObserver(() => body.dataset.beat && done(body.dataset.beat)).observe(body, { attributes: true });
  });
  const section = { index: 0, entered_ms: 5_000_000 - ago };
  const speaker = { get sound() { heard.push("asked"); return null; }, wake() {} };
  new Beats({ state: { section, me: { status: "admitted" } } }, { sections: [{ layout, phases }] }, speaker);
  const kind = await Promise.race([seen, new Promise((done) => setTimeout(() => done("nothing"), 4000))]);
  return { kind, heard: heard.length };
}"""

BELL = """async () => {
  document.body.innerHTML = '<p id="announce"></p><button data-bell><span></span></button>';
  const real = Date.now;
  Date.now = () => real() - 600_000;
  const shaken = [];
  Object.defineProperty(navigator, "vibrate", { value: (pattern) => shaken.push(pattern) });
  Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: true } });
  const { Beats } = await import("/static/js/room/audio/bell.js");
  const { learnServerTime } = await import("/static/js/shared/clock.js");
  learnServerTime(5_000_000);
  const context = new AudioContext();
  await context.resume();
  let struck = 0;
  const make = context.createOscillator.bind(context);
  context.createOscillator = () => { struck += 1; return make(); };
  const { body } = document;
  const seen = new Promise((done) => {
    new MutationObserver(() => body.dataset.beat && done(body.dataset.beat)).observe(body, { attributes: true });
  });
  const phases = [{ kind: "work", seconds: 40 }, { kind: "rest", seconds: 20 }];
  const section = { index: 0, entered_ms: 5_000_000 - 39_000 };
  const state = { section, me: { status: "admitted" } };
  new Beats({ state }, { sections: [{ layout: "speaker", phases }] }, { sound: context, wake() {} });
  const colour = await Promise.race([seen, new Promise((done) => setTimeout(() => done("nothing"), 8000))]);
  await context.close();
  return { colour, struck, shaken: shaken.length };
}"""


class Room:
    """A session that has started, with Linda in it."""

    def __init__(self, house: House, browser: Browser, **options: Any) -> None:
        with house.database() as db:
            self.group: Gathering = gather(db, clock.now())
        self.house = house
        self.faults: list[str] = []
        self.contexts = [desktop(browser), phone(browser, **options)]
        self.lead, self.linda = (self.page(which) for which in (0, 1))

    def page(self, which: int) -> Page:
        person = (self.group.lead, self.group.patients[0])[which]
        self.contexts[which].add_cookies(self.house.browser_cookies(person))  # type: ignore[arg-type]
        page = self.contexts[which].new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.set_default_timeout(PATIENCE)
        return page

    def begin(self) -> "Room":
        self.lead.goto(f"{self.house.url}/sessions/{self.group.group_session.id}/room")
        self.linda.goto(f"{self.house.url}/j/{self.group.group_session.join_code}")
        self.linda.locator("input[name=camera][value=off]").check(force=True)
        self.linda.get_by_text("At home", exact=True).click()
        self.linda.get_by_role("button", name="Join the group").click()
        self.lead.get_by_role("button", name="Let Linda in", exact=True).click()
        expect(self.linda.locator("#stage")).to_be_visible()
        self.lead.get_by_role("button", name="Start session 1").click()
        return self

    def go_to(self, kind: str) -> None:
        plan = shipped().session(1).sections
        place = next(at for at, section in enumerate(plan) if section.kind == kind)
        self.lead.locator(f'[data-go-to="{place}"]').click()
        expect(self.lead.locator("#script .is-now")).to_contain_text(plan[place].title)

    def close(self) -> None:
        close_all(self.contexts)
        assert self.faults == []


@pytest.fixture
def room(house: House, browser: Browser) -> Iterator[Room]:
    running = Room(house, browser).begin()
    yield running
    running.close()


@pytest.mark.parametrize("name", ["music-soft-tones", "music-slow-waves"])
def test_a_bed_of_music_is_gentle_never_cut_off_and_always_the_same(plain: Page, name: str) -> None:
    first, again = (plain.evaluate(RENDER, [name, 30]) for _ in range(2))
    assert first["levels"] == pytest.approx(again["levels"], rel=0.001)
    assert 0.02 < first["peak"] < 0.8
    assert all(level > 0.002 for level in first["levels"])
    steps = [abs(later - earlier) for earlier, later in pairwise(first["levels"])]
    assert max(steps) < 0.08


def test_the_waves_come_six_times_a_minute(plain: Page) -> None:
    levels = plain.evaluate(RENDER, ["music-slow-waves", 60])["levels"]
    middle = sum(levels) / len(levels)
    smooth = [sum(levels[at - 3 : at + 4]) / 7 for at in range(3, len(levels) - 3)]
    rises = sum(1 for one, other in pairwise(smooth) if one < middle <= other)
    assert 5 <= rises <= 7


def test_the_bell_rings_out_by_itself(plain: Page) -> None:
    bell = plain.evaluate(RENDER, ["bell", 6])
    assert 0.05 < bell["peak"] < 0.9
    assert bell["levels"][0] > 10 * bell["levels"][8]
    assert bell["levels"][-1] < 0.001


@pytest.mark.parametrize(
    ("layout", "phases", "ago", "kind"),
    [
        ("gallery", [{"kind": "intro", "seconds": 10}, {"kind": "work", "seconds": 40}], 9_000, "work"),
        ("gallery", [{"kind": "work", "seconds": 40}, {"kind": "rest", "seconds": 20}], 39_000, "rest"),
        ("dim", [], 200, "begin"),
        ("dim", [], 60_000, "nothing"),
        ("gallery", [], 0, "nothing"),
    ],
)
def test_work_rest_and_calm_each_have_their_sign_at_their_moment(
    plain: Page, layout: str, phases: list[dict[str, Any]], ago: int, kind: str
) -> None:
    assert plain.evaluate(BEATS, [layout, phases, ago])["kind"] == kind


def test_a_bell_that_is_off_makes_no_sound_and_still_shows(plain: Page) -> None:
    plain.evaluate("localStorage.setItem('bell', 'off')")
    found = plain.evaluate(BEATS, ["dim", [], 200])
    assert found == {"kind": "begin", "heard": 0}


def test_a_bell_that_works_on_phones_rings_by_the_servers_clock_with_sound_colour_and_vibration(plain: Page) -> None:
    """The row "a bell that works on phones": also on a device whose own clock is ten minutes wrong."""
    found = plain.evaluate(BELL)
    assert (found["colour"], found["shaken"]) == ("rest", 1)
    assert found["struck"] > 0


def test_one_way_good_quality_music_plays_on_each_device_under_the_voice_while_everyone_else_is_muted(
    room: Room,
) -> None:
    """The row "one-way good-quality music while everyone else is muted"; the choice is remembered."""
    linda = room.linda
    room.go_to("relaxation")
    with room.house.database() as db:
        state = db.get_one(GroupSession, room.group.group_session.id).state
    assert all(
        publishing_of(state, seat).microphone is (one["role"] == "facilitator") for seat, one in state["seats"].items()
    )
    expect(linda.locator("#rest")).to_be_visible()
    expect(linda.get_by_label("No music")).to_be_checked()
    linda.get_by_text("Soft tones").click()
    expect(linda.locator("#rest")).to_have_attribute("data-music", "on")
    room.lead.locator("#sound").click()
    expect(linda.locator("#rest")).to_have_attribute("data-music", "under the voice")
    linda.get_by_role("button", name="Music louder").click()
    expect(linda.get_by_label("Music, just for you")).to_have_value("50")
    linda.locator("#rest [data-bell]").click()
    assert_accessible(linda)
    linda.reload()
    expect(linda.get_by_label("Soft tones")).to_be_checked()
    expect(linda.get_by_label("Music, just for you")).to_have_value("50")
    expect(linda.locator("#rest [data-bell]")).to_have_text("Bell is off")


def test_the_drawing_follows_the_persons_own_way_and_can_be_held_still(room: Room) -> None:
    linda = room.linda
    room.go_to("exercise")
    first = next(section for section in shipped().session(1).sections if section.stations).stations[0].exercise_id
    figure = linda.locator("#figure")
    expect(figure).to_have_attribute("src", f"/exercises/{first}/sitting/moving.svg")
    linda.locator("input[name=way][value=lying]").check(force=True)
    expect(figure).to_have_attribute("src", f"/exercises/{first}/lying/moving.svg")
    assert figure.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    assert_accessible(linda)
    linda.get_by_role("button", name="Keep the drawing still").click()
    expect(figure).to_have_attribute("src", f"/exercises/{first}/lying/still.svg")
    linda.reload()
    expect(figure).to_have_attribute("src", f"/exercises/{first}/lying/still.svg")


def test_nothing_moves_for_somebody_whose_device_asks_for_that(house: House, browser: Browser) -> None:
    room = Room(house, browser, reduced_motion="reduce").begin()
    room.go_to("exercise")
    expect(room.linda.locator("#figure")).to_have_attribute("src", "/exercises/ex-shoulder-roll/sitting/still.svg")
    room.close()


def test_pain_and_effort_reach_the_team_and_come_back_after_a_reload(room: Room) -> None:
    linda = room.linda
    room.go_to("check_in")
    linda.get_by_role("button", name="Tell us your pain and effort").click()
    linda.locator("input[name=pain][value='6']").check(force=True)
    expect(linda.locator("#check-note")).to_have_text("Your team has it.")
    linda.locator("input[name=effort][value='2']").check(force=True)
    expect(linda.locator("#check-said")).to_have_text("You told us: pain 6, effort 2.")
    assert_accessible(linda)
    expect(linda.locator("#check-group")).to_be_hidden()
    expect(room.lead.locator("#checks-rows tr")).to_have_text("Linda6–2–")
    expect(room.lead.locator("#checks-count")).to_contain_text("1 of 1 told us")
    assert_accessible(room.lead)
    linda.reload()
    expect(linda.locator("#check-said")).to_have_text("You told us: pain 6, effort 2.")
    room.go_to("goal_review")
    expect(linda.locator("#check-bar")).to_be_hidden()


def test_the_library_and_the_look_back_are_accessible_on_a_phone(house: House, browser: Browser) -> None:
    with house.database() as db:
        ended = hold_session(gather(db, clock.now(), ("Linda", "Joseph", "Maureen")), clock.now() - 2 * HOUR)
    for person, paths in (
        (ended.group.patients[0], ("/exercises", "/exercises/ex-march")),
        (ended.group.lead, (f"/sessions/{ended.group.group_session.id}/summary", f"/groups/{ended.group.cohort.id}")),
    ):
        context = phone(browser)
        context.add_cookies(house.browser_cookies(person))  # type: ignore[arg-type]
        page = context.new_page()
        for path in paths:
            page.goto(f"{house.url}{path}")
            for summary in page.locator("details > summary").all():
                summary.click()
            assert_accessible(page)
        context.close()


def test_a_plan_is_written_where_plans_are_made_and_stands_on_lindas_home(room: Room) -> None:
    room.go_to("home_practice")
    box, sheet = room.lead.locator("#plans-box"), room.lead.locator("#plan-sheet")
    box.get_by_role("button", name="Write down the plan of Linda Example").click()
    sheet.get_by_label("What does Linda Example plan to do?").fill("Walk to the shop")
    sheet.get_by_label("How sure are they").fill("8")
    assert_accessible(room.lead)
    sheet.get_by_role("button", name="Save").click()
    expect(box).to_contain_text("Walk to the shop Sure: 8 of 10.")
    expect(sheet).to_be_hidden()
    home = room.contexts[1].new_page()
    home.goto(room.house.url)
    expect(home.get_by_role("heading", name="Your plan from session 1")).to_be_visible()
    expect(home.locator("main")).to_contain_text("Walk to the shop")
