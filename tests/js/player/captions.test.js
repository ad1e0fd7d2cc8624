import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Captions } from "../../../static/js/player/captions.js";
import { fire, openPage, press } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

let video;
let track;
let button;
let line;

beforeEach(() => {
  openPage('<button id="captions"></button><p id="caption" hidden><span></span></p>');
  video = fakeVideo();
  track = Object.assign(new EventTarget(), { mode: "showing", activeCues: null });
  button = document.getElementById("captions");
  line = document.getElementById("caption");
  video.textTracks.push(track, { mode: "showing" });
  new Captions(video, track, button, line);
});

function cues(...words) {
  track.activeCues = words.map((each) => ({ getCueAsHTML: () => ({ textContent: each }) }));
  track.dispatchEvent(new Event("cuechange"));
}

test("the words of now are shown, and the line goes with them", () => {
  cues("Hello", "and welcome");
  assert.deepEqual([line.hidden, line.textContent], [false, "Hello and welcome"]);
  cues();
  assert.equal(line.hidden, true);
});

test("the browser shows nothing itself, and no second lot of captions either", () => {
  assert.deepEqual(
    video.textTracks.map(({ mode }) => mode),
    ["hidden", "disabled"],
  );
  video.textTracks.push({ mode: "showing" });
  video.onTrack[0]();
  assert.equal(video.textTracks[2].mode, "disabled");
});

test("a press turns them off and on, and the button says so", () => {
  cues("Hello");
  press(button);
  assert.deepEqual([line.hidden, button.getAttribute("aria-pressed")], [true, "false"]);
  press(button);
  assert.deepEqual([line.hidden, button.getAttribute("aria-pressed")], [false, "true"]);
});

test("in a phone's own full screen the browser shows them, while they are on", () => {
  cues("Hello");
  fire(video, "webkitbeginfullscreen");
  assert.deepEqual([track.mode, line.hidden], ["showing", true]);
  press(button);
  assert.equal(track.mode, "hidden");
  press(button);
  fire(video, "webkitendfullscreen");
  assert.deepEqual([track.mode, line.hidden], ["hidden", false]);
});
