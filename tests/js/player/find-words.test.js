import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { findWords, hitsIn } from "../../../static/js/player/find-words.js";
import { fire, openPage, press } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

const SAID = [
  { start: 1, text: "Hurt does not" },
  { start: 4, text: "always mean harm" },
  { start: 9, text: "Don’t rush: café HARM" },
];
const starts = (typed) => hitsIn(SAID, typed).map((each) => each.start);

describe("words are found", () => {
  test("wherever they are said, small or large", () => assert.deepEqual(starts("harm"), [4, 9]));
  test("across two captions", () => assert.deepEqual(starts("not  always"), [1]));
  test("with another apostrophe and without accents", () => {
    assert.deepEqual(starts("don't"), [9]);
    assert.deepEqual(starts("CAFE"), [9]);
  });
  test("not for one letter, nor for what nobody says", () => {
    assert.deepEqual(starts("h"), []);
    assert.deepEqual(starts("  "), []);
    assert.deepEqual(starts("spine"), []);
  });
});

describe("the list of hits", () => {
  let video;
  beforeEach(() => {
    openPage(
      '<div id="box" hidden data-none="Nothing." data-some="Go."><input><p role="status"></p><ol></ol></div><video></video>',
    );
    video = fakeVideo();
    video.scrollIntoView = () => undefined;
    const cues = SAID.map((each) => ({ startTime: each.start, getCueAsHTML: () => ({ textContent: each.text }) }));
    findWords(document.getElementById("box"), video, { cues });
  });
  const type = (words) => {
    document.querySelector("input").value = words;
    fire(document.querySelector("input"), "input");
  };

  test("takes the video to where it is said", () => {
    assert.equal(document.getElementById("box").hidden, false);
    type("harm");
    assert.equal(document.querySelectorAll("li").length, 2);
    assert.equal(document.querySelector("[role=status]").textContent, "Go.");
    press(document.querySelectorAll("li button")[1]);
    assert.equal(video.currentTime, 9);
  });

  test("says when there is none, and is empty again without words", () => {
    type("spine");
    assert.equal(document.querySelector("[role=status]").textContent, "Nothing.");
    type("");
    assert.equal(document.querySelector("[role=status]").textContent, "");
    assert.equal(document.querySelectorAll("li").length, 0);
  });
});
