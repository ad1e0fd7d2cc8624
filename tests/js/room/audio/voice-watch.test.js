import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { VoiceWatch } from "../../../../static/js/room/audio/voice-watch.js";
import { openPage, rest } from "../../support/page.js";

const LOOK_MS = 1000;

let now;
let level;
let media;
let watch;
let changes;

beforeEach(() => {
  now = 0;
  level = 0.001;
  changes = 0;
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  openPage();
  globalThis.AudioContext = class {
    state = "running";
    resume() {}
    createAnalyser() {
      return { fftSize: 4, getFloatTimeDomainData: (samples) => samples.fill(level) };
    }
    createMediaStreamSource() {
      return { connect() {}, disconnect() {} };
    }
  };
  globalThis.MediaStream = class {};
  const track = { mediaStreamTrack: { muted: false, readyState: "live" }, restarted: 0 };
  track.restartTrack = async () => {
    track.restarted += 1;
  };
  media = {
    micOn: true,
    track,
    troubles: [],
    me: { audioTrackPublications: new Map([[1, { source: "microphone", track }]]) },
    fire: (...told) => media.troubles.push(told),
  };
  watch = new VoiceWatch(media);
  watch.addEventListener("change", () => {
    changes += 1;
  });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function pass(seconds) {
  for (let second = 0; second < seconds; second += 1) {
    now += LOOK_MS;
    mock.timers.tick(LOOK_MS);
  }
}

describe("a microphone that sends nothing", () => {
  test("is noticed after more than eight seconds of every sample at nought", () => {
    level = 0;
    pass(9);
    assert.equal(watch.silent, false);
    pass(1);
    assert.deepEqual([watch.silent, changes], [true, 1]);
  });

  test("is none in a quiet room: there is always a little", () => {
    pass(60);
    assert.equal(watch.silent, false);
  });

  test("is well again with the first sound", () => {
    level = 0;
    pass(12);
    level = -0.2;
    pass(1);
    assert.deepEqual([watch.silent, changes], [false, 2]);
  });

  test("is noticed at once when the device has ended it", () => {
    pass(1);
    media.track.mediaStreamTrack.readyState = "ended";
    pass(1);
    assert.equal(watch.silent, true);
  });

  test("is noticed too where the device holds it, though samples cannot be read", () => {
    media.track.mediaStreamTrack.muted = true;
    pass(1);
    watch.context.state = "suspended";
    pass(10);
    assert.equal(watch.silent, true);
  });

  test("is no fault while the sound is off", () => {
    level = 0;
    media.micOn = false;
    pass(30);
    assert.equal(watch.silent, false);
  });
});

describe("mending it", () => {
  test("opens the microphone anew", async () => {
    level = 0;
    pass(12);
    await watch.mend();
    assert.deepEqual([watch.silent, media.track.restarted], [false, 1]);
  });

  test("says so when the device refuses", async () => {
    const error = new Error("busy");
    media.track.restartTrack = () => Promise.reject(error);
    pass(1);
    await watch.mend();
    assert.deepEqual(media.troubles, [["trouble", { what: "microphone", error }]]);
  });

  test("does nothing while the sound is off", async () => {
    media.micOn = false;
    await watch.mend();
    await rest();
    assert.equal(media.track.restarted, 0);
  });
});
