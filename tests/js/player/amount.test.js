import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { AmountOfData } from "../../../static/js/player/amount.js";
import { onDevice } from "../../../static/js/shared/store.js";
import { fire, openPage, press } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

const STUCK_MS = 8000;
const LOOK_MS = 30_000;

let video;
let source;
let amount;

const by = (id) => document.getElementById(id);
const begin = (more = {}) => {
  amount = new AmountOfData(by("player"), video, source, { little: "little", sound: "sound", ...more });
};

beforeEach(() => {
  openPage(`<section id="player"><p id="just-sound" hidden></p><p id="slow-word" data-slow="slow"></p>
    <button id="save-data"></button><button id="sound-only"></button></section>`);
  mock.timers.enable({ apis: ["setTimeout"] });
  onDevice.drop("video-amount");
  video = fakeVideo({ paused: false, readyState: 2 });
  source = { address: "all", asked: [], bitsPerSecond: 60_000, lost: false, change: (to) => source.asked.push(to) };
  begin();
});
afterEach(() => mock.timers.reset());

const stick = () => {
  fire(video, "waiting");
  mock.timers.tick(STUCK_MS);
};

test("sound alone is asked for and given back, and the page says so", () => {
  press(by("sound-only"));
  assert.deepEqual([by("just-sound").hidden, by("sound-only").getAttribute("aria-pressed")], [false, "true"]);
  press(by("sound-only"));
  assert.deepEqual([by("just-sound").hidden, by("sound-only").getAttribute("aria-pressed")], [true, "false"]);
  assert.deepEqual([source.asked, by("slow-word").textContent], [["sound", "all"], ""]);
});

test("little data is kept for the next video on this device, until it is given back", () => {
  press(by("save-data"));
  assert.deepEqual([source.asked, by("save-data").getAttribute("aria-pressed")], [["little"], "true"]);
  begin();
  assert.equal(amount.address, "little");
  press(by("save-data"));
  begin();
  assert.equal(amount.address, "all");
});

test("a video that has no thin picture begins with all there is, whatever was chosen before", () => {
  press(by("save-data"));
  begin({ little: "" });
  assert.equal(amount.address, "all");
});

test("a line too slow for a picture goes on with the sound, and says so", () => {
  fire(video, "waiting");
  mock.timers.tick(STUCK_MS - 1);
  assert.deepEqual(source.asked, []);
  mock.timers.tick(1);
  assert.deepEqual([source.asked, by("slow-word").textContent, by("just-sound").hidden], [["sound"], "slow", false]);
});

test("a picture that comes in time stays, and so does one of a line that is gone", () => {
  fire(video, "waiting");
  mock.timers.tick(STUCK_MS - 1);
  fire(video, "playing");
  mock.timers.tick(STUCK_MS);
  source.lost = true;
  stick();
  assert.deepEqual(source.asked, []);
});

test("the picture comes back once the line carries it, as it was chosen, and then only after twice as long", () => {
  press(by("save-data"));
  stick();
  mock.timers.tick(LOOK_MS);
  assert.deepEqual(source.asked, ["little", "sound"]);
  source.bitsPerSecond = 900_000;
  mock.timers.tick(LOOK_MS);
  assert.deepEqual([source.asked.at(-1), by("slow-word").textContent], ["little", ""]);
  stick();
  mock.timers.tick(LOOK_MS);
  assert.equal(source.asked.at(-1), "sound");
  mock.timers.tick(LOOK_MS);
  assert.equal(source.asked.at(-1), "little");
});

test("whoever takes the sound away for the picture is not overruled again", () => {
  stick();
  press(by("sound-only"));
  stick();
  assert.deepEqual(source.asked, ["sound", "all"]);
});

test("a silent video is never left with nothing", () => {
  begin({ sound: "" });
  fire(video, "waiting");
  const before = source.asked.length;
  mock.timers.tick(STUCK_MS);
  assert.equal(source.asked.slice(before).includes(""), false);
});
