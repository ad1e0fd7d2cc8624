import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { placeAt, step } from "../../../../static/js/room/patient/film-place.js";

describe("where in the film the group is", () => {
  const film = (more) => ({ playing: true, since_ms: 10_000, at_ms: 5000, duration_ms: 60_000, ...more });

  for (const [name, given, now, seconds] of [
    ["it has run since it was started", film(), 12_500, 7.5],
    ["it stands while it is paused", film({ playing: false }), 99_000, 5],
    ["a clock that is behind does not put it back", film(), 9000, 5],
    ["it never goes beyond its end", film(), 99_000_000, 60],
    ["it never begins before its start", film({ at_ms: -400 }), 10_000, 0],
  ]) {
    test(name, () => assert.equal(placeAt(given, now), seconds));
  }
});

describe("how to be in step", () => {
  for (const [name, behind, playing, found] of [
    ["who is far behind jumps", 0.36, true, { jump: true, rate: 1 }],
    ["who is far ahead jumps back", -0.36, true, { jump: true, rate: 1 }],
    ["a little behind plays a little faster", 0.1, true, { jump: false, rate: 1.05 }],
    ["a little ahead plays a little slower", -0.1, true, { jump: false, rate: 0.95 }],
    ["nobody plays more than a tenth faster", 0.34, true, { jump: false, rate: 1.1 }],
    ["nobody plays more than a tenth slower", -0.34, true, { jump: false, rate: 0.9 }],
    ["within a frame or so all is well", 0.039, true, { jump: false, rate: 1 }],
    ["a paused film jumps to its very picture", 0.05, false, { jump: true, rate: 1 }],
    ["a paused film that shows it stays", -0.03, false, { jump: false, rate: 1 }],
  ]) {
    test(name, () => assert.deepEqual(step(behind, playing), found));
  }
});
