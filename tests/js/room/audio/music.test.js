import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Music } from "../../../../static/js/room/audio/music.js";
import { fire, openPage, press } from "../../support/page.js";

const TONES = "music-soft-tones";
const NONE = "music-none";

let now;
let speaking;
let section;
let targets;
let running;
let music;

/* A part of an audio context: whatever is asked of it works, and what stops is counted. */
function node(more = {}) {
  const made = { gain: { setTargetAtTime: (value) => targets.push(Number(value.toFixed(3))) }, ...more };
  for (const name of ["frequency", "pan"]) made[name] = {};
  Object.assign(made, { connect: (into) => into, disconnect() {}, setPeriodicWave() {} });
  made.start = () => (running += 1);
  made.stop = () => (running -= 1);
  return made;
}

beforeEach(() => {
  now = 10_000;
  targets = [];
  running = 0;
  speaking = false;
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  openPage(`<div id="beds"></div><input id="music" type="range" min="0" max="100"><button id="music-less"></button>
    <button id="music-more"></button><button id="music-start"></button><div id="rest"></div>`);
  window.localStorage.clear();
  section = { mode: "rest", section: { music: TONES } };
  music = make();
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function make() {
  const context = { currentTime: 0, destination: {}, createPeriodicWave() {} };
  for (const name of ["Gain", "BiquadFilter", "StereoPanner", "Oscillator"]) context[`create${name}`] = () => node();
  const speaker = Object.assign(new EventTarget(), { sound: context, silenced: false, wake() {} });
  const data = {
    music: [
      { id: TONES, title: "Soft tones" },
      { id: NONE, title: "No music" },
    ],
  };
  return new Music(section, speaker, data, () => speaking);
}

function pass(ms) {
  for (let gone = 0; gone < ms; gone += 100) {
    now += 100;
    mock.timers.tick(100);
  }
}

describe("what is played", () => {
  test("is what the programme says, in calm parts only", () => {
    assert.equal(music.wanted, TONES);
    section.mode = "talk";
    assert.equal(music.wanted, NONE);
    section.mode = "rest";
    section.section = {};
    assert.equal(music.wanted, NONE);
  });

  test("is what the person chose, also on the next page", () => {
    fire(document.querySelector(`input[value="${NONE}"]`), "change");
    assert.equal(music.wanted, NONE);
    assert.equal(make().wanted, NONE);
  });

  test("begins once, fades when the part is over, and then ends", () => {
    music.draw();
    music.draw();
    const begun = running;
    assert.ok(begun > 0);
    section.mode = "talk";
    music.draw();
    assert.deepEqual([targets.at(-1), running], [0, begun]);
    pass(4000);
    assert.equal(running, 0);
  });
});

describe("how loud it is", () => {
  test("follows the square of what was chosen, as ears hear, and is remembered", () => {
    music.draw();
    assert.equal(targets.at(-1), 0.144);
    document.getElementById("music").value = "100";
    fire(document.getElementById("music"), "input");
    assert.equal(targets.at(-1), 0.9);
    assert.equal(window.localStorage.getItem("music-volume"), "100");
    assert.equal(make().volume, 100);
  });

  test("goes by tens with the buttons, and never beyond its ends", () => {
    for (let turn = 0; turn < 6; turn += 1) press(document.getElementById("music-less"));
    assert.equal(music.volume, 0);
    for (let turn = 0; turn < 12; turn += 1) press(document.getElementById("music-more"));
    assert.equal(music.volume, 100);
  });

  test("is less while a facilitator speaks, and for a moment after", () => {
    music.draw();
    speaking = true;
    pass(100);
    assert.equal(targets.at(-1), 0.043);
    speaking = false;
    pass(1500);
    assert.equal(targets.at(-1), 0.043);
    pass(100);
    assert.equal(targets.at(-1), 0.144);
  });
});

test("a browser that wants a press for sound has its button", () => {
  music.draw();
  assert.equal(document.getElementById("music-start").hidden, true);
  music.speaker.silenced = true;
  music.speaker.dispatchEvent(new Event("change"));
  assert.equal(document.getElementById("music-start").hidden, false);
});
