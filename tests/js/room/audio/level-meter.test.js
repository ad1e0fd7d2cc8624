import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { LevelMeter } from "../../../../static/js/room/audio/level-meter.js";
import { openPage } from "../../support/page.js";

const EVERY_MS = 120;

let now;
let level;
let told;
let meter;
let stopped;

beforeEach(() => {
  now = 0;
  level = 0;
  told = [];
  stopped = 0;
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout"] });
  openPage('<p id="meter" hidden><i></i><i></i><i></i><i></i></p>');
  meter = new LevelMeter(document.getElementById("meter"), {
    onHeard: () => told.push("heard"),
    onSilent: () => told.push("silent"),
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function listen() {
  const source = {
    connect: () => {},
    disconnect: () => {
      stopped += 1;
    },
  };
  const analyser = { fftSize: 4, getFloatTimeDomainData: (samples) => samples.fill(level) };
  meter.listen({ createAnalyser: () => analyser, createMediaStreamSource: () => source }, {});
}

function pass(ms) {
  for (let gone = 0; gone < ms; gone += EVERY_MS) {
    now += EVERY_MS;
    mock.timers.tick(EVERY_MS);
  }
}

const lit = () => [...document.querySelectorAll("#meter i")].map((bar) => (bar.classList.contains("on") ? "|" : "."));

test("louder voices light more bars", () => {
  listen();
  assert.equal(document.getElementById("meter").hidden, false);
  for (const [loud, bars] of [
    [0, "...."],
    [0.0119, "...."],
    [0.013, "|..."],
    [0.03, "||.."],
    [0.5, "||||"],
  ]) {
    level = loud;
    pass(EVERY_MS);
    assert.equal(lit().join(""), bars, `${loud}`);
  }
});

test("hearing something is told once", () => {
  listen();
  level = 0.2;
  pass(1000);
  level = 0;
  pass(20_000);
  assert.deepEqual(told, ["heard"]);
});

test("twelve seconds of nothing are told once, and not before", () => {
  listen();
  pass(12_000);
  assert.deepEqual(told, []);
  pass(EVERY_MS);
  pass(30_000);
  assert.deepEqual(told, ["silent"]);
});

test("somebody who speaks after that is still heard", () => {
  listen();
  pass(13_000);
  level = 0.1;
  pass(EVERY_MS);
  assert.deepEqual(told, ["silent", "heard"]);
});

test("another microphone begins anew, and the old one is let go", () => {
  listen();
  pass(10_000);
  listen();
  assert.equal(stopped, 1);
  pass(10_000);
  assert.deepEqual(told, []);
  meter.stop();
  assert.equal(stopped, 2);
  level = 1;
  pass(5000);
  assert.deepEqual(told, []);
});
