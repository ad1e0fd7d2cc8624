import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { placeOf, Small } from "../../../../static/js/room/patient/breakout.js";
import { learnServerTime, serverNow } from "../../../../static/js/shared/clock.js";
import { openPage, rest } from "../../support/page.js";

describe("where somebody's sound and picture belong", () => {
  const me = (more) => ({ me: { small: "2", ...more } });
  for (const [name, state, place] of [
    ["without small groups, to everyone", me(), ""],
    ["groups that are only made move nobody", { ...me(), small: { open: false } }, ""],
    ["in open groups, to one's own", { ...me(), small: { open: true } }, "2"],
    ["who is in none stays with everyone", { me: {}, small: { open: true } }, ""],
    ["until the moment everyone goes back", { ...me(), small: { open: true, back_ms: 1001 } }, "2"],
    ["and from that moment to everyone", { ...me(), small: { open: true, back_ms: 1000 } }, ""],
    ["a private word comes before any group", { ...me({ word: "w1" }), small: { open: true } }, "w1"],
  ]) {
    test(name, () => assert.equal(placeOf(state, 1000), place));
  }
});

describe("in a small group", () => {
  let steady = 0;
  let link;
  let small;
  let moved;
  let kind;

  beforeEach(() => {
    steady += 1000;
    mock.method(performance, "now", () => steady);
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    learnServerTime(Date.UTC(2026, 0, 1) + steady * 1000);
    openPage(`<p id="announce"></p><p id="small-words" hidden></p><div id="now"></div>
      <dialog id="help-sheet"></dialog><dialog id="leave-sheet"></dialog><section id="written" hidden><div id="written-words"></div></section>`);
    kind = "reflection";
    moved = 0;
    link = {
      sent: [],
      answer: { ok: true, own: ["I paced"], group: ["It helped"] },
      state: {
        people: {},
        me: { small: "2" },
        section: { index: 4 },
        small: { open: true, until_ms: serverNow() + 125_000 },
      },
      async send(name) {
        this.sent.push(name);
        return this.answer;
      },
    };
    small = new Small(link, {
      get section() {
        return { kind };
      },
    });
    small.addEventListener("moved", () => {
      moved += 1;
    });
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  const look = async () => {
    mock.timers.tick(500);
    await rest();
  };
  const words = () => document.getElementById("small-words").textContent;
  const announced = () => {
    mock.timers.tick(60);
    return document.getElementById("announce").textContent;
  };

  test("one is told where one is, once, and for how long", async () => {
    await look();
    await look();
    assert.equal(announced(), "You are in small group 2 now.");
    assert.deepEqual([words(), moved], ["Small group 2. 2:05 left", 1]);
    link.state.small.until_ms = serverNow() - 1;
    await look();
    assert.equal(words(), "Small group 2. Time is up. We call you back soon");
  });

  test("the way back is counted down, and said at half a minute and ten seconds", async () => {
    await look();
    announced();
    for (const [seconds, said] of [
      [31, ""],
      [30, "Back to everyone in 30 seconds"],
      [10, "Back to everyone in 10 seconds"],
    ]) {
      document.getElementById("announce").textContent = "";
      link.state.small.back_ms = serverNow() + seconds * 1000;
      await look();
      assert.equal(words(), `Back to everyone in 0:${seconds}`);
      assert.equal(announced(), said);
    }
    link.state.small.back_ms = serverNow();
    await look();
    assert.equal(announced(), "You are back with everyone.");
    assert.equal(document.getElementById("small-words").hidden, true);
  });

  test("what people wrote is asked for once in each reflection, and shown without names", async () => {
    await look();
    await look();
    small.follow();
    assert.deepEqual(link.sent, ["look_written"]);
    const lines = [...document.querySelectorAll("#written-words p")].map((each) => each.textContent);
    assert.deepEqual(lines, ["You wrote: I paced", "Someone wrote: It helped"]);
    kind = "talk";
    small.follow();
    assert.equal(document.getElementById("written").hidden, true);
  });

  test("what could not be had is asked for again", async () => {
    link.answer = { ok: false };
    await look();
    link.answer = { ok: true, own: [], group: [] };
    small.follow();
    await rest();
    assert.equal(link.sent.length, 2);
    assert.equal(document.getElementById("written").hidden, true);
  });

  test("a private word is told as one, and asks for nothing", async () => {
    link.state.me.word = "w1";
    await look();
    assert.equal(announced(), "You are in a private word. Nobody else can hear you.");
    assert.deepEqual([link.sent, moved], [[], 1]);
  });

  test("a private word closes what lies over the page as it begins, and nothing that is opened in it", async () => {
    const [help, leave] = document.querySelectorAll("dialog");
    for (const sheet of [help, leave]) sheet.showModal();
    await look();
    assert.deepEqual([help.open, leave.open], [true, true]);
    link.state.me.word = "w1";
    await look();
    assert.deepEqual([help.open, leave.open], [false, true]);
    help.showModal();
    await look();
    assert.equal(help.open, true);
  });
});
