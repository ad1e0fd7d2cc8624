import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Recorder } from "../../../static/js/player/record.js";
import { fire, openPage, rest } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

let video;
let reports;
let status;
let recorder;

beforeEach(() => {
  reports = [];
  status = 200;
  mock.timers.enable({ apis: ["setInterval"] });
  mock.method(globalThis, "fetch", async (address, { headers, body, keepalive }) => {
    reports.push({ address, token: headers["X-CSRFToken"], keepalive, ...JSON.parse(body) });
    if (status === 0) throw new TypeError("Failed to fetch");
    return new Response("{}", { status });
  });
  openPage();
  video = fakeVideo({ paused: false });
  recorder = new Recorder(video, { address: "/record", csrf: "t", packageId: "p1" });
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

function play(...seconds) {
  for (const at of seconds) {
    video.currentTime = at;
    fire(video, "timeupdate");
  }
}

async function stop() {
  video.paused = true;
  fire(video, "pause");
  await rest();
}

const ranges = () => reports.map((each) => JSON.stringify(each.ranges));

describe("what is counted as watched", () => {
  test("playing on is one part, in milliseconds, with where it is now", async () => {
    play(0, 0.5, 1.25);
    await stop();
    const [report] = reports;
    assert.deepEqual(report, {
      address: "/record",
      token: "t",
      keepalive: true,
      ranges: [[0, 1250]],
      position: 1250,
      package: "p1",
    });
  });

  test("a jump ends one part and begins another", async () => {
    play(0, 1);
    video.seeking = true;
    fire(video, "seeking");
    play(50);
    video.seeking = false;
    play(50, 51);
    await stop();
    assert.deepEqual(ranges(), ["[[0,1000],[50000,51000]]"]);
  });

  test("a gap of more than two seconds was not played, two seconds were", async () => {
    play(0, 2, 4.1, 5);
    await stop();
    assert.deepEqual(ranges(), ["[[0,2000],[4100,5000]]"]);
  });

  test("at double speed the steps are twice as long", async () => {
    video.playbackRate = 2;
    play(0, 4);
    await stop();
    assert.deepEqual(ranges(), ["[[0,4000]]"]);
  });

  test("going back is another part", async () => {
    play(10, 11, 10.5, 11.5);
    await stop();
    assert.deepEqual(ranges(), ["[[10000,11000],[10500,11500]]"]);
  });

  test("a video that stands is not watched", async () => {
    video.paused = true;
    play(0, 1, 1.5);
    await stop();
    assert.deepEqual(reports, []);
  });
});

describe("when it is told", () => {
  test("every ten seconds, each part once and without a gap between", async () => {
    play(0, 1);
    mock.timers.tick(10_000);
    await rest();
    play(1.5, 2);
    mock.timers.tick(10_000);
    await rest();
    assert.deepEqual(ranges(), ["[[0,1000]]", "[[1000,2000]]"]);
  });

  test("nothing new is not told", async () => {
    play(0, 1);
    await stop();
    mock.timers.tick(30_000);
    await rest();
    assert.equal(reports.length, 1);
  });

  test("without a link it is kept and told with the next", async () => {
    status = 0;
    play(0, 1);
    await stop();
    status = 200;
    fire(window, "online");
    await rest();
    assert.deepEqual(ranges(), ["[[0,1000]]", "[[0,1000]]"]);
    assert.deepEqual(recorder.kept, []);
  });

  test("a server that is down has not taken it, one that cannot use it has", async () => {
    for (const [answer, left] of [
      [503, 1],
      [400, 0],
    ]) {
      status = answer;
      play(0, 1);
      await stop();
      assert.equal(recorder.kept.length, left, `${answer}`);
      recorder.kept = [];
      recorder.part = null;
      video.paused = false;
    }
  });

  test("at most 150 parts go at once, the others with the next report", async () => {
    recorder.kept = Array.from({ length: 151 }, (_, at) => [at, at + 1]);
    await recorder.send();
    assert.equal(reports[0].ranges.length, 150);
    assert.deepEqual(recorder.kept, [[150, 151]]);
  });
});
