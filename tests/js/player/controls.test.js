import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Controls, clock } from "../../../static/js/player/controls.js";
import { fire, openPage, press } from "../support/page.js";
import { fakeVideo } from "../support/video.js";

let video;
let source;

beforeEach(() => {
  openPage(`<section id="player" data-duration="125000">
    <p id="just-sound" hidden></p><button id="big-play" disabled data-waits></button>
    <span id="time-now"></span><input id="place" type="range" min="0" max="125">
    <button id="play" disabled data-waits><i data-when="paused"></i><i data-when="playing"></i><span id="play-word"></span></button>
    <button id="back" data-waits></button><button id="speed" data-waits><span id="speed-word">1</span></button>
    <button id="small-window" hidden></button><button id="full-screen"></button></section>`);
  video = fakeVideo();
  source = { play: () => video.play() };
  new Controls(by("player"), video, source, 65);
});

const by = (id) => document.getElementById(id);

for (const [seconds, words] of [
  [0, "0:00"],
  [9.9, "0:09"],
  [65, "1:05"],
  [3600, "60:00"],
]) {
  test(`${seconds} s are shown as ${words}`, () => assert.equal(clock(seconds), words));
}

test("the place is shown for eyes and said for ears", () => {
  assert.equal(by("time-now").textContent, "1:05");
  assert.equal(by("place").getAttribute("aria-valuetext"), "1 minutes 5 of 2 minutes 5");
  assert.equal(by("place").style.getPropertyValue("--v"), "52%");
});

test("buttons that had to wait for this script can be pressed now", () => {
  assert.equal(document.querySelectorAll("[data-waits]:disabled").length, 0);
});

test("any of the two buttons and the picture itself plays and pauses", () => {
  press(by("play"));
  press(video);
  press(by("big-play"));
  assert.deepEqual(video.played, ["play", "pause", "play"]);
});

test("the button says what a press would do", () => {
  const shown = () => [...by("play").querySelectorAll("i")].find((each) => !each.hidden).dataset.when;
  assert.deepEqual([by("play-word").textContent, shown(), by("big-play").hidden], ["Play", "paused", false]);
  video.paused = false;
  fire(video, "play");
  assert.deepEqual([by("play-word").textContent, shown(), by("big-play").hidden], ["Pause", "playing", true]);
});

test("back goes ten seconds, and never before the start", () => {
  video.currentTime = 12;
  press(by("back"));
  assert.equal(video.currentTime, 2);
  press(by("back"));
  assert.equal(video.currentTime, 0);
});

test("speeds go round, and a picture that is loaded anew keeps its speed", () => {
  const speeds = [];
  for (let turn = 0; turn < 4; turn += 1) {
    press(by("speed"));
    speeds.push(`${video.playbackRate} ${by("speed-word").textContent}`);
  }
  assert.deepEqual(speeds, ["1.25 1.25", "1.5 1.5", "0.75 0.75", "1 1"]);
  press(by("speed"));
  video.playbackRate = 1;
  fire(video, "loadeddata");
  assert.equal(video.playbackRate, 1.25);
});

test("while a finger moves the place the video does not move it back", () => {
  by("place").value = "30";
  fire(by("place"), "input");
  video.currentTime = 3;
  fire(video, "timeupdate");
  assert.equal(by("time-now").textContent, "0:30");
  fire(by("place"), "change");
  assert.equal(video.currentTime, 30);
  video.currentTime = 31;
  fire(video, "timeupdate");
  assert.equal(by("time-now").textContent, "0:31");
});

test("a browser that has no small window never shows its button", () => {
  assert.equal(by("small-window").hidden, true);
});

test("the small window is opened and closed, and sound alone has none", () => {
  document.pictureInPictureEnabled = true;
  const asked = [];
  video.requestPictureInPicture = async () => asked.push("open");
  document.exitPictureInPicture = async () => asked.push("close");
  new Controls(by("player"), video, source, 0);
  assert.equal(by("small-window").hidden, false);
  video.videoWidth = 0;
  fire(video, "loadedmetadata");
  assert.equal(by("small-window").disabled, true);
  video.videoWidth = 426;
  fire(video, "resize");
  assert.equal(by("small-window").disabled, false);
  press(by("small-window"));
  document.pictureInPictureElement = video;
  press(by("small-window"));
  assert.deepEqual(asked, ["open", "open", "close", "close"]);
});

test("full screen is the player's, and on an iPhone the video's own", () => {
  const asked = [];
  by("player").requestFullscreen = () => asked.push("player");
  press(by("full-screen"));
  by("player").requestFullscreen = undefined;
  video.webkitEnterFullscreen = () => asked.push("video");
  press(by("full-screen"));
  assert.deepEqual(asked, ["player", "video"]);
});
