import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { clockTime, leftInWords, minutesAndSeconds } from "../../../static/js/shared/clock.js";
import { afresh } from "../support/page.js";

const NOON = Date.UTC(2026, 6, 1, 12, 0, 0);

describe("the server's clock", () => {
  let steady;
  let clock;
  beforeEach(async () => {
    steady = 1000;
    mock.method(performance, "now", () => steady);
    clock = await afresh("shared/clock.js");
  });
  afterEach(() => mock.restoreAll());

  test("before anything was heard, the device's clock must do", () => {
    mock.timers.enable({ apis: ["Date"], now: NOON });
    assert.equal(clock.serverNow(), NOON);
    mock.timers.reset();
  });

  test("what the server said goes on with the page's own steady clock", () => {
    clock.learnServerTime(NOON);
    assert.equal(clock.serverNow(), NOON);
    steady += 2500;
    assert.equal(clock.serverNow(), NOON + 2500);
  });

  test("a message that was long on its way does not put the clock back", () => {
    clock.learnServerTime(NOON);
    steady += 1000;
    clock.learnServerTime(NOON + 400);
    assert.equal(clock.serverNow(), NOON + 1000);
  });

  test("a message that came quicker puts it right", () => {
    clock.learnServerTime(NOON);
    steady += 1000;
    clock.learnServerTime(NOON + 1300);
    assert.equal(clock.serverNow(), NOON + 1300);
  });

  test("a server that is another by more than a minute is believed, also when it is behind", () => {
    clock.learnServerTime(NOON);
    clock.learnServerTime(NOON - 60_000);
    assert.equal(clock.serverNow(), NOON);
    clock.learnServerTime(NOON - 60_001);
    assert.equal(clock.serverNow(), NOON - 60_001);
  });
});

for (const [seconds, words] of [
  [0, "0:00"],
  [0.2, "0:01"],
  [59, "0:59"],
  [59.1, "1:00"],
  [125, "2:05"],
  [3600, "60:00"],
  [-4, "0:00"],
]) {
  test(`${seconds} seconds are shown as ${words}`, () => assert.equal(minutesAndSeconds(seconds), words));
}

for (const [ms, words] of [
  [-1, "nearly done"],
  [0, "nearly done"],
  [1, "about 1 minute left"],
  [60_000, "about 1 minute left"],
  [60_001, "about 2 minutes left"],
  [600_000, "about 10 minutes left"],
]) {
  test(`${ms} ms left are "${words}"`, () => assert.equal(leftInWords(ms), words));
}

for (const [iso, zone, words] of [
  ["2026-07-01T09:14:59Z", "Europe/London", "10:14am"],
  ["2026-01-01T09:14:00Z", "Europe/London", "9:14am"],
  ["2026-01-01T12:05:00Z", "Europe/London", "12:05pm"],
  ["2026-01-01T00:30:00Z", "Europe/London", "12:30am"],
  ["2026-01-01T00:30:00Z", "Asia/Kolkata", "6:00am"],
]) {
  test(`${iso} is ${words} in ${zone}`, () => assert.equal(clockTime(Date.parse(iso), zone), words));
}
