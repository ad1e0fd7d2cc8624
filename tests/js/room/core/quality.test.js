import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { difference, judge, Quality } from "../../../../static/js/room/core/quality.js";
import { rest } from "../../support/rest.js";

const counted = (lost, concealed = 0, delay = 0) => ({ lost, concealed, delay });

describe("the word for a connection", () => {
  for (const [name, engine, own, word] of [
    ["nothing is known yet", null, null, "Checking"],
    ["only the engine has spoken", "OK", null, "OK"],
    ["nothing is lost", null, counted(0), "Good"],
    ["1.5 % lost is still good", null, counted(0.015), "Good"],
    ["a little more is fair", null, counted(0.016), "OK"],
    ["5 % lost is still fair", null, counted(0.05), "OK"],
    ["more than 5 % lost is weak", null, counted(0.051), "Weak"],
    ["much made up is weak though little was lost", null, counted(0, 0.06), "Weak"],
    ["a long delay alone is fair", null, counted(0, 0, 0.31), "OK"],
    ["a very long delay alone is weak", null, counted(0, 0, 0.61), "Weak"],
    ["the engine says worse than was counted", "Lost", counted(0), "Lost"],
    ["the engine says better than was counted", "Good", counted(0.2), "Weak"],
    ["what was not counted counts as nothing", null, { lost: 0.016 }, "OK"],
  ]) {
    test(`${name}: ${word}`, () => assert.equal(judge(engine, own), word));
  }
});

describe("what came between two looks", () => {
  const sums = (more) => ({ received: 100, lost: 0, samples: 1000, concealed: 0, delay: 0.1, ...more });

  test("is counted in shares", () => {
    const now = sums({ received: 190, lost: 10, samples: 2000, concealed: 50, delay: 0.2 });
    assert.deepEqual(difference(now, sums()), { lost: 0.1, concealed: 0.05, delay: 0.2 });
  });

  test("is nothing to judge by while nobody sends and no delay is known", () => {
    assert.equal(difference(sums({ delay: null }), sums()), null);
  });

  test("is the delay alone while nobody talks", () => {
    assert.deepEqual(difference(sums({ delay: 0.4 }), sums()), { lost: 0, concealed: 0, delay: 0.4 });
  });

  test("is never less than nothing, when a track went and its counts with it", () => {
    assert.deepEqual(
      difference(sums({ received: 150, delay: null }), sums({ lost: 30, concealed: 20, samples: 900 })),
      {
        lost: 0,
        concealed: 0,
        delay: 0,
      },
    );
  });
});

describe("looking every two seconds", () => {
  let media;
  let quality;
  const sound = (packets, lost) => ({
    getRTCStatsReport: async () =>
      new Map([
        [1, { type: "inbound-rtp", packetsReceived: packets, packetsLost: lost, totalSamplesReceived: 0 }],
        [2, { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.05 }],
        [3, { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 }],
      ]),
  });
  const look = async () => {
    mock.timers.tick(2000);
    await rest();
  };
  beforeEach(() => {
    mock.timers.enable({ apis: ["setInterval"] });
    media = { connected: true, engineSays: null, soundTracks: [sound(100, 0)], picturesPaused: 0 };
    quality = new Quality(media);
  });
  afterEach(() => mock.timers.reset());

  test("one look says nothing yet, the second does", async () => {
    await look();
    assert.equal(quality.word, "Checking");
    media.soundTracks = [sound(190, 10)];
    await look();
    assert.equal(quality.word, "Weak");
    assert.equal(quality.bars, 1);
  });

  test("a track that cannot be asked is passed over", async () => {
    media.soundTracks = [{ getRTCStatsReport: () => Promise.reject(new Error("ended")) }, sound(100, 0)];
    await look();
    media.soundTracks[1] = sound(200, 0);
    await look();
    assert.equal(quality.word, "Good");
  });

  test("silence that was never sent is no fault of the link", () => {
    const sum = { received: 0, lost: 0, samples: 0, concealed: 0, delay: null };
    quality.add(sum, { type: "inbound-rtp", concealedSamples: 500, silentConcealedSamples: 480, packetsLost: -3 });
    assert.deepEqual(sum, { received: 0, lost: 0, samples: 0, concealed: 20, delay: null });
  });

  test("who is not connected is lost, and what was counted before does not count after", async () => {
    await look();
    media.soundTracks = [sound(190, 10)];
    await look();
    media.connected = false;
    media.engineSays = "Good";
    assert.equal(quality.word, "Lost");
    await look();
    media.connected = true;
    assert.equal(quality.word, "Checking");
  });

  test("it tells when it has looked, and how many pictures were paused", async () => {
    let told = 0;
    quality.addEventListener("change", () => {
      told += 1;
    });
    media.picturesPaused = 2;
    await look();
    assert.deepEqual([told, quality.paused], [1, 2]);
  });
});
