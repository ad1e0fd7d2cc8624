import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { HearingWatch } from "../../../../static/js/room/audio/hearing.js";
import { fire, openPage, rest } from "../../support/page.js";

let now;
let watch;
let audio;
let changes;

beforeEach(() => {
  now = 0;
  changes = 0;
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  openPage('<div id="box"></div>');
  audio = Object.assign(document.createElement("p"), { paused: false, srcObject: { active: true }, played: 0 });
  audio.play = async () => {
    audio.played += 1;
    audio.paused = false;
  };
  const soundBox = document.getElementById("box");
  soundBox.querySelectorAll = () => [audio];
  watch = new HearingWatch({ connected: true, soundBox });
  watch.addEventListener("change", () => {
    changes += 1;
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function pass(ms) {
  now += ms;
  mock.timers.tick(ms);
}

test("sound that stands still is lost after a moment, and found when it plays again", () => {
  audio.paused = true;
  pass(1000);
  assert.equal(watch.lost, false);
  pass(820);
  assert.equal(watch.lost, true);
  audio.paused = false;
  pass(1000);
  assert.deepEqual([watch.lost, changes], [false, 2]);
});

test("sound that is only paused for a moment is not lost", () => {
  audio.paused = true;
  pass(1000);
  audio.paused = false;
  pass(820);
  assert.deepEqual([watch.lost, changes], [false, 0]);
});

test("what ended, or plays while the room is not connected, is none of ours", () => {
  audio.paused = true;
  audio.srcObject.active = false;
  pass(5000);
  assert.equal(watch.lost, false);
  audio.srcObject.active = true;
  watch.media.connected = false;
  pass(5000);
  assert.equal(watch.lost, false);
});

test("coming back to the page plays it again", async () => {
  audio.paused = true;
  pass(1000);
  pass(1000);
  fire(document, "visibilitychange");
  await rest();
  assert.deepEqual([audio.played, watch.lost], [1, false]);
});

test("a device that refuses leaves it lost, for the person to press", async () => {
  audio.paused = true;
  audio.play = () => Promise.reject(new Error("NotAllowedError"));
  pass(1000);
  pass(1000);
  await watch.turnOn();
  assert.equal(watch.lost, true);
});
