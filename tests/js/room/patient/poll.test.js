import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { bars, PollCard } from "../../../../static/js/room/patient/poll.js";
import { fire, openPage, press, rest } from "../../support/page.js";

let kept;
let link;
let card;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  openPage(`<main id="main" tabindex="-1"></main><p id="announce"></p><section id="poll" hidden><h2 id="poll-title"></h2>
    <div id="poll-options"></div><p id="poll-note"></p><div id="poll-told"></div><button id="poll-open" hidden></button><button id="poll-close"></button></section>`);
  kept = Object.assign(new EventTarget(), {
    answer: { ok: true },
    sent: [],
    async send(...told) {
      this.sent.push(told);
      return this.answer;
    },
  });
  link = { chosen: null, state: { poll: poll() } };
  card = new PollCard(link, kept, { uncover: () => {} });
  card.draw();
});
afterEach(() => mock.timers.reset());

const poll = (more) => ({
  id: "1",
  open: true,
  question: "How was the film?",
  options: ["Good", "Fine", "Poor"],
  ...more,
});
const note = () => document.getElementById("poll-note").textContent;
const checked = () => document.querySelector("#poll-options input:checked")?.value ?? null;

async function choose(place) {
  fire(document.querySelectorAll("#poll-options input")[place], "change");
  await rest();
}

const went = (detail) => kept.dispatchEvent(new CustomEvent("sent", { detail }));

test("one press answers, and may be changed", async () => {
  await choose(1);
  assert.deepEqual(kept.sent, [["poll 1", "poll_answer", { poll: "1", choice: 1 }]]);
  assert.deepEqual([note(), checked()], ["We have your answer. You can change it.", "1"]);
});

test("an answer that waits on the device says so, and then that it went", async () => {
  kept.answer = { ok: false, away: true };
  await choose(2);
  assert.deepEqual([note(), checked()], ["Saved on this device. We send it by itself.", "2"]);
  went({ key: "poll 1", data: { choice: 2 }, answer: { ok: true } });
  assert.equal(note(), "We have your answer. You can change it.");
});

test("an answer that came too late is taken back to what counted before, and said", async () => {
  await choose(0);
  kept.answer = { ok: false, error: "The question is closed." };
  await choose(2);
  assert.deepEqual([note(), checked()], ["The question is closed. Your answer was not counted.", "0"]);
});

test("one that was refused after it had waited counts for nothing", async () => {
  kept.answer = { ok: false, away: true };
  await choose(2);
  went({ key: "poll 1", data: { choice: 2 }, answer: { ok: false, error: "Too late." } });
  assert.deepEqual([note(), checked()], ["Too late. Your answer was not counted.", null]);
});

test("an answer to another question is none of this one's", () => {
  went({ key: "poll 9", data: { choice: 2 }, answer: { ok: true } });
  assert.equal(checked(), null);
});

test("a new question begins with no answer", async () => {
  await choose(1);
  link.state.poll = poll({ id: "2", question: "And the walk?" });
  card.draw();
  assert.deepEqual([checked(), document.getElementById("poll-title").textContent], [null, "And the walk?"]);
});

test("nobody reads a picture before it is told, and a closed question says why there is none", () => {
  assert.match(note(), /We show the counts from 5 answers\. You never have to answer\.$/);
  link.state.poll = poll({ open: false });
  card.draw();
  assert.equal(note(), "This question is closed. There were too few answers to show.");
  assert.equal(document.querySelectorAll("#poll-options input:disabled").length, 3);
  link.state.poll = poll({ open: false, told: { answered: 5, counts: [3, 2, 0] } });
  card.draw();
  assert.equal(note(), "This question is closed.");
  assert.equal(document.querySelector("#poll-told h3").textContent, "First 5 answers");
});

test("an open question can be put away only once it is answered, and stays away", async () => {
  const close = document.getElementById("poll-close");
  assert.equal(close.hidden, true);
  await choose(1);
  assert.equal(close.hidden, false);
  press(close);
  card.draw();
  assert.equal(document.getElementById("poll").hidden, true);
});

test("a question of an earlier part leaves a button, which brings it back until the next part", () => {
  const shown = () => [...document.getElementById("poll").children].filter((one) => !one.hidden).map((one) => one.id);
  const whole = ["poll-title", "poll-options", "poll-note", "poll-told"];
  document.getElementById("poll").scrollIntoView = () => {};
  assert.deepEqual(shown(), whole);
  document.querySelector("#poll-options input").focus();
  for (const index of [1, 2]) {
    link.state.section = { index };
    card.draw();
    assert.deepEqual([shown(), document.activeElement.id], [["poll-open"], "poll-open"]);
    press(document.getElementById("poll-open"));
    card.draw();
    assert.deepEqual([shown(), document.activeElement.value], [whole, "0"]);
  }
  link.state.section = { index: 3 };
  card.draw();
  link.state.poll = poll({ id: "2" });
  card.draw();
  assert.deepEqual(shown(), whole);
});

test("the counts are shown with their words, and nobody's name", () => {
  const rows = [...bars({ answered: 5, counts: [3, 0, 2] }, ["Good", "Fine", "Poor"]).children];
  assert.deepEqual(
    rows.map((row) => row.textContent),
    ["Good3 of 5", "Fine0 of 5", "Poor2 of 5"],
  );
  assert.deepEqual(
    rows.map((row) => row.querySelector("progress").getAttribute("value")),
    ["3", "0", "2"],
  );
});
