import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Watching } from "../../../../static/js/room/staff/watching.js";

let now;
let frames;
let people;
let watching;
const video = { getVideoPlaybackQuality: () => ({ totalVideoFrames: frames }) };
const track = { id: 1 };

beforeEach(() => {
  now = 1000;
  frames = 10;
  people = {};
  mock.method(performance, "now", () => now);
  globalThis.document = { hidden: false };
  watching = new Watching({ person: (seat) => people[seat] });
});
afterEach(() => {
  mock.restoreAll();
  delete globalThis.document;
});

const frozen = (shown = track) => watching.frozenFor("linda", video, shown);

describe("a picture that stands still", () => {
  test("is told after eight seconds, in whole seconds", () => {
    assert.equal(frozen(), 0);
    now += 8000;
    assert.equal(frozen(), 0);
    now += 1;
    assert.equal(frozen(), 8);
    now += 4000;
    assert.equal(frozen(), 12);
  });

  test("is well again with one new frame", () => {
    frozen();
    now += 9000;
    assert.equal(frozen(), 9);
    frames += 1;
    assert.equal(frozen(), 0);
    now += 8000;
    assert.equal(frozen(), 0);
  });

  test("is another one when its track is another one", () => {
    frozen();
    now += 9000;
    assert.equal(frozen({ id: 2 }), 0);
  });

  test("is none while it is not shown, nor while nobody looks at the page", () => {
    frozen();
    now += 9000;
    assert.equal(frozen(null), 0);
    frozen();
    globalThis.document.hidden = true;
    now += 9000;
    assert.equal(frozen(), 0);
  });

  test("a browser that does not count frames is not accused before its time", () => {
    assert.equal(watching.frozenFor("linda", {}, track), 0);
    now += 9000;
    assert.equal(watching.frozenFor("linda", {}, track), 9);
  });
});

test("a weak link has words, a good one and one that is not there have none", () => {
  people = {
    a: { connectionQuality: "poor" },
    b: { connectionQuality: "lost" },
    c: { connectionQuality: "good" },
  };
  assert.deepEqual(
    ["a", "b", "c", "gone"].map((seat) => watching.linkWords(seat)),
    ["Weak signal", "Weak signal", "", ""],
  );
});

describe("whose turn it is to be looked at", () => {
  test("each has twenty seconds, one after the other, and it begins again", () => {
    const seats = ["a", "b", "c"];
    const turns = [0, 19_999, 20_000, 40_000, 59_999, 60_000].map((at) => watching.turn(seats, at));
    assert.deepEqual(turns, ["a", "a", "b", "c", "c", "a"]);
  });

  test("it is nobody's where nobody is", () => assert.equal(watching.turn([], 12_345), undefined));
});
