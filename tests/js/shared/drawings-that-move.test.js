import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { afresh, openPage, press } from "../support/page.js";

let calm;

beforeEach(() => {
  calm = Object.assign(new EventTarget(), { matches: false });
  openPage('<img src="still.svg" data-moving="moving.svg"><button id="hold-still" hidden></button>');
  window.matchMedia = () => calm;
});

const open = () => afresh("shared/drawings-that-move.js");
const image = () => document.querySelector("img").getAttribute("src");
const button = () => document.getElementById("hold-still");

test("drawings move, unless the device asks for calm", async () => {
  await open();
  assert.deepEqual([image(), button().hidden], ["moving.svg", false]);
  calm.matches = true;
  calm.dispatchEvent(new Event("change"));
  assert.deepEqual([image(), button().getAttribute("aria-pressed")], ["still.svg", "true"]);
});

test("a press keeps them still, and the next page too", async () => {
  await open();
  press(button());
  assert.deepEqual([image(), window.localStorage.getItem("drawings-still")], ["still.svg", "yes"]);
  const { keepStill } = await open();
  assert.equal(keepStill(), true);
});

test("a choice of one's own counts more than the device's", async () => {
  calm.matches = true;
  await open();
  assert.equal(image(), "still.svg");
  press(button());
  assert.equal(image(), "moving.svg");
});
