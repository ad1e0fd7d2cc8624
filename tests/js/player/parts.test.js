import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { markParts, partAt } from "../../../static/js/player/parts.js";
import { fire, openPage, press } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

describe("which part plays", () => {
  const starts = [0, 30, 90];
  for (const [seconds, part] of [
    [0, 0],
    [29.9, 0],
    [29.96, 1],
    [30, 1],
    [89, 1],
    [9999, 2],
  ]) {
    test(`at ${seconds} s it is part ${part}`, () => assert.equal(partAt(starts, seconds), part));
  }

  test("before the first it is none", () => assert.equal(partAt([10], 3), -1));
  test("of none it is none", () => assert.equal(partAt([], 3), -1));
});

describe("the list of parts", () => {
  let video;
  beforeEach(() => {
    openPage('<ol id="list"><li><a data-start="0">One</a></li><li><a data-start="30000">Two</a></li></ol>');
    video = fakeVideo();
  });
  const here = () => [...document.querySelectorAll("[aria-current=true]")].map((each) => each.textContent);

  test("says where you are, once, and follows the video", () => {
    markParts(document.getElementById("list"), video, 31);
    assert.deepEqual(here(), ["TwoYou are here"]);
    video.currentTime = 2;
    fire(video, "timeupdate");
    fire(video, "timeupdate");
    assert.deepEqual(here(), ["OneYou are here"]);
    assert.equal(document.querySelectorAll("small").length, 1);
  });

  test("a press goes to a part, and says so before the video has moved", () => {
    markParts(document.getElementById("list"), video, 0);
    const pressed = press(document.querySelectorAll("a")[1]);
    assert.equal(pressed.defaultPrevented, true);
    assert.equal(video.currentTime, 30);
    assert.deepEqual(here(), ["TwoYou are here"]);
  });

  test("a video without parts has no list, and that is fine", () => {
    markParts(null, video, 0);
    assert.equal(document.querySelectorAll("small").length, 0);
  });
});
