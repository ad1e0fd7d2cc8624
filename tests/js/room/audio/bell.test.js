import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Beats, beatsOf } from "../../../../static/js/room/audio/bell.js";
import { learnServerTime } from "../../../../static/js/shared/clock.js";
import { openPage, press } from "../../support/page.js";

const BEGAN = Date.UTC(2026, 0, 1, 10);
const HOUR_MS = 3_600_000;
const circuit = {
  layout: "exercise",
  phases: [
    { kind: "intro", seconds: 20 },
    { kind: "work", seconds: 40 },
    { kind: "rest", seconds: 20 },
    { kind: "work", seconds: 40 },
    { kind: "cool_down", seconds: 60 },
  ],
};
const calm = { layout: "dim", phases: [] };

describe("when a section rings", () => {
  test("a circuit rings at each turn from work to rest and back, and not at its introduction", () => {
    const beats = beatsOf(circuit, BEGAN).map(({ at, kind }) => `${(at - BEGAN) / 1000} ${kind}`);
    assert.deepEqual(beats, ["20 work", "60 rest", "80 work", "120 rest"]);
  });

  test("a calm part rings as it begins", () => {
    assert.deepEqual(beatsOf(calm, BEGAN), [{ at: BEGAN, kind: "begin" }]);
  });

  test("a talk does not ring", () => assert.deepEqual(beatsOf({ layout: "talk", phases: [] }, BEGAN), []));
});

describe("the bell of this device", () => {
  let now;
  let hours = 0;
  let link;
  let wakes;
  let bell;
  const at = (ms) => {
    now += ms;
    mock.timers.tick(ms);
  };
  const shown = () => document.body.dataset.beat ?? "";

  beforeEach(() => {
    now = 1_000_000;
    mock.method(performance, "now", () => now);
    mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    openPage("<button data-bell><span></span></button>");
    window.localStorage.clear();
    hours += 1; // the server's clock never goes back
    learnServerTime(BEGAN + HOUR_MS * hours);
    wakes = 0;
    const speaker = {
      sound: { state: "suspended" },
      wake: () => {
        wakes += 1;
      },
    };
    link = { state: null };
    bell = new Beats(link, { sections: [circuit, calm, { layout: "talk", phases: [] }] }, speaker);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  const enter = (index, secondsAgo, status = "admitted") => {
    const entered = BEGAN + HOUR_MS * hours - secondsAgo * 1000;
    link.state = { section: { index, entered_ms: entered }, me: { status } };
  };

  test("rings at its moment by the server's clock, to the millisecond", () => {
    enter(0, 19);
    at(700);
    assert.equal(shown(), "");
    at(299);
    assert.equal(shown(), "");
    at(1);
    assert.equal(shown(), "work");
    assert.equal(wakes, 1);
  });

  test("rings each moment once, and its colour goes again", () => {
    enter(0, 19.9);
    at(100);
    at(100);
    assert.equal(shown(), "work");
    at(1400);
    assert.equal(shown(), "");
    at(1000);
    assert.equal(wakes, 1);
  });

  test("does not ring what was long over when this page came", () => {
    enter(0, 21.6);
    at(200);
    assert.deepEqual([shown(), wakes], ["", 0]);
  });

  test("rings a little late rather than not at all", () => {
    enter(0, 21.2);
    at(100);
    at(1);
    assert.equal(shown(), "work");
  });

  test("strikes at its moment where the device may sound", () => {
    const started = [];
    const part = () => ({
      connect: () => {},
      frequency: {},
      gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
      start: (at) => started.push(at),
      stop: () => {},
    });
    bell.speaker.sound = {
      state: "running",
      currentTime: 10,
      destination: {},
      createOscillator: part,
      createGain: part,
    };
    enter(0, 19.8);
    at(100);
    assert.deepEqual(started, [10.1, 10.1, 10.1, 10.1]);
  });

  test("does not ring in the waiting room", () => {
    enter(0, 20, "lobby");
    at(200);
    assert.equal(wakes, 0);
  });

  test("rings when a calm part is left for another, and not when the session itself ends", () => {
    enter(1, 300);
    at(100);
    assert.equal(wakes, 0);
    enter(2, 0);
    at(101);
    assert.equal(shown(), "end");
    enter(1, 300);
    at(100);
    link.state = { section: null, me: { status: "admitted" } };
    wakes = 0;
    at(200);
    assert.equal(wakes, 0);
  });

  test("once it is off only the colour is left, also on the next page; turning it on rings", () => {
    const button = document.querySelector("[data-bell]");
    press(button);
    assert.deepEqual([button.textContent, button.getAttribute("aria-pressed")], ["Bell is off", "false"]);
    assert.equal(window.localStorage.getItem("bell"), "off");
    enter(0, 20);
    at(101);
    assert.deepEqual([shown(), wakes], ["work", 0]);
    press(button);
    assert.deepEqual([bell.on, wakes], [true, 1]);
  });
});
