import assert from "node:assert/strict";
import { after, before, beforeEach, describe, mock, test } from "node:test";

import { handFlag, handPlace, Signs, signOf } from "../../../../static/js/room/people/signs.js";
import { learnServerTime } from "../../../../static/js/shared/clock.js";
import { openPage, press, rest } from "../../support/page.js";

const SHOWN_MS = 7000;
const NOW = Date.UTC(2026, 0, 1);
let ahead = 0;

before(() => {
  mock.method(performance, "now", () => ahead);
  mock.timers.enable({ apis: ["setTimeout"] });
});
after(() => {
  mock.timers.reset();
  mock.restoreAll();
});
beforeEach(() => {
  ahead += 1_000_000;
  learnServerTime(NOW);
});

describe("a sign on a tile", () => {
  const sign = (what, ago) => ({ sign: { what, at_ms: NOW - ago } });

  test("is there for seven seconds", () => {
    assert.equal(signOf(sign("well_done", SHOWN_MS - 1)).words, "Well done");
    assert.equal(signOf(sign("well_done", SHOWN_MS)), null);
  });

  test("is none where nobody sent one, or one that this page does not know", () => {
    assert.equal(signOf({}), null);
    assert.equal(signOf(undefined), null);
    assert.equal(signOf(sign("brand_new", 0)), null);
  });
});

describe("raised hands", () => {
  const people = { a: { hand_ms: 300 }, b: { hand_ms: 100 }, c: {}, d: { hand_ms: 200 } };

  test("have their place by who was first", () => {
    assert.deepEqual(
      ["a", "b", "c", "d", "gone"].map((seat) => handPlace(people, seat)),
      [3, 1, 0, 2, 0],
    );
  });

  test("say their place only when there are several", () => {
    assert.equal(handFlag(people, "d").words, "Hand 2");
    assert.equal(handFlag({ a: { hand_ms: 1 }, b: {} }, "a").words, "Hand up");
    assert.equal(handFlag(people, "c"), null);
  });
});

describe("signs of the group", () => {
  let link;
  let redrawn;
  beforeEach(() => {
    openPage('<p id="announce"></p><button data-sign="thank_you"></button>');
    link = Object.assign(new EventTarget(), {
      sent: [],
      answer: { ok: true },
      async send(name, data) {
        this.sent.push([name, data]);
        return this.answer;
      },
    });
    redrawn = 0;
    new Signs(link, () => {
      redrawn += 1;
    });
  });

  const say = (people) => {
    link.state = { me: { seat: "me" }, people };
    link.dispatchEvent(new Event("change"));
    mock.timers.tick(60);
    return document.getElementById("announce").textContent;
  };
  const linda = (atMs) => ({ a: { name: "Linda", sign: { what: "me_too", at_ms: atMs } } });

  test("are said once, with their name, and the page is drawn again when they go", () => {
    assert.equal(say(linda(NOW)), "Linda: Me too");
    document.getElementById("announce").textContent = "";
    assert.equal(say(linda(NOW)), "");
    mock.timers.tick(SHOWN_MS + 100);
    assert.equal(redrawn, 1);
  });

  test("my own are said as mine, and a second one is said again", () => {
    const own = (atMs) => ({ me: { name: "Linda", sign: { what: "thank_you", at_ms: atMs } } });
    assert.equal(say(own(NOW - 1000)), "You: Thank you");
    document.getElementById("announce").textContent = "";
    assert.equal(say(own(NOW)), "You: Thank you");
  });

  test("go with one press, and a refusal is read out", async () => {
    press(document.querySelector("[data-sign]"));
    assert.deepEqual(link.sent, [["react", { what: "thank_you" }]]);
    link.answer = { ok: false, error: "Please wait a moment." };
    press(document.querySelector("[data-sign]"));
    await rest();
    mock.timers.tick(60);
    assert.equal(document.getElementById("announce").textContent, "Please wait a moment.");
  });
});
