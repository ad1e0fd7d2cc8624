import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Source } from "../../../static/js/player/source.js";
import { fire, openPage } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

const WORDS = { link: "no link", old: "old page", other: "other" };
const NETWORK = { type: "networkError", fatal: true };
const MEDIA = { type: "mediaError", fatal: true };
const AGAIN_MS = 4000;

let video;
let said;
let made;
let source;

class FakeHls {
  static Events = { ERROR: "hlsError" };
  static ErrorTypes = { NETWORK_ERROR: "networkError", MEDIA_ERROR: "mediaError" };
  static isSupported = () => true;
  constructor(config) {
    Object.assign(this, { config, did: [] });
    made.push(this);
  }
  on(_, heard) {
    this.fail = (error) => heard("hlsError", error);
  }
}
for (const name of ["loadSource", "attachMedia", "destroy", "startLoad", "recoverMediaError"]) {
  FakeHls.prototype[name] = function did(given) {
    this.did.push(name === "loadSource" ? `${name} ${given}` : name);
  };
}

beforeEach(() => {
  openPage();
  globalThis.MediaError = { MEDIA_ERR_NETWORK: 2 };
  globalThis.Hls = FakeHls;
  mock.timers.enable({ apis: ["setTimeout"] });
  said = [];
  made = [];
  video = fakeVideo();
  const onTrouble = (words) => said.push(words);
  source = new Source(video, "m.m3u8", { onTrouble, words: WORDS });
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.Hls;
  delete globalThis.MediaError;
});

describe("with hls.js", () => {
  beforeEach(() => source.load("m.m3u8", 12));

  test("it begins where it should", () => {
    assert.equal(made[0].config.startPosition, 12);
    assert.deepEqual(made[0].did, ["loadSource m.m3u8", "attachMedia"]);
  });

  test("another address goes on at the same place, and playing goes on", () => {
    Object.assign(video, { currentTime: 33, paused: false });
    source.change("s.m3u8");
    assert.ok(made[0].did.includes("destroy"));
    assert.deepEqual([made[1].config.startPosition, made[1].did[0]], [33, "loadSource s.m3u8"]);
    assert.deepEqual(video.played, ["play"]);
    source.change("m.m3u8");
    assert.equal(made[2].did[0], "loadSource m.m3u8");
  });

  test("what was measured of the line is known to what plays next", () => {
    assert.equal(made[0].config.abrEwmaDefaultEstimate, 500_000);
    made[0].bandwidthEstimate = 70_000;
    source.change("s.m3u8");
    assert.deepEqual([made[1].config.abrEwmaDefaultEstimate, source.bitsPerSecond], [70_000, 70_000]);
  });

  test("a lost link is said, and it goes on by itself after four seconds", () => {
    made[0].fail(NETWORK);
    assert.deepEqual(said, ["no link"]);
    mock.timers.tick(AGAIN_MS - 1);
    assert.ok(!made[0].did.includes("startLoad"));
    mock.timers.tick(1);
    assert.ok(made[0].did.includes("startLoad"));
    fire(video, "playing");
    assert.equal(said.at(-1), "");
  });

  test("a video that never began is begun anew", () => {
    Object.assign(video, { readyState: 0 });
    made[0].fail(NETWORK);
    mock.timers.tick(AGAIN_MS);
    assert.equal(made[1].config.startPosition, 12);
  });

  test("a stutter is said only once nothing is left to play", () => {
    made[0].fail({ ...NETWORK, fatal: false });
    assert.deepEqual(said, []);
    video.readyState = 2;
    made[0].fail({ ...NETWORK, fatal: false });
    assert.deepEqual(said, ["no link"]);
  });

  test("an address that is no longer good asks for the page to be loaded", () => {
    for (const code of [403, 404]) made[0].fail({ ...NETWORK, response: { code } });
    assert.deepEqual(said, ["old page", "old page"]);
  });

  test("a broken picture is mended once, and then said", () => {
    made[0].fail(MEDIA);
    assert.deepEqual([made[0].did.at(-1), said], ["recoverMediaError", []]);
    made[0].fail(MEDIA);
    assert.deepEqual(said, ["other"]);
  });
});

describe("with the browser's own player", () => {
  beforeEach(() => {
    globalThis.Hls = undefined;
    source.load("m.m3u8", 12);
  });

  test("it goes to its place once the video is known, and only once", () => {
    assert.equal(video.src, "m.m3u8");
    fire(video, "loadedmetadata");
    assert.equal(video.currentTime, 12);
    video.currentTime = 40;
    fire(video, "loadedmetadata");
    assert.equal(video.currentTime, 40);
  });

  test("without a link it waits, and begins anew where it was", () => {
    Object.assign(video, { error: { code: 2 }, currentTime: 20 });
    fire(video, "error");
    assert.deepEqual(said, ["no link"]);
    video.src = "";
    mock.timers.tick(AGAIN_MS);
    assert.equal(video.src, "m.m3u8");
  });

  test("the link's coming back ends the wait at once", () => {
    Object.assign(video, { error: { code: 2 } });
    fire(video, "error");
    video.src = "";
    fire(window, "online");
    assert.equal(video.src, "m.m3u8");
  });

  test("what the device cannot play is said", () => {
    video.error = { code: 4 };
    fire(video, "error");
    assert.deepEqual(said, ["other"]);
  });
});

test("a browser that will not start by itself is no trouble: the button is there", async () => {
  video.play = () => Promise.reject(new Error("NotAllowedError"));
  await source.play();
  assert.deepEqual(said, []);
});
